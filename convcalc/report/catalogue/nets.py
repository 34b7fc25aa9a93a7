"""The list of bundled nets."""

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count
from convcalc.shapes import written
from convcalc.spec.load import load

_COLUMNS = (
    Column("name"),
    Column("input"),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("source", rank=1, least=24),
)


def catalogue(palette: Palette) -> str:
    """One line a net, with its totals and its source."""
    rows = []
    for name in zoo.names():
        network = load(f"{name}.yaml", zoo.read(name))
        totals = analyze(network).totals
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
