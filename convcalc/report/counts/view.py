"""What is said of a net's counts: who prints what, what that is made of, and what is not known."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.printed import printed, printed_bytes
from convcalc.counting.record import Convention
from convcalc.counting.tally import Counter, Note, ToolCount
from convcalc.network.record import INPUT
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette
from convcalc.shapes import written

if TYPE_CHECKING:  # bundled nets are looked through by `identify` alone
    from convcalc.counting.identify import NetMatch

#: Said once wherever counts are shown.
STYLE = "counted as if every layer were its own module"


class PrintedLine(NamedTuple):
    """Conventions that agree: what they print, in full, and what that is made of."""

    names: tuple[str, ...]
    printed: str
    operations: int | None
    made_of: str


class Figure(NamedTuple):
    """A number of parameters or bytes, who prints it, and what it is."""

    text: str
    names: tuple[str, ...]
    remark: str


class Remark(NamedTuple):
    """A note on layers that tools count in silence, or wrongly."""

    names: tuple[str, ...]
    text: str
    layers: tuple[str, ...]


class Counts(NamedTuple):
    """A net as tools count it."""

    title: str
    macs: int | None
    of: str
    """The kinds that have multiply-accumulates."""
    lines: tuple[PrintedLine, ...]
    params: tuple[Figure, ...]
    memory: tuple[Figure, ...]
    notes: tuple[Remark, ...]


class IdentifiedView(NamedTuple):
    """What `identify` shows: the nets that have all figures; else those that come closest."""

    figures: tuple[str, ...]
    fits: "tuple[NetMatch, ...]"
    close: "tuple[NetMatch, ...]"


def counted(analysis: Analysis, conventions: tuple[Convention, ...]) -> tuple[ToolCount, ...]:
    """The counts of a net by several conventions."""
    counter = Counter(analysis)
    return tuple(counter.count(convention) for convention in conventions)


def view(analysis: Analysis, counts: tuple[ToolCount, ...]) -> Counts:
    """What there is to say about the counts of a net."""
    return Counts(
        title(analysis),
        analysis.totals.macs,
        joined([*dict.fromkeys(row.step.kind for row in analysis.rows if row.macs)] or ["nothing"]),
        _lines(counts),
        _params(analysis, counts),
        _memory(counts),
        remarks(counts),
    )


def title(analysis: Analysis) -> str:
    """The net and what it was counted on."""
    inputs = [row.step for row in analysis.rows if row.step.kind == INPUT]
    shapes = ", ".join(written(step.output) if step.output else "?" for step in inputs)
    return f"input {shapes}, batch 1, eval"


def head_lines(name: str, analysis: Analysis, palette: Palette) -> list[str]:
    """The net's name and what it was counted on, on two lines where one is too short."""
    first, *rest = hung("", f"{name}  {title(analysis)}", palette.width, 0)
    return [first.replace(name, palette.paint(name, "title"), 1), *rest]


def remarks(counts: tuple[ToolCount, ...]) -> tuple[Remark, ...]:
    """The notes of several counts; what several tools do alike is said once."""
    groups: dict[Note, list[str]] = {}
    for count in counts:
        for note in count.notes:
            groups.setdefault(note, []).append(count.convention.label)
    return tuple(Remark(tuple(names), *note) for note, names in groups.items())


def made_of(count: ToolCount) -> str:
    """``M + 53,120 batch_norm + 1,000 bias``, the largest part first."""
    if count.operations is None:
        if count.unknown:
            return f"unknown: {joined(count.unknown)}"
        return "no count of operations" if count.convention.operations is None else "unknown"
    text = "M" if count.factor == 1 else f"{count.factor}M"
    for what, more in sorted(count.parts.items(), key=lambda part: -abs(part[1])):
        text += f" {'+' if more > 0 else '-'} {abs(more):,} {what}"
    return text


def as_printed(count: ToolCount) -> str:
    """What the tool prints; a question mark where that is unknown."""
    if count.operations is None:
        return "" if count.convention.operations is None else "?"
    return printed(count.operations, count.convention.printed)


def joined(words: list[str] | tuple[str, ...]) -> str:
    """Words with commas, and ``and`` before the last.

    >>> joined(["conv", "depthwise_conv", "fc"])
    'conv, depthwise_conv and fc'
    """
    return " and ".join([", ".join(words[:-1]), *words[-1:]] if words[1:] else words)


def _lines(counts: tuple[ToolCount, ...]) -> tuple[PrintedLine, ...]:
    """Equal figures together, the smallest first, what is unknown last."""
    groups: dict[tuple[int | None, str, str], list[str]] = {}
    for count in counts:
        if count.convention.operations is not None:
            key = (count.operations, as_printed(count), made_of(count))
            groups.setdefault(key, []).append(count.convention.label)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] is None, group[0][0] or 0))
    return tuple(
        PrintedLine(tuple(names), text, operations, parts)
        for (operations, text, parts), names in ordered
    )  # fmt: skip


def _params(analysis: Analysis, counts: tuple[ToolCount, ...]) -> tuple[Figure, ...]:
    groups: dict[int, list[str]] = {}
    for count in counts:
        if count.params is not None:
            groups.setdefault(count.params, []).append(count.convention.label)
    totals = analysis.totals
    found: dict[int, str] = {}
    if totals.params is not None and totals.buffers:
        found[totals.params + totals.buffers] = (
            f"and {totals.buffers:,} running means and variances"
        )
    return tuple(
        Figure(f"{number:,}", tuple(names), found.get(number, ""))
        for number, names in sorted(groups.items())
    )


def _memory(counts: tuple[ToolCount, ...]) -> tuple[Figure, ...]:
    found = []
    for count in counts:
        memory = count.convention.memory
        if memory is not None and count.memory is not None:
            unit = " (1 MB = 2^20 bytes)" if memory.unit == "MiB" else ""
            remark = f"{memory.says}{unit}: {memory.rule}"
            text = printed_bytes(count.memory, memory)
            found.append(Figure(text, (count.convention.label,), remark))
    return tuple(found)
