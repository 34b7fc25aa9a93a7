"""How the receptive field grows on the way from the input to a layer, step by step."""

from convcalc.analysis import receptive
from convcalc.analysis.record import Analysis, Row, Sight
from convcalc.explain.record import Line, Section
from convcalc.layers.base import Rational, Reach, counted
from convcalc.shapes import axis_names

_HEAD, _TAIL = 6, 14  #: a longer way is told from both its ends


def field(analysis: Analysis, index: int) -> Section | None:
    """The growth of the receptive field up to a layer; None where it sees no positions."""
    row = analysis.rows[index]
    if not row.sight:
        return None
    axes = axis_names(len(row.sight))
    alike = len(set(row.sight)) == 1
    lines: list[Line] = []
    for axis in range(1 if alike else len(axes)):
        steps = _growth(analysis, index, axis)
        if not alike:
            lines.append(Line("", f"{axes[axis]}:"))
        if len(steps) > _HEAD + _TAIL + 1:
            left = len(steps) - _HEAD - _TAIL
            steps = [*steps[:_HEAD], Line("...", f"{left} more layers"), *steps[-_TAIL:]]
        lines += steps
    lines += [Line("", _summary(axes[i], sight, alike)) for i, sight in enumerate(row.sight)][
        : 1 if alike else None
    ]
    numbers = {
        "size": [sight.size for sight in row.sight],
        "stride": [_number(sight.stride) for sight in row.sight],
        "padding": [_number(sight.padding) for sight in row.sight],
    }
    return Section("receptive field", tuple(lines), numbers)


def _growth(analysis: Analysis, index: int, axis: int) -> list[Line]:
    """A line for each layer on the way that widens the field or thins out its positions."""
    lines: list[Line] = []
    at: int | None = index
    while at is not None:
        row = analysis.rows[at]
        sources = receptive.aligned(analysis.network, row.step) or list(row.step.inputs)
        sources = [i for i in sources if len(analysis.rows[i].sight) == len(row.sight)]
        if not sources:
            if row.step.kind == "input":
                lines.append(Line(row.step.name, "1: each position sees itself"))
            break
        source = max(sources, key=lambda i: analysis.rows[i].sight[axis].size)
        before = analysis.rows[source].sight[axis]
        if len(sources) > 1:
            lines.append(Line(row.step.name, _branches(analysis, row, sources, axis)))
        else:
            reach = _reach(row, axis)
            if reach is not None and reach != Reach():
                lines.append(Line(row.step.name, _step(before, reach, row.sight[axis])))
        at = source
    return lines[::-1]


def _reach(row: Row, axis: int) -> Reach | None:
    layer = row.step.layer
    reaches = layer.reach(row.inputs, row.step.size) if layer else ()
    return reaches[axis] if len(reaches) == len(row.sight) else None


def _step(before: Sight, reach: Reach, after: Sight) -> str:
    text = str(after.size)
    if reach.extent > 1 and after.size == before.size + (reach.extent - 1) * before.stride:
        text = f"{before.size} + ({reach.extent} - 1)*{_written(before.stride)} = {after.size}"
    elif reach.extent > 1:  # behind a layer that enlarges, or in it: not a sum, but a count
        apart = _written(before.stride)
        text = f"{after.size}, the most that {reach.extent} positions {apart} apart see"
    if reach.step != 1:
        stride, step = _written(before.stride), _written(reach.step)
        text += f", stride {stride}*{step} = {_written(after.stride)}"
    return text


def _branches(analysis: Analysis, row: Row, sources: list[int], axis: int) -> str:
    """All branches of a merge with what they see; the largest counts."""
    seen = [
        f"{analysis.rows[i].step.name.rsplit('.', 1)[-1]} {analysis.rows[i].sight[axis].size}"
        for i in dict.fromkeys(sources)
    ]
    return f"{row.sight[axis].size}, the largest of {', '.join(seen)}"


def _summary(axis: str, sight: Sight, alike: bool) -> str:
    where = "" if alike else f"{axis}: "
    most = "at most " if len({last - first for first, last in sight.fields}) > 1 else ""
    text = f"{where}an output sees {most}{counted(sight.size, 'input position')}"
    if alike:
        text += " on every axis"
    if sight.size > 1 or sight.stride != 1:
        text += (
            f"; neighbours lie {_written(sight.stride)} apart; "
            f"the first starts {_written(sight.padding)} before the edge"
        )
    return text


def _written(value: Rational) -> str:
    return str(value) if value.denominator == 1 else f"({value})"


def _number(value: Rational) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
