"""`convcalc identify FIGURE...`: which bundled nets have the figures that somebody quotes."""

import click

from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.output import Output, output_options
from convcalc.study.counts import identified

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
def command(figures: tuple[str, ...], counted_as: str | None, out: Output) -> None:
    """Name the bundled nets that have all these figures, and by which counting convention.

    A FIGURE is a number of operations or parameters such as 4.12G or 25.6M, or bytes such as 98MB.
    """
    from convcalc.report.counts import answer as report

    if len(figures) > _MOST:
        raise click.UsageError(f"{len(figures)} figures: at most {_MOST} at once")
    fits, close = identified(figures, conventions(counted_as or "all", False, out))
    if out.format == "json":
        out.write(report.identified_json(figures, fits, close))
    else:
        out.write(report.identified_text(figures, fits, close, out.palette()))
