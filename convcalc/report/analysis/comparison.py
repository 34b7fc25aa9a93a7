"""Several nets side by side: one row a net."""

from convcalc.analysis.record import Analysis
from convcalc.memory.summary import Memory
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


def comparison(analyses: list[Analysis], memories: list[Memory | None], palette: Palette) -> str:
    """A table of totals; `training` is the peak of a training step."""
    exact = palette.width is None or palette.width >= 110
    rows = []
    for analysis, memory in zip(analyses, memories, strict=True):
        totals = analysis.totals
        numbers = (totals.activations, totals.params, totals.macs)
        rows.append(
            (
                analysis.network.name or analysis.network.source.path,
                written(analysis.output) if analysis.output else "?",
                f"{totals.layers:,}",
                *("?" if n is None else f"{n:,}" if exact else count(n) for n in numbers),
                size(memory.training.peak) if memory and memory.training else "?",
            )
        )
    lines = lay_out(_COLUMNS, rows, palette)
    return "\n".join(lines) + "\n"
