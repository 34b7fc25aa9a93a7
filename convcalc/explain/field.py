"""How the receptive field grows on the way from the input to a layer, step by step."""

from convcalc.analysis import receptive
from convcalc.analysis.density import positions_read
from convcalc.analysis.record import Analysis, ReceptiveField, Row
from convcalc.explain.record import Fact, Section
from convcalc.layers.field_step import FieldStep, Rational
from convcalc.quantity import counted
from convcalc.shapes import axis_names

_HEAD, _TAIL = 6, 14  #: of a longer path both ends are shown


def field(analysis: Analysis, index: int) -> Section | None:
    """The growth of the receptive field up to a layer; None where it sees no positions."""
    row = analysis.rows[index]
    if not row.receptive_field:
        return None
    axes = axis_names(len(row.receptive_field))
    alike = len(set(row.receptive_field)) == 1
    read = [positions_read(analysis.rows, index, axis) for axis in range(len(axes))]
    several = [_several(row, axis) for axis in range(len(axes))]
    if alike:  # one line for all axes
        several = [any(several)] * len(axes)
    lines: list[Fact] = []
    for axis in range(1 if alike else len(axes)):
        steps = _growth(analysis, index, axis)
        if not alike:
            lines.append(Fact("", f"{axes[axis]}:"))
        if len(steps) > _HEAD + _TAIL + 1:
            left = len(steps) - _HEAD - _TAIL
            steps = [*steps[:_HEAD], Fact("...", f"{left} more layers"), *steps[-_TAIL:]]
        lines += steps
    lines += [
        Fact("", _summary(axes[i], field, alike, read[i], several[i]))
        for i, field in enumerate(row.receptive_field)
    ][: 1 if alike else None]
    numbers = {
        **receptive.numbers(row.receptive_field),
        "positions_read": read,
    }
    return Section("receptive field", tuple(lines), numbers)


def _growth(analysis: Analysis, index: int, axis: int) -> list[Fact]:
    """A line for each layer on the way that widens the field or thins out its positions."""
    lines: list[Fact] = []
    at: int | None = index
    while at is not None:
        row = analysis.rows[at]
        sources = receptive.aligned(analysis.network, row.step) or list(row.step.inputs)
        sources = [
            i for i in sources if len(analysis.rows[i].receptive_field) == len(row.receptive_field)
        ]
        if not sources:
            if row.step.kind == "input":
                lines.append(Fact(row.step.name, "1: each position sees itself"))
            break
        source = max(sources, key=lambda i: analysis.rows[i].receptive_field[axis].size)
        before = analysis.rows[source].receptive_field[axis]
        if len(sources) > 1:
            lines.append(Fact(row.step.name, _branches(analysis, row, sources, axis)))
        else:
            step = _field_step(row, axis)
            if step is not None and step != FieldStep():
                lines.append(Fact(row.step.name, _step(before, step, row.receptive_field[axis])))
        at = source
    return lines[::-1]


def _field_step(row: Row, axis: int) -> FieldStep | None:
    layer = row.step.layer
    steps = layer.receptive_field_step(row.inputs, row.step.size) if layer else ()
    return steps[axis] if len(steps) == len(row.receptive_field) else None


def _step(before: ReceptiveField, step: FieldStep, after: ReceptiveField) -> str:
    text = str(after.size)
    if step.extent > 1 and after.size == before.size + (step.extent - 1) * before.stride:
        text = f"{before.size} + ({step.extent} - 1)*{_written(before.stride)} = {after.size}"
    elif step.extent > 1:  # after a layer that enlarges, or in it: not a sum, but a count
        apart = _written(before.stride)
        text = f"{after.size}, the most that {step.extent} positions {apart} apart see"
        if after.is_estimate:
            text = f"about {after.size}: {step.extent} positions {apart} apart, not followed singly"
    if step.stride != 1:
        product = f"{_written(before.stride)}*{_written(step.stride)}"
        text += f", stride {product} = {_written(after.stride)}"
    return text


def _branches(analysis: Analysis, row: Row, sources: list[int], axis: int) -> str:
    """All branches of a merge with what they see: mostly the largest field holds all others."""
    branches = [analysis.rows[i] for i in dict.fromkeys(sources)]
    names = _told_apart([row.step.name for row in branches])
    sizes = [row.receptive_field[axis].size for row in branches]
    seen = [f"{name} {size}" for name, size in zip(names, sizes, strict=True)]
    size, of = row.receptive_field[axis].size, "the largest of"
    if size > max(sizes):
        of = "from the first to the last position that they see, which is not the same:"
    return f"{size}, {of} {', '.join(seen)}"


def _told_apart(names: list[str]) -> list[str]:
    """Names without their blocks, but for those that are called alike in several."""
    short = [name.rsplit(".", 1)[-1] for name in names]
    return [one if short.count(one) == 1 else name for one, name in zip(short, names, strict=True)]


def _several(row: Row, axis: int) -> bool:
    """Whether a layer has more than one position on an axis: neighbours."""
    output = row.step.output or ()
    return len(output) > len(row.receptive_field) and output[axis] > 1


def _summary(axis: str, field: ReceptiveField, alike: bool, read: int | None, several: bool) -> str:
    where = "" if alike else f"{axis}: "
    most = "at most " if len({last - first for first, last in field.fields}) > 1 else ""
    most = "about " if field.is_estimate else most
    text = f"{where}an output sees {most}{counted(field.size, 'input position')}"
    if alike:
        text += " on every axis"
    if read is not None and read < field.size:
        text += f" and reads {read} of them"
    if several and (field.size > 1 or field.stride != 1):
        text += f"; neighbours lie {_written(field.stride)} apart; the first starts {_start(field)}"
    elif field.size > 1:
        text += f"; it starts {_start(field)}"
    return text


def _start(field: ReceptiveField) -> str:
    """Where the field of the first output starts."""
    first = field.ends(0)[0]
    if not first:
        return "at the edge"
    return f"{abs(first)} {'before' if first < 0 else 'behind'} the edge"


def _written(value: Rational) -> str:
    return str(value) if value.denominator == 1 else f"({value})"
