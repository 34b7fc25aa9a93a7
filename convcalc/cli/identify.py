"""`convcalc identify FIGURE...`: which bundled nets have the figures that somebody quotes."""

import click

from convcalc import zoo
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.output import Output, output_options
from convcalc.findings import plain
from convcalc.report.formats import formats
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
@output_options(formats("identify"))
def command(figures: tuple[str, ...], counted_as: str | None, out: Output) -> None:
    """Name the bundled nets that have all these figures, and by which counting convention.

    A FIGURE is a number of operations or parameters such as 4.12G or 25.6M, or bytes such as 98MB.
    """
    if len(figures) > _MOST:
        raise click.UsageError(f"{len(figures)} figures: at most {_MOST} at once")
    if len(figures) > 1 and (net := next((one for one in figures if _is_net(one)), "")):
        figure = next((one for one in figures if one != net), "4.12G")
        asked = f"`convcalc explain {plain(net)} {plain(figure)}`"
        raise click.UsageError(f"{plain(net)} is a net: {asked} says who prints that figure of it")
    fits, close = identified(figures, conventions(counted_as or "all", False, out))
    from convcalc.report.counts.view import IdentifiedView  # loads what --help has no use for

    out.show("identify", IdentifiedView(figures, fits, close))


def _is_net(word: str) -> bool:
    """Whether a word names a bundled net or a file of one, and is no figure."""
    return zoo.find(word) is not None or word.lower().endswith((".yaml", ".yml"))
