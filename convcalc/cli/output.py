"""Where results go and how they look there: colour, width and files, decided once."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from convcalc.report.palette import Palette

Command = TypeVar("Command", bound=Callable[..., Any])


def failed(message: str) -> click.ClickException:
    """What could not be done, for one line on stderr and exit code 2."""
    return click.ClickException(message)


def output_options(formats: tuple[str, ...]) -> Callable[[Command], Command]:
    """--format, -o, --color and -q."""

    def decorate(function: Command) -> Command:
        for option in reversed(
            (
                click.option(
                    "--format",
                    "format_",
                    type=click.Choice(formats),
                    default=formats[0],
                    envvar="CONVCALC_FORMAT",
                    show_default=True,
                    help="What to write.",
                ),
                click.option(
                    "-o",
                    "--output",
                    metavar="FILE",
                    help="Write to a file instead, whole or not at all.",
                ),
                click.option(
                    "--color",
                    type=click.Choice(("auto", "always", "never")),
                    default="auto",
                    help="Colour; auto heeds NO_COLOR, FORCE_COLOR and the terminal.",
                ),
                click.option("-q", "--quiet", is_flag=True, help="Print nothing, only exit."),
            )
        ):
            function = option(function)
        return function

    return decorate


def palette(color: str, output: str | None) -> "Palette":
    """How to write to stdout, or to a file."""
    from convcalc.report.palette import Palette

    terminal = output is None and sys.stdout.isatty()
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Palette(
        _coloured(color, terminal),
        output is not None or encoding.startswith("utf"),
        _width(terminal),
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


def _width(terminal: bool) -> int | None:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    if not terminal:
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        return 80


def write(text: str, output: str | None) -> None:
    """Print the text, or put it into a file whole: written beside it, then renamed."""
    if output is None:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(text)
        return
    import tempfile  # these two cost 8 ms of start-up, and most runs print
    from pathlib import Path

    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a FIFO is not to be replaced
            return
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            os.chmod(beside, path.stat().st_mode & 0o777 if path.exists() else _mode())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise failed(f"cannot write {output}: {error.strerror}") from error


def _mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
