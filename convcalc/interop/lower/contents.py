"""Which numbers a weight holds, in which order: layers share weights that hold the same."""

from collections.abc import Hashable

from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.shapes import Shape

#: operations that leave all numbers in their order, row by row
_AS_THEY_ARE = frozenset({"identity", "cast", "reshape"})
#: operations that make no numbers of their own: views of what they read
VIEWS = _AS_THEY_ARE | {"transpose", "slice", "expand", "part"}


#: for each tensor that was asked about, by its id: itself, so that the id stays its own, and the
#: answer
_Computed = dict[int, tuple[Tensor, Tensor | None]]


def computed(tensor: Tensor, known: _Computed) -> Tensor | None:
    """The numbers that a weight is a view of, where an operation works them out; else None.

    `known` keeps the answers: many weights may be views of views of one.

    >>> w = Tensor("w", (8,), sources=frozenset({"w"}))
    >>> doubled, turned = Tensor("d", (8,)), Tensor("t", (8, 1))
    >>> made = Op("binary", [w, w], {"f": "add"}, [doubled], "", ""), (
    ...     Op("reshape", [doubled], {}, [turned], "", "")
    ... )
    >>> computed(turned, {}), computed(w, {})
    (Tensor('d', (8,)), None)
    """
    way: list[Tensor] = []
    found: Tensor | None = None
    while tensor.maker is not None:
        if id(tensor) in known:
            found = known[id(tensor)][1]
            break
        way.append(tensor)
        first = next(iter(tensor.maker.inputs), None)
        if tensor.maker.kind not in VIEWS or first is None:
            found = tensor
            break
        tensor = first
    known.update((id(one), (one, found)) for one in way)
    return found


class Contents:
    """A number for each content: two tensors with the same one hold the same numbers, in order."""

    def __init__(self) -> None:
        self.ids: dict[Hashable, int] = {}
        #: what a content that was transposed was before, the axes it had, and their new order
        self.turns: dict[int, tuple[int, Shape, Shape]] = {}
        self.known: dict[int, int] = {}
        self.computed: _Computed = {}
        self.held: list[Tensor] = []

    def of(self, tensor: Tensor) -> int:
        """The content of a tensor, through all that was done to the arrays of the file."""
        waiting = [tensor]
        while waiting:
            at = waiting[-1]
            before = _read_by(at)
            missing = [one for one in before if id(one) not in self.known]
            if id(at) in self.known or not missing:
                waiting.pop()
            if id(at) not in self.known and not missing:
                self.known[id(at)] = self._made(at, [self.known[id(one)] for one in before])
                self.held.append(at)  # an id is another tensor's once this one is gone
            waiting += missing
        return self.known[id(tensor)]

    def turned(self, content: int, shape: Shape, order: Shape) -> int:
        """A content whose axes are put into another order."""
        long = [axis for axis, size in enumerate(shape) if size != 1]
        sizes = tuple(shape[axis] for axis in long)
        moved = tuple(long.index(axis) for axis in order if axis in long)
        if content in self.turns:
            before, was, earlier = self.turns[content]
            if tuple(was[axis] for axis in earlier) == sizes:
                content, sizes, moved = before, was, tuple(earlier[axis] for axis in moved)
        if moved == tuple(range(len(moved))):
            return content
        found = self._id(("transpose", content, sizes, moved))
        self.turns[found] = (content, sizes, moved)
        return found

    def of_array(self, name: str) -> int:
        """The content of an array of the file."""
        return self._id((frozenset({name}),))

    def before(self, content: int) -> int:
        """What a content was before it was transposed."""
        return self.turns[content][0] if content in self.turns else content

    def _made(self, tensor: Tensor, before: list[int]) -> int:
        op = tensor.maker
        if op is None or not before:
            return self._id((tensor.sources, *(() if tensor.sources else _itself(tensor))))
        if op.kind in _AS_THEY_ARE:
            return before[0]
        first = op.inputs[0]
        if op.kind == "transpose" and "perm" in op.attrs and first is not None and first.shape:
            return self.turned(before[0], first.shape, tuple(op.attrs["perm"]))
        said = repr(sorted(op.attrs.items()))
        return self._id((op.kind, said, tuple(before), _which(op, tensor)))

    def _id(self, key: Hashable) -> int:
        return self.ids.setdefault(key, len(self.ids))


def _read_by(tensor: Tensor) -> list[Tensor]:
    return [one for one in tensor.maker.inputs if one is not None] if tensor.maker else []


def _itself(tensor: Tensor) -> tuple[Hashable, ...]:
    """What tells apart a constant of no learned array: its numbers where they are known."""
    return (tensor.value,) if tensor.value is not None else (tensor.name,)


def _which(op: Op, tensor: Tensor) -> int:
    """Which output of an operation a tensor is."""
    return next((i for i, one in enumerate(op.outputs) if one is tensor), 0)
