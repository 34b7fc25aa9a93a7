"""One output of a layer: the slice of its input that makes it, as NumPy writes it.

The form is that of the CS231n notes (Convolutional Layer, Numpy examples):
``V[2,3,1] = np.sum(X[4:9,6:11,:] * W1) + b1``, with X padded already.
"""

from typing import Any

from convcalc.analysis.beyond import Beyond, beyond
from convcalc.analysis.depends import depends_on
from convcalc.analysis.numpy_lines.places import joined
from convcalc.analysis.numpy_lines.table import notes, numpy_line
from convcalc.analysis.numpy_lines.windows import padding, pads
from convcalc.analysis.numpy_lines.written import Position
from convcalc.analysis.record import Analysis, Row
from convcalc.explain.layer import NoLayerError
from convcalc.explain.record import Fact, Section
from convcalc.explain.same_number import followed, is_upper_bound
from convcalc.layers.traits import Places
from convcalc.network.record import INPUT
from convcalc.quantity import counted
from convcalc.shapes import axis_names, written


def parse_position(text: str) -> Position | None:
    """``2,3,1`` as indices of an output; None where it is something else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 11 for part in parts):
        return None
    return tuple(map(int, parts))


def at_position(analysis: Analysis, index: int, position: Position) -> Section:
    """The section on one output of the layer at this position of an analysis.

    Raises:
        NoLayerError: the layer has no such output, or no size.
    """
    row = analysis.rows[index]
    output = row.step.output
    if output is None:
        raise NoLayerError(f"{row.step.name} cannot be sized: `convcalc check` says why")
    indices = ",".join(map(str, position))
    if len(position) != len(output):
        example = ",".join(str(size - 1) for size in output)
        text = f"an output of {row.step.name} has {len(output)} indices, as {example}"
        raise NoLayerError(f"{text}: got {indices}")
    for place, size in zip(position, output, strict=True):
        if place >= size:
            text = f"{row.step.name} makes {written(output)}: an index goes to {size - 1}"
            raise NoLayerError(f"{text}, got {place} in {indices}")
    lines: list[Fact] = []
    line = numpy_line(row, position)
    if line:
        lines.append(Fact("NumPy", line))
        around = padding(row)
        if around:
            sides = ", ".join(map(str, pads(row)))
            value = "" if around == "0" else f", constant_values={around}"
            lines.append(Fact("", f"X is the padded input: np.pad(x, [{sides}, (0, 0)]{value})"))
        lines += [Fact("", note) for note in notes(row, line)]
    branch = _branch(analysis, row, position)
    if branch:
        lines.append(Fact("" if line else "from", branch))
    read, fields = _field(analysis, index, position)
    numbers: dict[str, Any] = {"position": list(position)}
    if len(fields) == 1:
        (numbers["field"],) = fields.values()
    if sum(step.kind == INPUT for step in analysis.network.steps) > 1 and fields:
        numbers["fields"] = fields
    return Section(f"the output [{indices}]", (*lines, *read), numbers)


def _branch(analysis: Analysis, row: Row, position: Position) -> str:
    """Of a concat, which of its inputs has the number; '' for other layers."""
    layer = row.step.layer
    if layer is None or layer.places is not Places.JOINED:
        return ""
    number, there = joined(row.inputs, position)
    source = analysis.rows[row.step.inputs[number]].step
    first = position[-1] - there[-1]
    last = first + row.inputs[number][-1] - 1
    which = f"channels {first}..{last} are" if last > first else f"channel {first} is"
    where = ",".join(map(str, there))
    return f"{which} what {source.name} makes: this is its [{where}]"


def _field(
    analysis: Analysis, index: int, position: Position
) -> tuple[list[Fact], dict[str, list[int]]]:
    """What of each input an output depends on: in words, and first and last an axis."""
    fields = analysis.rows[index].receptive_field
    inputs = {i: step for i, step in enumerate(analysis.network.steps) if step.kind == INPUT}
    images = {i: step.output or () for i, step in inputs.items()}
    if all(len(image) == 1 for image in images.values()):
        whole = " and ".join(map(written, images.values()))
        what = "input" if len(images) == 1 else "inputs"
        verb = "has" if len(images) == 1 else "have"
        return [Fact(what, f"the net's {what}, {whole}, {verb} one position")], {}
    images = {i: image for i, image in images.items() if len(image) == len(fields) + 1}
    if not fields or not images:
        return [], {}
    source, position = followed(analysis, index, position)
    places = position if len(position) == len(fields) + 1 else (0,) * len(fields)  # a vector's
    found = depends_on(analysis, source, [range(at, at + 1) for at in places[: len(fields)]])
    most = "at most " if is_upper_bound(analysis, source) else ""
    several = len(inputs) > 1
    beyond = [Fact("", text) for text in _beyond(analysis, source)]
    lines: list[Fact] = []
    numbers: dict[str, list[int]] = {}
    for i, image in images.items():
        ends = found.get(i)
        if ends is None or any(one.first > one.last for one in ends):
            continue
        axes = zip(axis_names(len(ends)), ends, strict=True)
        where = ", ".join(f"{axis} {one.first}..{one.last}" for axis, one in axes)
        about = most or ("" if all(one.exact for one in ends) else "about ")
        whole = written(image) if not several else f"{written(image)}, {inputs[i].name}"
        label = "input" if not lines else ""
        lines.append(Fact(label, f"depends on {about}{where} of the net's {whole}"))
        numbers[inputs[i].name] = [place for one in ends for place in (one.first, one.last)]
    if not lines:
        whole = " and ".join(map(written, images.values()))
        lines.append(Fact("input", f"reads padding alone, nothing of the net's {whole}"))
    return [*lines, *beyond], numbers


_BEYOND = {
    Beyond.STATISTICS: "and on the rest of it by the mean and the variance in {}",
    Beyond.GATE: "and, by the gate in {}, on what the gate sees",
    Beyond.COPIED: "and on what {} copies into its padding",
    Beyond.DRAWN: "or on positions beside these, where {} draws other regions",
}


def _beyond(analysis: Analysis, index: int) -> list[str]:
    """What an output may depend on outside of its field: a sentence a reason."""
    found = beyond(analysis.network, index)
    return [_BEYOND[reason].format(_first(names)) for reason, names in found.items()]


def _first(names: list[str]) -> str:
    return names[0] + (f" and {counted(len(names) - 1, 'more layer')}" if names[1:] else "")
