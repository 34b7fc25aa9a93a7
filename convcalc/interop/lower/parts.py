"""Which part of an array layers read: slimmable nets take the first filters of a larger weight."""

from typing import NamedTuple

from convcalc.interop.lower.contents import VIEWS
from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.shapes import Shape, elements


class Part(NamedTuple):
    """What a view holds of an array."""

    name: str
    """The array."""
    places: tuple[range, ...]
    """The places on each axis of the array beyond which the view has none of its numbers."""
    axes: tuple[int, ...] | None
    """The array's axis that each axis of the view is; None where they were reshaped."""
    most: int
    """How many of the array's numbers it has at most."""


class Parts:
    """What was read of each array, view by view."""

    def __init__(self) -> None:
        #: by the id of each tensor itself, so that the id stays its own, and its part
        self.known: dict[int, tuple[Tensor, Part | None]] = {}
        #: of each array the parts that were read, by their content; None: it may be all
        self.read: dict[str, dict[int, Part] | None] = {}

    def add(self, name: str, content: int, tensor: Tensor) -> None:
        """A layer reads an array, or what is made of it."""
        part, read = self.part(tensor), self.read.setdefault(name, {})
        if part is None or part.name != name:
            self.read[name] = None
        elif read is not None:
            read[content] = part

    def part(self, tensor: Tensor) -> Part | None:
        """The part that a view has of one array; None of anything else."""
        way: list[Tensor] = []
        at: Tensor | None = tensor
        while at is not None and id(at) not in self.known:
            way.append(at)
            op = at.maker
            at = op.inputs[0] if op is not None and op.kind in VIEWS and op.inputs else None
        found = None if at is None else self.known[id(at)][1]
        for one in reversed(way):
            found = _array(one) if one.maker is None else _after(one.maker, found, one)
            self.known[id(one)] = one, found
        return found

    def lacks(self, name: str, shape: Shape) -> bool:
        """Whether some numbers of an array are surely in no part that was read."""
        read = self.read.get(name)
        if not read or any(len(part.places) != len(shape) for part in read.values()):
            return False
        if sum(part.most for part in read.values()) < elements(shape):
            return True
        axes = zip(*(part.places for part in read.values()), strict=True)
        return any(_covered(places) < size for places, size in zip(axes, shape, strict=True))


def _array(tensor: Tensor) -> Part | None:
    if len(tensor.sources) != 1 or tensor.shape is None:
        return None
    (name,), shape = tensor.sources, tensor.shape
    return Part(name, tuple(map(range, shape)), tuple(range(len(shape))), elements(shape))


def _after(op: Op, part: Part | None, made: Tensor) -> Part | None:
    """The part that is left by an operation on a view."""
    if part is None or op.kind not in VIEWS or made.shape is None:
        return None
    if op.kind == "slice" and "axis" in op.attrs:
        part = _sliced(part, op.attrs["axis"], range(*(op.attrs[n] for n in _RANGE)))
    elif op.kind == "transpose" and "perm" in op.attrs and part.axes is not None:
        part = part._replace(axes=tuple(part.axes[axis] for axis in op.attrs["perm"]))
    elif op.kind not in {"identity", "cast"}:
        part = part._replace(axes=None)
    return part._replace(most=min(part.most, elements(made.shape)))


_RANGE = ("start", "stop", "step")


def _sliced(part: Part, axis: int, taken: range) -> Part:
    """A part with fewer places on one axis; between steps it counts all of them."""
    if part.axes is None or not taken:
        return part
    own = part.axes[axis]
    first, last = min(taken[0], taken[-1]), max(taken[0], taken[-1])
    places = (*part.places[:own], part.places[own][first : last + 1], *part.places[own + 1 :])
    return part._replace(places=places)


def _covered(places: tuple[range, ...]) -> int:
    """How many places are in at least one of some ranges.

    >>> _covered((range(4), range(2, 6), range(7, 8)))
    7
    """
    count = end = 0
    for one in sorted(places, key=lambda one: one.start):
        count += max(one.stop - max(one.start, end), 0)
        end = max(end, one.stop)
    return count
