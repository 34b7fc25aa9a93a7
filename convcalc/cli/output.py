"""Where results go and how they look there: colour, width and files, decided once."""

import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO

import click

from convcalc.cli.gather import WIDEST_CHOICE, Command, Decorator, Once, OneOf, gathered
from convcalc.cli.links import written_file
from convcalc.cli.streams import columns_asked, drained, tell
from convcalc.escape import plain, plain_report
from convcalc.records import NamedTuple

if TYPE_CHECKING:
    from convcalc.report.drawing.palette import Palette
    from convcalc.study.errors import RequestError


def failed(message: str) -> click.ClickException:
    """What could not be done, for one line on stderr and exit code 2."""
    return click.ClickException(plain(message))


class Output(NamedTuple):
    """What to write, where and how it looks there."""

    format: str = "text"
    file: str | None = None
    color: str = "auto"
    quiet: bool = False

    @property
    def silent(self) -> bool:
        """Whether nothing is wanted: a file that is asked for is written, however quiet."""
        return self.quiet and self.file is None

    def palette(self, stream: TextIO | None = None) -> "Palette":
        """How to write to the file, or to stdout or another stream."""
        return palette(self.color, self.file if stream is None else None, stream)

    def tell(self, text: str) -> None:
        """A remark for people, one line on stderr; none if nothing is to be printed."""
        if not self.quiet:
            tell(text)

    def write(self, text: str, exact: bool = False) -> None:
        """Put the text where it is wanted; nowhere if nothing is."""
        if not self.silent:
            write(text, self.file, commands=self.format == "github", exact=exact)

    def show(self, command: str, view: object) -> None:
        """Write what a command says, in the format asked for."""
        if not self.silent:
            from convcalc.report.formats import rendered_parts

            parts = rendered_parts(command, self.format, view, self.palette())
            write_parts(parts, self.file, commands=self.format == "github")

    def write_bytes(self, data: bytes) -> None:
        """Put bytes into the file, whole or not at all."""
        if self.file is not None:
            write_file(data, self.file)


_FILE = click.option(
    "-o", "--output", "file", cls=Once, metavar="FILE", callback=written_file,
    help="Write to a file instead, whole or not at all.",
)  # fmt: skip


def output_options(formats: tuple[str, ...], by_name: bool = False) -> Callable[[Command], Command]:
    """--format, -o, --color and -q, as the argument `out`.

    `by_name`: the command looks at the file's name itself where no format is chosen.
    """

    def output(format: str, file: str | None, color: str, quiet: bool) -> Output:
        if file is not None and not (by_name and format == formats[0]):
            from convcalc.cli.endings import suited  # most runs print

            suited(file, format, others=formats)
        return Output(format, file, color, quiet)

    listed = len("|".join(formats)) > WIDEST_CHOICE
    words = f"Format of the output: {', '.join(formats)}." if listed else "Format of the output."
    return _guarded(
        output,
        click.option(
            "--format", type=OneOf(formats), default=formats[0], metavar="NAME" if listed else None,
            envvar="CONVCALC_FORMAT", show_default=True, help=words,
        ),
        _FILE,
        click.option(
            "--color", type=OneOf(("auto", "always", "never")), default="auto",
            help="Colour; auto obeys NO_COLOR, FORCE_COLOR and the terminal.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print nothing; files of -o are written."),
    )  # fmt: skip


def file_option(function: Command) -> Command:
    """-o alone, as the argument `out`."""
    return _guarded(Output, _FILE)(function)


def _guarded(record: Callable[..., Output], *options: Decorator) -> Callable[[Command], Command]:
    """Options of a command that `study` may refuse: with one line, or with findings."""

    def decorate(function: Command) -> Command:
        @wraps(function)
        def command(*args: Any, out: Output, **kwargs: Any) -> Any:
            from convcalc.study.errors import NetError, RequestError  # not for --help

            try:
                if out.file is not None:
                    from convcalc.study.same_file import refuse_same_file

                    refuse_same_file(out.file, [*args, kwargs])
                return function(*args, out=out, **kwargs)
            except NetError as error:
                from convcalc.cli.faulty import faulty

                raise faulty(error, out) from error
            except RequestError as error:
                raise failed(request_text(error)) from error

        return gathered("out", record, *options)(command)  # type: ignore[return-value]

    return decorate


def request_text(error: "RequestError") -> str:
    """One line for a request that could not be answered."""
    from convcalc.study.errors import ShortageError

    if isinstance(error, ShortageError):
        from convcalc.report.verify.text import shortage_text

        return shortage_text(error.shortage)
    return str(error)


def palette(color: str, output: str | None, stream: TextIO | None = None) -> "Palette":
    """How to write to stdout or another stream, or to a file."""
    from convcalc.report.drawing.palette import Palette

    stream = stream or sys.stdout
    terminal = output is None and stream.isatty()
    encoding = (stream.encoding or "ascii").lower().replace("-", "")
    return Palette(
        _coloured(color, terminal),
        output is not None or encoding.startswith("utf"),
        _width(terminal, stream),
    )


def _coloured(color: str, terminal: bool) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    force = os.environ.get("FORCE_COLOR", "")
    if force:
        return force != "0"
    return terminal and os.environ.get("TERM") != "dumb"


def _width(terminal: bool, stream: TextIO) -> int | None:
    columns = columns_asked()
    if columns:
        return columns
    if not terminal:
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


def write(text: str, output: str | None, commands: bool = False, exact: bool = False) -> None:
    """Print the text, or put it into a file whole: written beside it, then renamed.

    Args:
        text: what to write.
        output: the file's name; None for standard output.
        commands: whether it holds commands of GitHub's that are meant.
        exact: whether it is a file's text, to be printed as it is.
    """
    if output is not None:
        write_file(text.encode("utf-8"), output)
    elif exact:
        _print((text,))
    else:
        write_parts((text,), None, commands)


def write_spec(text: str, output: str | None) -> None:
    """Print a spec, or make a file of it; says so where a file with other content is replaced."""
    replaced = False
    if output is not None:
        from convcalc.whole_file import would_lose

        replaced = would_lose(output, text.encode("utf-8"))
    write(text, output, exact=True)
    if replaced:
        tell(f"Note: {output} had other content, which was replaced")


def write_parts(parts: Iterable[str], output: str | None, commands: bool = False) -> None:
    """The same for a text in parts, each of whole lines: all of it is never there at once."""
    if output is not None:
        _write_file((part.encode("utf-8") for part in parts), output)
    else:
        _print(plain_report(part, commands) for part in parts)


def _print(parts: Iterable[str]) -> None:
    with drained():
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        for part in parts:
            sys.stdout.write(part)


def write_file(data: bytes, output: str) -> None:
    """Put bytes into a file whole: written beside it, then renamed."""
    _write_file((data,), output)


def _write_file(parts: Iterable[bytes], output: str) -> None:
    from convcalc.whole_file import whole_file  # 8 ms of start-up, and most runs print

    try:
        with whole_file(output) as file:
            for part in parts:
                file.write(part)
    except OSError as error:
        raise failed(f"cannot write {output}: {error.strerror}") from error
