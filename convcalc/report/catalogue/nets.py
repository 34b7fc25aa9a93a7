"""The list of bundled nets."""

from collections.abc import Iterable

from convcalc.analysis.record import Analysis
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count
from convcalc.shapes import written

_COLUMNS = (
    Column("name"),
    Column("input"),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("source", rank=1, least=24),
)


def catalogue(analyses: Iterable[tuple[str, Analysis]], palette: Palette) -> str:
    """One line a net, with its totals and its source."""
    rows = []
    for name, analysis in analyses:
        network, totals = analysis.network, analysis.totals
        shape = network.steps[0].output
        rows.append(
            (
                name,
                written(shape) if shape else "?",
                count(totals.params or 0),
                count(totals.macs or 0),
                network.origin,
            )
        )
    lines = lay_out(_COLUMNS, rows, palette)
    return "\n".join(lines) + "\n"
