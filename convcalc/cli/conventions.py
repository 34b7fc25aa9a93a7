"""--as: the counting conventions that a command line names, read when they are asked for."""

import sys
from typing import IO, TYPE_CHECKING, Any

import click

from convcalc.cli.gather import Once
from convcalc.cli.output import Output, failed

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class FileRefusedError(click.ClickException):
    """The findings of a user's own convention: nothing could be counted, so exit code 2."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr, color=True)  # its colours are decided


#: --as NAME[,NAME...], as the argument `counted_as`.
as_option = click.option(
    "--as",
    "counted_as",
    cls=Once,
    metavar="NAME,...",
    help="Count as other tools do: fvcore, thop, ptflops@0.6, ./mine.yaml, or all.",
)


def conventions(words: str | None, trusted: bool, out: Output) -> "tuple[Convention, ...]":
    """The conventions that ``--as`` names; raises a one-line error where there is no such one."""
    if words is None:
        return ()
    from convcalc.study.counts import ConventionFileError, conventions
    from convcalc.study.errors import RequestError

    try:
        return conventions(words, trusted)
    except ConventionFileError as error:
        from convcalc.report.findings.text import findings_text
        from convcalc.source import Source

        sources = {error.path: Source(error.path, error.text)}
        text = findings_text(error.findings, sources, out.palette(sys.stderr))
        raise FileRefusedError(text.rstrip("\n")) from error
    except RequestError as error:
        raise failed(f"--as: {error}") from error
