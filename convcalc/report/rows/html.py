"""The rows of a sweep as a page for a browser: scatter, parallel coordinates, filters, table."""

from convcalc import __version__
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.page.document import document
from convcalc.report.rows.view import RowsView

_SCRIPTS = (
    "numbers", "dom", "table", "sweep", "canvas", "scatter", "parallel", "filters", "frame", "rows",
)  # fmt: skip


def render(view: RowsView, palette: Palette = PLAIN) -> str:
    """The page."""
    data = {
        "convcalc": __version__,
        "title": view.title,
        "names": view.table.names,
        "numbers": view.numbers,
        "objectives": [tuple(one) for one in view.objectives],
        "rejected": sorted(view.rejected),
        "rows": view.table.rows,
    }
    return document(view.title, data, _SCRIPTS)
