"""The receptive field behind branches (Araujo et al. 2019, "Arbitrary computation graphs").

Mostly the field of one branch holds those of all others, and is that of the merge. Branches that
see shifted places (uneven padding, a crop of one pixel) make a field that is larger than all.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from math import lcm
from operator import and_, or_

from convcalc.analysis.receptive import ReceptiveFields
from convcalc.analysis.record import ReceptiveField
from convcalc.layers.field_step import LONGEST_PERIOD, Rational
from convcalc.network.record import INPUT, Network
from convcalc.shapes import Shape

_MOST_BITS = 64  #: inputs that are told from each other


def merged(
    branches: list[ReceptiveFields], outputs: Shape, longest: int = LONGEST_PERIOD
) -> ReceptiveFields:
    """The field of several branches that lie position on position, axis by axis.

    Of branches whose positions lie differently far apart it is about what the widest of the outputs
    sees; where a period is too long to be followed, it is the largest.

    Args:
        branches: the fields of each, of one input of the net.
        outputs: how many positions the merge has on each axis.
        longest: the longest period that is followed.
    """
    first = branches[0]
    if all(fields == first for fields in branches):
        return first
    counts = (*outputs, *(1 for _ in first))
    return tuple(_merged(axis, counts[i], longest) for i, axis in enumerate(_axes(branches)))


class Branches:
    """The fields of branches where they meet, while a net is walked: one input's are joined.

    Positions of several inputs are not of one axis: of those the largest field counts.
    """

    def __init__(self, network: Network, longest: int) -> None:
        """`longest`: the longest period that is followed."""
        several = sum(step.kind == INPUT for step in network.steps) > 1
        self._inputs = _inputs_of(network) if several else []
        self._longest = longest

    def joined(
        self, sources: list[int], fields: Sequence[ReceptiveFields], outputs: Shape
    ) -> ReceptiveFields:
        """The field of a merge of these steps."""
        branches = [fields[i] for i in sources]
        if self._inputs and not reduce(and_, [self._inputs[i] for i in sources]):
            return tuple(max(axis, key=_size) for axis in _axes(branches))
        return merged(branches, outputs, self._longest)


def _inputs_of(network: Network) -> list[int]:
    """The inputs that each step reads in the end, a bit for each; very many share bits."""
    found: list[int] = []
    inputs = 0
    for step in network.steps:
        bits = reduce(or_, [found[i] for i in step.inputs], 0)
        if step.kind == INPUT:
            bits, inputs = 1 << inputs % _MOST_BITS, inputs + 1
        found.append(bits)
    return found


def _axes(branches: list[ReceptiveFields]) -> Iterator[tuple[ReceptiveField, ...]]:
    """The fields of all branches on each axis, but for those of another rank than the first."""
    return zip(*(one for one in branches if len(one) == len(branches[0])), strict=True)


def _size(field: ReceptiveField) -> int:
    return field.size


def _merged(fields: tuple[ReceptiveField, ...], outputs: int, longest: int) -> ReceptiveField:
    largest = max(fields, key=_size)
    stride = largest.stride
    if any(field.is_estimate or not field.stride for field in fields):
        return largest
    if any(field.stride != stride for field in fields):
        places = range(outputs if outputs <= longest else 0)
        ends = [_hull([field.ends(place) for field in fields]) for place in places]
        size = max([last - first + 1 for first, last in ends], default=largest.size)
        return largest if size <= largest.size else _about(size, stride, largest.centre)
    period = lcm(*(len(field.fields) or 1 for field in fields))
    if period > longest:
        return largest
    if period == 1:
        begin = max(field.padding for field in fields)
        end = max(field.size - field.padding for field in fields)
        same = (begin, end) == (largest.padding, largest.size - largest.padding)
        return largest if same else ReceptiveField(int(begin + end), stride, begin)
    ends = [_hull([field.ends(place) for field in fields]) for place in range(period)]
    if ends == [largest.ends(place) for place in range(period)]:
        return largest
    from fractions import Fraction  # costs start-up, and few nets enlarge

    sizes = [last - first + 1 for first, last in ends]
    size = max(sizes[:outputs]) or max(sizes)
    centres = sum(first + last - 2 * place * stride for place, (first, last) in enumerate(ends))
    return ReceptiveField(size, stride, (size - 1 - Fraction(centres) / period) / 2, tuple(ends))


def _about(size: int, stride: Rational, centre: Rational) -> ReceptiveField:
    """A field whose outputs are not followed singly behind it."""
    from fractions import Fraction

    return ReceptiveField(size, stride, Fraction(size - 1 - centre) / 2, is_estimate=True)


def _hull(ends: list[tuple[int, int]]) -> tuple[int, int]:
    """From where to where something is seen; the last before the first where nothing is."""
    seen = [(first, last) for first, last in ends if first <= last] or ends[:1]
    return min(first for first, _ in seen), max(last for _, last in seen)
