"""Nets as a page for a browser."""

from convcalc import __version__
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.page.document import document
from convcalc.report.page.layout import GEOMETRY
from convcalc.report.page.net import net_object
from convcalc.report.page.svg import COLOURS
from convcalc.report.page.view import PageView
from convcalc.study.errors import RequestError

#: The scripts of a page on nets, in the order in which they are joined.
NETS = (
    "numbers", "dom", "model", "layout", "graph", "table", "layers", "memory", "squares", "treemap",
    "field", "panels", "frame", "nets",
)  # fmt: skip
#: How many layers all nets of a page have at most: more than that no browser scrolls well.
MOST_LAYERS = 20_000


def render(view: PageView, palette: Palette = PLAIN) -> str:
    """The page of one net or several.

    Raises:
        RequestError: there are more layers than a page can show.
    """
    layers = sum(len(outcome.network.steps) for outcome in view.outcomes)
    if layers > MOST_LAYERS:
        raise RequestError(
            f"{layers:,} layers and inputs are more than a page can show: {MOST_LAYERS:,} at most; "
            "`convcalc analyze --format csv` writes tables of any length"
        )
    nets = [
        net_object(outcome, net, view.scale, view.expand, run)
        for outcome, net, run in zip(view.outcomes, view.nets, view.measured, strict=True)
    ]
    data = {"convcalc": __version__, "geometry": GEOMETRY, "colours": COLOURS, "nets": nets}
    return document(", ".join(net["title"] for net in nets), data, NETS)
