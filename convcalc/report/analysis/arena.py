"""The planned arena of a forward pass: its size, its bound, where every volume lies."""

from convcalc.analysis.record import Analysis
from convcalc.memory.folding import flash_words, weight_bytes
from convcalc.report.analysis.planned import planned
from convcalc.report.drawing.columns import Column, hung, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import percent, size

_COLUMNS = (
    Column("volume of", least=16),
    Column("offset", right=True),
    Column("bytes", right=True),
    Column("until", least=16, is_name=True),
)
_MANY = 60


def arena_text(analysis: Analysis, palette: Palette) -> list[str]:
    """A headline and a table; of many volumes the largest."""
    arena, less = planned(analysis)
    names = [row.step.name for row in analysis.rows]
    over = arena.size - arena.bound
    tight = (
        "no plan is smaller"
        if not over
        else f"{percent(over, arena.bound)} over the {size(arena.bound)} that live at once"
    )
    by_size = (
        "" if arena.by_size == arena.size else f"; greedy by size alone: {size(arena.by_size)}"
    )
    settings, parameters = analysis.settings, weight_bytes(analysis)
    lines = [
        f"{arena.size:,} bytes ({size(arena.size)}) hold every "
        f"volume of inference, batch {settings.batch}, {settings.dtype}",
        f"{tight}{by_size}",
        f"weights apart: {parameters:,} bytes ({size(parameters)}){flash_words(analysis)}; "
        "kernels' scratch not counted",
    ]
    if less.size < arena.size:
        lines.append(
            f"an option of some runtimes: {less.size:,} bytes ({size(less.size)}), where depthwise "
            "convolutions of stride 1 overwrite their input"
        )
    heads = ["arena  ", *[" " * 7] * (len(lines) - 1)]
    lines = [
        line
        for head, text in zip(heads, lines, strict=True)
        for line in hung(head, text, palette.width, painted=palette.paint(head, "bold"))
    ]
    places = sorted(arena.places, key=lambda p: -p.size)[:_MANY]
    rows = [
        (names[p.step], f"{p.offset:,}", f"{p.size:,}", names[p.last])
        for p in sorted(places, key=lambda p: p.step)
    ]
    lines += ["", *lay_out(_COLUMNS, rows, palette)]
    if len(arena.places) > _MANY:
        lines.append(f"the {_MANY} largest of {len(arena.places)}; --format json has them all")
    return lines
