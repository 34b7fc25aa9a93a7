"""What of the net's input one output depends on: its field, cut at the borders of all volumes.

A field may reach over the border of a volume between, into padding that depends on nothing, or to
positions that no window reads. So an output is followed back layer by layer.
"""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from convcalc.analysis.receptive import aligned
from convcalc.analysis.record import Analysis
from convcalc.layers.base import FieldStep, in_period
from convcalc.network.record import INPUT

_MOST = 100_000  #: positions that are followed one by one; of more the first and the last
_LOOKED_AT = 4096  #: outputs that are looked at then for one end

#: modes of a pad that put numbers of its input around it
_COPIED = ("reflect", "edge")

#: Positions of one axis of a volume: those that are read, or all from the first to the last.
Positions = Collection[int]


class Depends(NamedTuple):
    """The positions of the net's input on one axis that one output depends on."""

    first: int
    last: int
    """Before the first where there are none."""
    exact: bool
    """False after periods that are too long to follow: about this then."""


def depends(analysis: Analysis, index: int, place: int, axis: int, axes: int) -> Depends:
    """Follow one output of the layer at `index` back to the input, on one of its `axes` axes."""
    wanted: dict[int, Positions] = {index: {place}}
    exact = True
    for at in range(index, -1, -1):
        row, positions = analysis.rows[at], wanted.pop(at, ())
        if not positions:
            continue
        if row.step.kind == INPUT:
            return Depends(*_ends(positions), exact)
        layer = row.step.layer
        steps = layer.receptive_field_step(row.inputs, row.step.size) if layer else ()
        step = steps[axis] if len(steps) == axes else FieldStep()
        exact &= bool(step.fields) or step.stride.denominator == step.begin.denominator == 1
        for source in aligned(analysis.network, row.step) or row.step.inputs:
            shape = analysis.rows[source].step.output or ()
            size = shape[axis] if len(shape) == axes + 1 else 1
            mode = layer.__dict__.get("mode") if layer else None
            if mode in _COPIED:
                read: Positions = _copied(positions, int(step.begin), size, mode == "edge")
            else:
                read = read_by(step, positions, size)
            wanted[source] = joined(wanted.get(source, ()), read)
    return Depends(0, -1, exact)


def _copied(outputs: Positions, begin: int, size: int, edge: bool) -> Positions:
    """What outputs of a pad read that copies the edge outwards, or mirrors what lies behind it."""
    last = size - 1
    if edge:
        return {min(max(output - begin, 0), last) for output in outputs}
    return {last - abs(last - abs(output - begin)) for output in outputs}


def _ends(positions: Positions) -> tuple[int, int]:
    """The first and the last of some positions; of a range without looking at all of them."""
    if isinstance(positions, range):
        return positions[0], positions[-1]
    return min(positions), max(positions)


def joined(one: Positions, other: Positions) -> Positions:
    """The positions of both."""
    if not one or not other:
        return one or other
    if len(one) + len(other) > _MOST:
        both = (*_ends(one), *_ends(other))
        return range(min(both), max(both) + 1)
    return {*one, *other}


def read_by(step: FieldStep, outputs: Positions, size: int) -> Positions:
    """The positions of an input of this size that some outputs of a layer read."""
    if not step.stride:
        return _read(step, 0, size)
    taps = max(step.extent // step.apart, 1)
    if len(outputs) * taps <= _MOST:
        return {place for output in outputs for place in _read(step, output, size)}
    first, last = _ends(outputs)
    if not step.fields:  # those whose window lies in the padding read nothing
        first = max(first, int(-((step.extent - 1 - step.begin) // step.stride)))
        last = min(last, int((size - 1 + step.begin) // step.stride))
    further = max(len(step.fields), int(step.extent // step.stride) + 1)
    upwards = _outermost((_read(step, o, size) for o in range(first, last + 1)), further)
    downwards = _outermost((_read(step, o, size) for o in range(last, first - 1, -1)), further)
    return joined(upwards, downwards)


def _outermost(reads: Iterable[range], further: int) -> Positions:
    """What the first outputs that read anything read: dilated windows do not begin in order."""
    found: set[int] = set()
    left = further
    for read in islice(reads, _LOOKED_AT):
        left -= bool(found)
        if not left:
            break
        found.update((*read[:1], *read[-1:]))
    return range(min(found), max(found) + 1) if found else found


def _read(step: FieldStep, output: int, size: int) -> range:
    """What one output reads of an input of this size, without its padding."""
    if step.fields:
        first, last = in_period(step.fields, step.stride, output)
    else:
        first = int((output * step.stride - step.begin) // 1)
        last = first + step.extent - 1
    first += -(min(first, 0) // step.apart) * step.apart
    return range(first, min(last, size - 1) + 1, step.apart)
