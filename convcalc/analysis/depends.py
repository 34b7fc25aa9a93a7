"""What of the net's input one output depends on: its field, cut at the borders of all volumes.

A field may reach over the border of a volume between, into padding that depends on nothing, or to
positions that no window reads. So an output is followed back layer by layer.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from convcalc.analysis.receptive import aligned
from convcalc.analysis.record import Analysis
from convcalc.layers.field_step import FieldStep
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
    cut_before: bool = False
    """Whether a volume on the way begins behind the first position that is asked for."""
    cut_behind: bool = False
    """Whether one ends before the last that is asked for."""

    @property
    def cut(self) -> bool:
        """Whether it is less than the field: a volume's border lies in between."""
        return self.cut_before or self.cut_behind


def depends(
    analysis: Analysis, index: int, places: Sequence[Positions], copies: bool = True
) -> tuple[Depends, ...]:
    """Follow outputs of the layer at `index` back to the net's one input.

    The arguments are those of `depends_on`.
    """
    found, nothing = _followed(analysis, index, places, copies)
    return next(iter(found.values()), nothing)


def depends_on(
    analysis: Analysis, index: int, places: Sequence[Positions], copies: bool = True
) -> dict[int, tuple[Depends, ...]]:
    """Follow outputs of the layer at `index` back to the inputs: their places on each axis.

    What is read on one axis alone, and nothing on another, is not read.

    Args:
        analysis: of the net.
        index: the layer.
        places: of the outputs, on each axis.
        copies: whether what a pad copies into its sides counts.

    Returns:
        For each input that something is read of, by its step.
    """
    return _followed(analysis, index, places, copies)[0]


def _followed(
    analysis: Analysis, index: int, places: Sequence[Positions], copies: bool
) -> tuple[dict[int, tuple[Depends, ...]], tuple[Depends, ...]]:
    """What is read of each input, and what says that nothing is."""
    axes = len(places)
    found: dict[int, tuple[Depends, ...]] = {}
    wanted: dict[int, tuple[Positions, ...]] = {index: tuple(places)}
    exact, before, behind = ([given] * axes for given in (True, False, False))
    for at in range(index, -1, -1):
        row, positions = analysis.rows[at], wanted.pop(at, ())
        if not positions:
            continue
        if row.step.kind == INPUT:
            known = zip(map(_ends, positions), exact, before, behind, strict=True)
            found[at] = tuple(Depends(*ends, *more) for ends, *more in known)
            continue
        layer = row.step.layer
        steps = layer.receptive_field_step(row.inputs, row.step.size) if layer else ()
        if len(steps) != axes:
            steps = (FieldStep(),) * axes
        mode = layer.__dict__.get("mode") if layer and copies else None
        for axis, step in enumerate(steps):
            whole = step.stride.denominator == step.begin.denominator == 1
            exact[axis] &= bool(step.fields) or whole
        for source in aligned(analysis.network, row.step) or row.step.inputs:
            shape = analysis.rows[source].step.output or ()
            sizes = shape[:-1] if len(shape) == axes + 1 else (1,) * axes
            for axis, (step, some) in enumerate(zip(steps, positions, strict=True)):
                first, last = _asked_for(step, some)
                before[axis] |= first < 0
                behind[axis] |= last >= sizes[axis]
            read = tuple(
                _copied(some, int(step.begin), size, mode == "edge")
                if mode in _COPIED
                else _stretch_read_by(step, some, size)
                if isinstance(some, range)
                else read_by(step, some, size)
                for step, some, size in zip(steps, positions, sizes, strict=True)
            )
            if all(read):
                other = wanted.get(source) or ((),) * axes
                wanted[source] = tuple(map(joined, other, read))
    flags = zip(exact, before, behind, strict=True)
    return found, tuple([Depends(0, -1, *more) for more in flags])


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
    if isinstance(one, range) and isinstance(other, range):
        (first, begin), (last, end) = sorted((each[0], each[-1]) for each in (one, other))
        if last <= begin + 1 and one.step == other.step == 1:
            return range(first, max(begin, end) + 1)
    if len(one) + len(other) > _MOST:
        both = (*_ends(one), *_ends(other))
        return range(min(both), max(both) + 1)
    return {*one, *other}


@lru_cache(maxsize=1024)
def _stretch_read_by(step: FieldStep, outputs: range, size: int) -> Positions:
    """`read_by` of all outputs of a stretch: what is followed place by place asks for it again."""
    return read_by(step, outputs, size)


def read_by(step: FieldStep, outputs: Positions, size: int) -> Positions:
    """The positions of an input of this size that some outputs of a layer read."""
    if not step.stride:
        return _read(step, 0, size)
    if isinstance(outputs, range) and _side_by_side(step):
        first, last = (int(output * step.stride - step.begin) for output in _ends(outputs))
        return range(max(first, 0), min(last + step.extent, size))
    taps = max(step.extent // step.apart, 1)
    if len(outputs) * taps <= _MOST:
        places = {place for output in outputs for place in _read(step, output, size)}
        alone = not places or max(places) - min(places) >= len(places)
        return places if alone else range(min(places), max(places) + 1)
    first, last = _ends(outputs)
    if not step.fields:  # those whose window lies in the padding read nothing
        first = max(first, int(-((step.extent - 1 - step.begin) // step.stride)))
        last = min(last, int((size - 1 + step.begin) // step.stride))
    further = max(len(step.fields), int(step.extent // step.stride) + 1)
    upwards = _outermost((_read(step, o, size) for o in range(first, last + 1)), further)
    downwards = _outermost((_read(step, o, size) for o in range(last, first - 1, -1)), further)
    return joined(upwards, downwards)


def _side_by_side(step: FieldStep) -> bool:
    """Whether neighbouring outputs read a stretch without gaps."""
    whole = step.stride.denominator == step.begin.denominator == 1
    return whole and not step.fields and step.apart == 1 and step.stride <= step.extent


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


def _asked_for(step: FieldStep, outputs: Positions) -> tuple[int, int]:
    """The first and the last position that some outputs of a layer ask for, padding included."""
    if len(outputs) > _LOOKED_AT or not step.fields:
        outputs = _ends(outputs)
    asked = [(first, last) for first, last in map(step.window, outputs) if first <= last]
    return min((first for first, _ in asked), default=0), max((at for _, at in asked), default=0)


def _read(step: FieldStep, output: int, size: int) -> range:
    """What one output reads of an input of this size, without its padding."""
    first, last = step.window(output)
    first += -(min(first, 0) // step.apart) * step.apart
    return range(first, min(last, size - 1) + 1, step.apart)
