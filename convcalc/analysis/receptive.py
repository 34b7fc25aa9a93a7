"""Receptive fields: what a layer sees of the input (Araujo et al. 2019, distill.pub).

A layer whose window spans `extent` inputs widens the field by (extent - 1) * stride, where stride
is the effective stride so far, and multiplies that stride by its own step. Branches are joined in
`convcalc.analysis.merged_fields`. After a layer that enlarges, neighbouring outputs see differently
much, with a period: there the fields of one whole period are followed, and the largest is reported.
Normalisation counts as pointwise and a 1x1xC gate as a factor: what is read from the whole image to
scale whole channels is not part of the field of a position.
"""

from functools import lru_cache
from math import gcd

from convcalc.analysis.record import ReceptiveField
from convcalc.layers.field_step import LONGEST_PERIOD, FieldStep, Rational
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape

ReceptiveFields = tuple[ReceptiveField, ...]


def numbers(fields: ReceptiveFields) -> dict[str, list[int | float] | list[int] | list[bool]]:
    """Fields by their names in JSON, a number an axis; `estimated` only where one of them is."""
    found: dict[str, list[int | float] | list[int] | list[bool]] = {
        "size": [field.size for field in fields],
        "stride": [_as_number(field.stride) for field in fields],
        "padding": [_as_number(field.padding) for field in fields],
    }
    if any(field.is_estimate for field in fields):
        found["estimated"] = [field.is_estimate for field in fields]
    return found


def _as_number(value: Rational) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def start(axes: int) -> ReceptiveFields:
    """The field of an input: each position sees itself."""
    return (ReceptiveField(1, 1, 0),) * axes


#: Fields of single outputs that all layers of a net may keep together, some 70 MB.
_MOST_KEPT = 2**19

_SHORTEST_LIMIT = 64


def longest_followed(layers: int) -> int:
    """The longest period that is followed in a net of so many layers, each of which keeps one."""
    return max(_SHORTEST_LIMIT, min(LONGEST_PERIOD, _MOST_KEPT // max(layers, 1)))


def widened(
    fields: ReceptiveFields,
    steps: tuple[FieldStep, ...],
    outputs: Shape,
    longest: int = LONGEST_PERIOD,
) -> ReceptiveFields:
    """The field after a layer with so many outputs an axis; one on a vector leaves it as it is.

    Periods of outputs that see differently much are followed up to the `longest`.
    """
    if len(steps) != len(fields):
        return fields
    found: list[ReceptiveField] = []
    before: tuple[ReceptiveField, FieldStep, int] | None = None
    for axis, (field, step) in enumerate(zip(fields, steps, strict=True)):
        count = outputs[axis] if axis < len(outputs) else 1
        if before is None or field is not before[0] or (step, count) != before[1:]:
            found.append(_widened(field, step, count, longest))
            before = field, step, count
        else:  # the axes of a layer are mostly alike: one record for both
            found.append(found[-1])
    return tuple(found)


def _widened(field: ReceptiveField, step: FieldStep, outputs: int, longest: int) -> ReceptiveField:
    if not field.stride:  # all positions see the same, whichever of them are read
        return field
    if type(field.stride) is not int or step.fields or field.fields:
        return _by_period(field, step, outputs, longest)
    return ReceptiveField(
        field.size + (step.extent - 1) * field.stride,
        field.stride * step.stride,
        field.padding + step.begin * field.stride,
        is_estimate=field.is_estimate,
    )


@lru_cache(maxsize=64)  # the axes of a layer are mostly alike
def _by_period(
    field: ReceptiveField, step: FieldStep, outputs: int, longest: int
) -> ReceptiveField:
    """The field where either side treats its outputs differently: one whole period of them."""
    from fractions import Fraction  # costs start-up, and few nets enlarge

    stride = field.stride * step.stride
    centre = field.centre + field.stride * (step.extent - 1 - 2 * step.begin)
    seen = field.fields or ((-field.padding, field.size - 1 - field.padding),)
    read = step.fields or ((-step.begin, step.extent - 1 - step.begin),)
    advance = step.stride * len(read)  # of the layer's input, a period of the layer
    further = field.stride * len(seen)  # of the net's input, a period of what is seen
    whole = all(n.denominator == 1 for n in (advance, further, *seen[0], *read[0]))
    repeats = len(seen) // gcd(len(seen), int(advance))
    too_long = not whole or repeats * len(read) > longest
    if too_long or field.is_estimate:  # about that
        size = field.size + (step.extent - 1) * _whole(field.stride)
        return ReceptiveField(size, stride, Fraction(size - 1 - centre) / 2, is_estimate=True)

    apart, onward = step.apart, int(further)
    sees = tuple((int(first), int(last)) for first, last in seen)
    most = 1 if _in_order(sees, onward) else len(sees) // gcd(len(sees), apart)
    fields = tuple(
        _hull(sees, onward, range(int(first) + start, int(last) + start + 1, apart), most)
        for start in (turn * int(advance) for turn in range(repeats))  # all the same at stride 0
        for first, last in read
    )
    sizes = [last - first + 1 for first, last in fields]
    size = max(sizes[:outputs]) or max(sizes)
    if len(fields) == 1 and size:
        return ReceptiveField(size, int(stride), -fields[0][0])
    return ReceptiveField(size, stride, Fraction(size - 1 - centre) / 2, fields)


def _hull(
    sees: tuple[tuple[int, int], ...], onward: int, read: range, most: int
) -> tuple[int, int]:
    """From where to where several positions see; the last before the first where they see nothing.

    `sees` is one period of what a position sees, the next one `onward` further. The taps of a
    dilated transposed convolution leave gaps: there a position may see nothing, or further than
    the next one does, so a whole period at either end, `most` positions, is looked at.
    """
    length = len(sees)
    found = [
        (sees[place % length], place // length * onward)
        for place in (*read[:most], *read[-most:])
        if sees[place % length][0] <= sees[place % length][1]
    ]
    if not found:
        return 0, -1
    return min(one[0] + shift for one, shift in found), max(one[1] + shift for one, shift in found)


def _in_order(sees: tuple[tuple[int, int], ...], onward: int) -> bool:
    """Whether each position sees something, and no less far than the one before it."""
    first, last = sees[0]
    following = (*sees[1:], (first + onward, last + onward))
    steps = zip(sees, following, strict=True)
    return first <= last and all(a <= c <= d and b <= d for (a, b), (c, d) in steps)


def beyond_a_point(steps: tuple[FieldStep, ...]) -> tuple[FieldStep, ...]:
    """The steps of a layer, or none where it reads one position alone on every axis."""
    return () if all(map(_POINT.__eq__, steps)) else steps


_POINT = FieldStep()


def _whole(stride: Rational) -> int:
    """A stride as whole input positions, rounded up."""
    return -(-stride.numerator // stride.denominator)


def aligned(network: Network, step: Step) -> list[int]:
    """The inputs of a merge that lie position on position: all but gates."""
    output = step.output
    steps = network.steps
    if output is None or len(output) < 2:
        return list(step.inputs)
    return [i for i in step.inputs if (steps[i].output or ())[:-1] == output[:-1]]
