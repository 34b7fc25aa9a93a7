"""One output of a layer: the slice of its input that makes it, as NumPy writes it.

The form is that of the CS231n notes (Convolutional Layer, Numpy examples):
``V[2,3,1] = np.sum(X[4:9,6:11,:] * W1) + b1``, with X padded already.
"""

from convcalc.analysis.numpy_line import Position, numpy_line, padding
from convcalc.analysis.record import ReceptiveField, Row
from convcalc.explain.layer import NoLayerError
from convcalc.explain.record import Fact, Section
from convcalc.shapes import Shape, axis_names, written


def parse_position(text: str) -> Position | None:
    """``2,3,1`` as indices of an output; None where it is something else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 11 for part in parts):
        return None
    return tuple(map(int, parts))


def at_position(row: Row, image: Shape, position: Position) -> Section:
    """The section on one output of a layer. `image` is the net's input.

    Raises:
        NoLayerError: the layer has no such output, or no size.
    """
    output = row.step.output
    if output is None:
        raise NoLayerError(f"{row.step.name} cannot be sized: `convcalc check` says why")
    indices = ",".join(map(str, position))
    if len(position) != len(output):
        example = ",".join(str(size - 1) for size in output)
        text = f"an output of {row.step.name} has {len(output)} indices, as {example}"
        raise NoLayerError(f"{text}: got {indices}")
    for index, size in zip(position, output, strict=True):
        if index >= size:
            text = f"{row.step.name} makes {written(output)}: an index goes to {size - 1}"
            raise NoLayerError(f"{text}, got {index} in {indices}")
    lines, numbers = [], {"position": list(position)}
    line = numpy_line(row, position)
    if line:
        lines.append(Fact("NumPy", line))
        around = padding(row)
        if around:
            pads = ", ".join(f"({w.begin}, {w.end})" for w in row.step.size.windows)
            value = "" if around == "0" else f", constant_values={around}"
            lines.append(Fact("", f"X is the padded input: np.pad(x, [{pads}, (0, 0)]{value})"))
        if row.step.kind == "conv_transpose":
            lines.append(Fact("", "X is the input with stride - 1 zeros between its numbers and"))
            lines.append(Fact("", "F_eff - 1 - pad around them, see `convcalc demo`"))
    if row.receptive_field and len(row.receptive_field) == len(image) - 1:
        places = position if len(position) == len(image) else (0,) * len(image)  # a vector's
        spans = [
            span(field, index, size)
            for field, index, size in zip(row.receptive_field, places, image, strict=False)
        ]
        axes = axis_names(len(spans))
        told = ", ".join(
            f"{a} {first}..{last}" for a, (first, last) in zip(axes, spans, strict=True)
        )
        lines.append(Fact("input", f"depends on {told} of the net's {written(image)}"))
        numbers["field"] = [number for pair in spans for number in pair]
    return Section(f"the output [{indices}]", tuple(lines), numbers)


def span(field: ReceptiveField, index: int, size: int) -> tuple[int, int]:
    """The first and last input position, counted from 0, that an output depends on."""
    if field.fields:
        period, which = divmod(index, len(field.fields))
        shift = int(field.stride * len(field.fields)) * period
        first, last = (end + shift for end in field.fields[which])
    else:
        first = int(index * field.stride - field.padding)
        last = first + field.size - 1
    return max(first, 0), min(last, size - 1)
