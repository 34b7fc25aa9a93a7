"""The receptive field behind branches (Araujo et al. 2019, "Arbitrary computation graphs").

Mostly the field of one branch holds those of all others, and is that of the merge. Branches that
see shifted places (uneven padding, a crop of one pixel) make a field that is larger than all.
"""

from math import lcm

from convcalc.analysis.receptive import ReceptiveFields
from convcalc.analysis.record import ReceptiveField
from convcalc.layers.field_step import LONGEST_PERIOD
from convcalc.shapes import Shape


def merged(
    branches: list[ReceptiveFields], outputs: Shape, longest: int = LONGEST_PERIOD
) -> ReceptiveFields:
    """The field of several branches that lie position on position, axis by axis.

    Of branches whose positions lie differently far apart, and where a period is too long to be
    followed, it is the largest.

    Args:
        branches: the fields of each.
        outputs: how many positions the merge has on each axis.
        longest: the longest period that is followed.
    """
    first = branches[0]
    same = [fields for fields in branches if len(fields) == len(first)]
    if all(fields == first for fields in same):
        return first
    counts = (*outputs, *(1 for _ in first))
    axes = zip(*same, strict=True)
    return tuple(_merged(axis, counts[i], longest) for i, axis in enumerate(axes))


def _merged(fields: tuple[ReceptiveField, ...], outputs: int, longest: int) -> ReceptiveField:
    largest = max(fields, key=lambda field: field.size)
    stride = largest.stride
    if not stride or any(field.stride != stride or field.is_estimate for field in fields):
        return largest
    period = lcm(*(len(field.fields) or 1 for field in fields))
    if period > longest:
        return largest
    if period == 1:
        begin = max(field.padding for field in fields)
        end = max(field.size - field.padding for field in fields)
        same = (begin, end) == (largest.padding, largest.size - largest.padding)
        return largest if same else ReceptiveField(int(begin + end), stride, begin)
    places = range(period)
    ends = [_hull([field.ends(place) for field in fields]) for place in places]
    if ends == [largest.ends(place) for place in places]:
        return largest
    from fractions import Fraction  # costs start-up, and few nets enlarge

    sizes = [last - first + 1 for first, last in ends]
    size = max(sizes[:outputs]) or max(sizes)
    centres = sum(first + last - 2 * place * stride for place, (first, last) in enumerate(ends))
    return ReceptiveField(size, stride, (size - 1 - Fraction(centres) / period) / 2, tuple(ends))


def _hull(ends: list[tuple[int, int]]) -> tuple[int, int]:
    """From where to where something is seen; the last before the first where nothing is."""
    seen = [(first, last) for first, last in ends if first <= last] or ends[:1]
    return min(first for first, _ in seen), max(last for _, last in seen)
