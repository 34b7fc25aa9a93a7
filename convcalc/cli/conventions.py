"""--as: the counting conventions that a command line names, read when they are asked for."""

import sys
from typing import IO, TYPE_CHECKING, Any

import click

from convcalc.cli.gather import Once
from convcalc.cli.output import Output, failed
from convcalc.files import IrregularFileError, linked_spec, read_at_most
from convcalc.tree.decode import TRUSTED, Limits

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class ConventionFileError(click.ClickException):
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
    from convcalc.counting.known import ConventionError, FileError, chosen

    try:
        return chosen(words, lambda path: _own(path, trusted))
    except ConventionError as error:
        raise failed(f"--as: {error}") from error
    except FileError as error:
        from convcalc.report.findings.text import findings_text
        from convcalc.source import Source

        sources = {error.path: Source(error.path, error.text)}
        text = findings_text(tuple(error.findings), sources, out.palette(sys.stderr))
        raise ConventionFileError(text.rstrip("\n")) from error


def _own(path: str, trusted: bool) -> "Convention":
    """A user's own convention from its file."""
    from convcalc.counting.known import own

    limits = TRUSTED if trusted else Limits()
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        data = read_at_most(path if trusted else linked_spec(path), most)
    except IrregularFileError as error:
        raise failed(f"--as: {path} is no regular file") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise failed(f"--as: cannot read {path}: {why}") from error
    return own(path, data, limits)
