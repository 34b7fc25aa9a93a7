"""`convcalc identify FIGURE...`: which bundled nets have the figures that somebody quotes."""

import click

from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.output import failed, output_options, palette, write

_MOST = 8  #: figures at once


@click.command(
    "identify",
    epilog="""\b
Examples:
  convcalc identify 4.12G 25.6M
  convcalc identify 300M 3.4M
  convcalc identify 98MB --as keras
""",
)
@click.argument("figures", nargs=-1, required=True, metavar="FIGURE...")
@as_option
@output_options(("text", "json"))
def command(
    figures: tuple[str, ...],
    as_: str | None,
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
) -> None:
    """Name the bundled nets that have all these figures, and by which counting convention.

    A FIGURE is a number of operations or parameters such as 4.12G or 25.6M, or bytes such as 98MB.
    """
    from convcalc.counting.figure import FigureError, figure
    from convcalc.counting.identify import identify
    from convcalc.report.counts import answer as report

    if len(figures) > _MOST:
        raise click.UsageError(f"{len(figures)} figures: at most {_MOST} at once")
    try:
        wanted = [figure(text) for text in figures]
    except FigureError as error:
        raise failed(str(error)) from error
    fits, close = identify(wanted, conventions(as_ or "all", False, color))
    texts = tuple(one.text for one in wanted)
    if not quiet:
        if format_ == "json":
            text = report.identified_json(texts, fits, close)
        else:
            text = report.identified_text(texts, fits, close, palette(color, output))
        write(text, output)
