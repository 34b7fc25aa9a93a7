"""Several nets side by side: one row a net."""

from collections.abc import Sequence

from convcalc.report.analysis.view import NetView
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count, size
from convcalc.shapes import written

_COLUMNS = (
    Column("net", least=16),
    Column("output", rank=3),
    Column("layers", right=True, rank=2),
    Column("activations", right=True),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("training", right=True, rank=1),
)


def comparison(nets: Sequence[NetView], palette: Palette) -> str:
    """A table of totals; `training` is the peak of a training step."""
    exact = palette.width is None or palette.width >= 110
    rows = []
    for net in nets:
        analysis, memory = net.analysis, net.memory
        totals = analysis.totals
        numbers = (totals.activations, totals.params, totals.macs)
        rows.append(
            (
                net.name,
                written(analysis.output) if analysis.output else "?",
                f"{totals.layers:,}",
                *("?" if n is None else f"{n:,}" if exact else count(n) for n in numbers),
                size(memory.training.peak) if memory and memory.training else "?",
            )
        )
    lines = lay_out(_COLUMNS, rows, palette)
    return "\n".join(lines) + "\n"
