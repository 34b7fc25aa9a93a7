"""The net as nested sequences: layers, merges with branches, calls of blocks, named regions."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.interop.flat import FlatItem
from convcalc.layers.base import Layer
from convcalc.shapes import Shape

Value = int | Shape | tuple[Any, ...]
#: how an element is distinguished from others of its sort: everything but its numbers
Key = tuple[Any, ...]

_LONGEST_HOLE = 3


class Read(NamedTuple):
    """A volume that is read by its name."""

    volume: int | str
    """The node that makes it, -1 for what comes before a region, or an input's name."""


class Slot(NamedTuple):
    """A number of an element that may differ between repetitions of it."""

    role: str
    value: Any
    channels: int
    """Channels of the volume that arrives at its layer."""
    filters: bool = False


class Element(ABC):
    """Something in a sequence."""

    __slots__ = ("_key", "_slots", "channels", "depth", "levels", "nodes")

    def __init__(
        self, nodes: tuple[int, ...], channels: int, depth: int = 0, levels: int = 0
    ) -> None:
        self.nodes = nodes
        #: how many merges are inside each other
        self.depth = depth
        #: how many regions are inside each other
        self.levels = levels
        self.channels = channels
        self._key: Key | None = None
        self._slots: tuple[Slot, ...] | None = None

    @property
    def key(self) -> Key:
        """All but the numbers."""
        if self._key is None:
            self._key = self.make_key()
        return self._key

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The numbers, in order."""
        if self._slots is None:
            self._slots = tuple(self.make_slots())
        return self._slots

    def changed(self) -> None:
        """Forget what was worked out: something inside was replaced."""
        self._key = self._slots = None

    @abstractmethod
    def make_key(self) -> Key:
        """All but the numbers, worked out."""

    @abstractmethod
    def make_slots(self) -> Iterator[Slot]:
        """The numbers, worked out."""

    def sequences(self) -> Iterator[list["Element"]]:
        """The sequences inside."""
        yield from ()

    @property
    def same(self) -> tuple[Any, ...]:
        """Equal for elements that are written alike."""
        return self.key, tuple((slot.role, slot.value) for slot in self.slots)


class Leaf(Element):
    """One layer."""

    __slots__ = ("item", "name", "weights")

    def __init__(self, node: int, item: FlatItem, channels: int) -> None:
        super().__init__((node,), channels)
        self.item = item
        self.name = ""
        self.weights = ""

    @property
    def layer(self) -> Layer:
        """The layer itself."""
        assert self.item.layer is not None, "inputs are not elements"
        return self.item.layer

    def make_key(self) -> Key:
        words = tuple(
            (option.name, value if not is_number(value) else None)
            for option, value in options(self.layer)
        )
        return ("leaf", self.layer.kind, words, self.name, self.weights)

    def make_slots(self) -> Iterator[Slot]:
        for option, value in options(self.layer):
            if is_number(value):
                role = option.name
                brief = value[0] if isinstance(value, tuple) and len(value) == 1 else value
                yield Slot(role, brief, self.channels, role in {"filters", "units"})


def options(layer: Layer) -> Iterator[tuple[Any, Any]]:
    """The options of a layer with what they are; the stride of a pool with its default."""
    for option in layer.options():
        value = layer.__dict__[option.name]
        if option.name == "stride" and value is None:
            value = layer.__dict__["kernel"]
        yield option, value


def is_number(value: Any) -> bool:
    """Whether an option's value is a number or several: what an argument may stand for."""
    if isinstance(value, tuple):
        return bool(value) and all(type(v) is int for v in value)
    return type(value) is int


class Merge(Element):
    """A merge with its branches, which start at one volume."""

    __slots__ = ("branches", "layer", "node")

    def __init__(
        self, node: int, layer: Layer, branches: list[list[Element]], channels: int
    ) -> None:
        elements = [element for branch in branches for element in branch]
        inner = tuple(node for element in elements for node in element.nodes)
        depth = 1 + max((element.depth for element in elements), default=0)
        levels = max((element.levels for element in elements), default=0)
        super().__init__((*inner, node), channels, depth, levels)
        self.node = node
        self.layer = layer
        self.branches = branches

    @property
    def hole(self) -> int | None:
        """The branch that is a shortcut: empty, or a short projection."""
        if self.layer.kind != "add" or len(self.branches) != 2:
            return None
        sizes = [sum(len(e.nodes) for e in branch) for branch in self.branches]
        short = 0 if sizes[0] < sizes[1] else 1
        other = self.branches[1 - short]
        plain = all(isinstance(e, Leaf | Call) for e in self.branches[short])
        if sizes[short] > _LONGEST_HOLE or not plain or sizes[1 - short] <= sizes[short]:
            return None
        return short if other else None

    def make_key(self) -> Key:
        hole = self.hole
        branches = tuple(
            "hole" if i == hole else tuple(e.key for e in branch)
            for i, branch in enumerate(self.branches)
        )
        return ("merge", self.layer, branches)

    def make_slots(self) -> Iterator[Slot]:
        hole = self.hole
        for i, branch in enumerate(self.branches):
            if i == hole:
                yield Slot("hole", Hole(branch), self.channels)
            else:
                for element in branch:
                    yield from element.slots

    def sequences(self) -> Iterator[list[Element]]:
        yield from self.branches


class Hole:
    """The contents of a shortcut, compared by what they are."""

    __slots__ = ("elements",)

    def __init__(self, elements: list[Element]) -> None:
        self.elements = elements

    @property
    def same(self) -> tuple[Any, ...]:
        """Equal for shortcuts that are written alike."""
        return tuple(element.same for element in self.elements)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hole) and self.same == other.same

    def __hash__(self) -> int:
        return hash(self.same)


class FoldedBlock(NamedTuple):
    """A block: its name, its arguments with their defaults, what is in it."""

    name: str
    params: tuple[tuple[str, Any], ...]
    """None: no default."""
    body: list[Element]
    """The first occurrence, whose numbers `exprs` replace in order."""
    exprs: tuple[Any, ...]
    reads: tuple[tuple[int | str, str], ...] = ()
    """Of a block with several inputs: the volumes that it reads, each with its argument."""
    ends: tuple[tuple[int, str], ...] = ()
    """Of a block with several outputs: the nodes that are read outside and their names."""


class Call(Element):
    """A call of a block."""

    __slots__ = ("block", "elements", "values")

    def __init__(
        self, block: FoldedBlock, values: tuple[Any, ...], elements: list[Element], channels: int
    ) -> None:
        super().__init__(tuple(n for e in elements for n in e.nodes), channels)
        self.block = block
        self.values = values
        #: the elements that the call is written in place of
        self.elements = elements

    def make_key(self) -> Key:
        return ("call", self.block.name)

    def make_slots(self) -> Iterator[Slot]:
        for (name, _), value in zip(self.block.params, self.values, strict=True):
            role = name.rstrip("0123456789_")
            if isinstance(value, Hole | Read):
                role = "hole" if isinstance(value, Hole) else "from"
            yield Slot(role, value, self.channels, name.startswith(("out", "width")))
