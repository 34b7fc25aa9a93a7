"""Several nets as VGG's table 1 shows them: a column a net, rows aligned by stage."""

from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.findings import plain
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT
from convcalc.report.analysis.labels import row_label
from convcalc.report.analysis.listing import shown
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.columns import width_of
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import count
from convcalc.shapes import Shape

#: What tells stages apart: the size of their volumes, and whether it is the pool at their end.
Key = tuple[Shape, bool]
_GAP = "  "
_MARGIN = 12


class Stage(NamedTuple):
    """The layers of one net that work on volumes of one size."""

    key: Key
    labels: tuple[str, ...]


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """The table: stages from top to bottom, the totals at the end.

    Layers that work in place are left out; a block is one row. Where the columns do not fit, the
    table goes on below with the next nets.
    """
    nets = [_stages(net) for net in view.nets]
    keys = _merged([[stage.key for stage in stages] for stages in nets])
    columns = [_aligned(stages, keys) for stages in nets]
    heights = [max(len(column[i]) for column in columns) for i in range(len(keys))]
    texts = [
        [net.name]
        + [
            label
            for labels, height in zip(column, heights, strict=True)
            for label in (*labels, *[""] * (height - len(labels)))
        ]
        + _totals(net.analysis)
        for net, column in zip(view.nets, columns, strict=True)
    ]
    margin = ["", *_margin(keys, heights), *_TOTALS]
    starts = [1 + sum(heights[:i]) for i in range(len(heights) + 1)]
    rules = [at for at, (_, pool) in zip(starts, [*keys, ((), False)], strict=True) if not pool]
    return "\n".join(_tables(margin, texts, rules, palette)) + "\n"


_TOTALS = ("weight layers", "params", "MACs", "activations")


def _totals(analysis: Analysis) -> list[str]:
    totals = analysis.totals
    weighted = sum(
        row.step.layer is not None and bool(row.parameters and row.parameters.weights)
        for row in analysis.rows
    )
    numbers = (totals.params, totals.macs, totals.activations)
    return [str(weighted), *("?" if n is None else count(n) for n in numbers)]


def _stages(net: NetView) -> list[Stage]:
    """The layers in order, grouped by the size of their volumes."""
    analysis = net.analysis
    if any(row.step.units for row in analysis.rows):
        pairs: list[tuple[Key, str]] = [
            (
                ((line.output or ())[:-1], False),
                f"{line.copies} x {line.what}" if line.copies > 1 else line.what,
            )
            for line in net.lines()
            if line.what and (line.broken or not line.in_place)
        ]
    else:
        rows = [row for row in shown(analysis) if row.step.kind != INPUT]
        pairs = [(_key(row), row_label(row)) for row in rows]
    return [
        Stage(key, tuple(label for _, label in group))
        for key, group in groupby(pairs, key=lambda pair: pair[0])
    ]


def _key(row: Row) -> Key:
    layer, output = row.step.layer, row.step.output
    if layer is not None and layer.family is Family.POOL and row.inputs:
        return row.inputs[0][:-1], True
    return (output or ())[:-1], False


def _merged(lists: list[list[Key]]) -> list[Key]:
    """One order of stages that holds that of every net, equal ones once."""
    merged: list[Key] = []
    for keys in lists:
        new: list[Key] = []
        matcher = SequenceMatcher(None, merged, keys, autojunk=False)
        for _, start, end, first, last in matcher.get_opcodes():
            same = merged[start:end] == keys[first:last]
            new += merged[start:end] if same else [*merged[start:end], *keys[first:last]]
        merged = new
    return merged


def _aligned(stages: list[Stage], keys: list[Key]) -> list[tuple[str, ...]]:
    """The labels of a net for each of the merged stages, none where it has no such stage."""
    found: list[tuple[str, ...]] = []
    waiting = list(stages)
    for key in keys:
        if waiting and waiting[0].key == key:
            found.append(waiting.pop(0).labels)
        else:
            found.append(())
    return found


def _margin(keys: list[Key], heights: list[int]) -> list[str]:
    lines: list[str] = []
    before: Shape | None = None
    for (spatial, _), height in zip(keys, heights, strict=True):
        label = "x".join(map(str, spatial)) if spatial != before else ""
        lines += [label, *[""] * (height - 1)]
        before = spatial
    return lines


def _tables(
    margin: list[str], texts: list[list[str]], rules: list[int], palette: Palette
) -> list[str]:
    """The columns that fit beside each other, the rest in further tables."""
    first = max(map(len, margin))
    widths = [max(width_of(plain(text)) for text in column) for column in texts]
    lines: list[str] = []
    start = 0
    while start < len(texts):
        end, used = start, first
        while end < len(texts) and (
            end == start or palette.width is None or used + len(_GAP) + widths[end] <= palette.width
        ):
            used += len(_GAP) + widths[end]
            end += 1
        rule = ("\u2500" if palette.unicode else "-") * used
        lines += [""] if lines else []
        for number in range(len(margin)):
            if number in rules:
                lines.append(rule)
            if number and not any(column[number] for column in (margin, *texts[start:end])):
                continue  # a row of nets in another table
            cells = [f"{margin[number]:{first}}"]
            for column, width in zip(texts[start:end], widths[start:end], strict=True):
                text = plain(column[number])
                cells.append(text + " " * (width - width_of(text)))
            line = _GAP.join(cells).rstrip()
            lines.append(palette.paint(line, "bold") if not number else line)
        start = end
    return lines
