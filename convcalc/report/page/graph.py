"""The graph in a line: layers from left to right, blocks as one box or opened, skips as arcs.

What is drawn where is decided here: the SVG, and the page's script, only lay boxes side by side.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from math import log2, sqrt

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT
from convcalc.records import NamedTuple
from convcalc.shapes import Shape

_TALL = 140  #: of the largest volume
_WIDE = 38  #: of the most channels
_SLIM = 7  #: of layers that change no shape
_VECTOR = 10  #: width of a vector, whose numbers go up
_LEAST = 10
_HIGHEST = 24  #: levels of arcs

#: What a family is drawn as.
LOOKS = {
    Family.CONVOLUTION: "conv",
    Family.TRANSPOSED_CONVOLUTION: "conv",
    Family.POOL: "pool",
    Family.POOL_TO_SIZE: "pool",
    Family.FULLY_CONNECTED: "fc",
    Family.NORM: "norm",
    Family.SCALE: "norm",
    Family.ACTIVATION: "act",
    Family.DROPOUT: "drop",
    Family.MERGE: "merge",
    Family.REARRANGEMENT: "move",
}
_SLIM_LOOKS = {"norm", "act", "drop"}
BLOCK, FAULT = "block", "fault"


class Box(NamedTuple):
    """The front of a volume, in pixels: positions go up, channels to the right."""

    width: int
    height: int


class Unit(NamedTuple):
    """A block call: drawn as one box, or opened."""

    name: str
    children: "tuple[int | Unit, ...]"
    """Layers by their position in the network, and the calls inside."""
    open: bool

    @property
    def last(self) -> int:
        """The layer that makes its output."""
        end = self.children[-1]
        return end.last if isinstance(end, Unit) else end


Node = int | Unit


class Scale(NamedTuple):
    """What sizes of boxes are relative to: the largest volume of a net."""

    side: int
    channels: int

    def box(self, shape: Shape | None, look: str) -> Box:
        """The box of a volume that a layer makes."""
        if shape is None:
            return Box(_WIDE // 2, _TALL // 3)
        many = log2(1 + shape[-1]) / log2(1 + self.channels)
        if len(shape) == 1:
            return Box(_VECTOR, round(_LEAST + (_TALL / 2 - _LEAST) * many))
        height = max(round(_TALL * sqrt(max(shape[:-1]) / self.side)), _LEAST)
        return Box(_SLIM if look in _SLIM_LOOKS else max(round(_WIDE * many), _SLIM), height)


def scale(analyses: Sequence[Analysis]) -> Scale:
    """One scale for the volumes of several nets."""
    shapes = [row.step.output or () for analysis in analyses for row in analysis.rows]
    sides = [side for shape in shapes for side in shape[:-1]]
    return Scale(max(sides, default=1), max((shape[-1] for shape in shapes if shape), default=1))


def look(row: Row) -> str:
    """What a layer is drawn as."""
    if row.step.kind == INPUT:
        return INPUT
    layer = row.step.layer
    return FAULT if layer is None or row.step.output is None else LOOKS[layer.family]


def tree(analysis: Analysis, expand: bool = False) -> tuple[Node, ...]:
    """Layers and block calls in order; calls that hold nothing but calls are open.

    Args:
        analysis: of the net.
        expand: open all.
    """
    holders = {row.step.units[-1] for row in analysis.rows if row.step.units}
    steps = [row.step for row in analysis.rows]

    def below(start: int, end: int, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        at = start
        while at < end:
            units = steps[at].units
            if len(units) <= depth:
                found.append(at)
                at += 1
                continue
            name, first = units[depth], at
            while at < end and len(steps[at].units) > depth and steps[at].units[depth] == name:
                at += 1
            inside = below(first, at, depth + 1)
            found.append(Unit(name, inside, expand or name not in holders))
        return tuple(found)

    return below(0, len(steps), 0)


def levels(analysis: Analysis) -> list[int]:
    """How high the arcs to the readers of each layer's output rise; 0 where only the next reads it.

    Short arcs lie under long ones, and no two of different layers overlap on one level, up to a
    number of levels that can be seen.
    """
    reach = [0] * len(analysis.rows)
    for index, row in enumerate(analysis.rows):
        for source in row.step.inputs:
            reach[source] = max(reach[source], index)
    arcs = sorted((end - at, at, end) for at, end in enumerate(reach) if end > at + 1)
    taken: list[list[tuple[int, int]]] = []
    found = [0] * len(reach)
    for _, begin, end in arcs:
        level = next((n for n, row in enumerate(taken) if _is_free(row, begin, end)), len(taken))
        level = min(level, _HIGHEST - 1)
        if level == len(taken):
            taken.append([])
        insort(taken[level], (begin, end))
        found[begin] = level + 1
    return found


def _is_free(taken: list[tuple[int, int]], begin: int, end: int) -> bool:
    """Whether an arc overlaps none on its level; ends may touch."""
    at = bisect_left(taken, (begin, end))
    before = at == 0 or taken[at - 1][1] <= begin
    return before and (at == len(taken) or taken[at][0] >= end)


def short(name: str, inside: str) -> str:
    """A name without that of the call around it."""
    return name[len(inside) + 1 :] if inside and name.startswith(f"{inside}.") else name
