"""An exported program as it is written: its nodes, and how its tensors lie in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.floats import FLOAT_BYTES, PT2_FLOATS
from convcalc.interop.read.pt2.fields import TENSORS, size_of, tensors_of
from convcalc.interop.read.stated_sizes import MOST_AXES
from convcalc.interop.trace.tensors import Tensor, product
from convcalc.network.run import OF_SETTINGS, Array, Storage
from convcalc.shapes import Shape

#: Bytes of a whole number by torch.export's numbers of types; those of floats follow the settings.
_WHOLE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 1}
_NOTHING = Storage(0)


class Lies(NamedTuple):
    """A tensor as the file states it."""

    shape: Shape
    strides: Shape
    dtype: int

    @property
    def width(self) -> int:
        """Bytes of one of its numbers, or that of the settings."""
        return OF_SETTINGS if self.dtype in PT2_FLOATS else _WHOLE.get(self.dtype, 8)


@dataclass(frozen=True, eq=False)
class Node:
    """A call of an operator."""

    name: str
    target: str
    """The operator without its overload; the `_` of one that overwrites its input is kept."""
    given: Mapping[str, Any]
    """By name its arguments as the file has them, each after its sort."""
    outputs: tuple[str, ...]

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tensors among its arguments."""
        return tuple(name for argument in self.given.values() for name in tensors_of(argument))

    @property
    def x(self) -> str:
        """Its first tensor."""
        return next(iter(self.reads), "")

    def value(self, name: str) -> Any:
        """An argument that is no tensor; None where it is absent."""
        found = self.given.get(name) or {}
        return next((value for sort, value in found.items() if sort not in TENSORS), None)


class Recorded:
    """What a program's file says of its tensors."""

    def __init__(self, stated: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
        self.stated = stated
        self.nodes: list[Node] = []
        self.tensors = tensors
        """As they were sized."""
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.arrays: dict[str, tuple[str, bool]] = {}
        """By tensor what the module calls a parameter, buffer or constant; whether it learns."""
        self.updated: set[str] = set()
        """What the module calls those that outputs of the graph are written over."""
        self.places: Mapping[str, str] = {}
        """By what the module calls them those of these that are one storage."""
        self.images = 1
        """In the batch of the file."""
        self.imagined = 2
        """Images in a batch that is asked about; how its numbers lie is the same for all above 1.
        """
        self.resized = False
        """Whether the input has another size than the file states."""
        self.unknown: dict[str, None] = {}
        """Why it cannot be known what the program allocates, in words."""

    def lies(self, name: str) -> Lies | None:
        """How a tensor lies; None where the file does not say."""
        found = self.stated.get(name)
        if not isinstance(found, dict) or type(found.get("dtype")) is not int:
            return None
        shape, strides = (sizes_of(found.get(key)) for key in ("sizes", "strides"))
        if shape is None or strides is None or len(shape) != len(strides):
            return None
        if product(shape) >= 2**63:
            return None
        return Lies(shape, strides, found["dtype"])

    def laid(self, name: str) -> Lies | None:
        """How a tensor lies with the batch that is asked about."""
        found, tensor = self.lies(name), self.tensors.get(name)
        if found is None or (tensor is not None and tensor.constant):
            return found
        first = found.shape[0] if found.shape else 1
        if first % self.images or not found.shape:
            return found
        return found._replace(shape=(first // self.images * self.imagined, *found.shape[1:]))

    def shape(self, name: str) -> Shape:
        """The shape of a tensor, with the input that is asked for."""
        stated, tensor = self.lies(name), self.tensors.get(name)
        if self.resized and tensor is not None and not tensor.constant:
            if tensor.shape is None:
                self.unknown[f"the size of {plain(name[:80])}"] = None
            return tensor.shape or ()
        return stated.shape if stated is not None else ()

    def storage(self, name: str, each: bool = False) -> Storage:
        """What a tensor with a storage of its own holds.

        Args:
            name: the tensor.
            each: whether a constant is there once for each image.
        """
        lies = self.lies(name)
        if lies is None:
            self.unknown[f"the size of {plain(name[:80])}"] = None
            return _NOTHING
        if 0 in lies.shape:
            return _NOTHING
        tensor = self.tensors.get(name)
        constant = tensor is not None and tensor.constant and not each
        return self.sized(product(self.shape(name)), lies.width, constant)

    def sized(self, numbers: int, width: int = OF_SETTINGS, constant: bool = False) -> Storage:
        """So many numbers of the batch of the file; `constant`: whatever the batch."""
        if constant:
            return Storage(0, numbers, width)
        if numbers % self.images:
            self.unknown["sizes that do not follow the batch"] = None
        return Storage(numbers // self.images, 0, width)

    def other_inputs(self) -> Iterator[tuple[str, int]]:
        """The inputs of another type than the net's floats, which are of the settings', by name.

        With the bytes of one of their numbers.
        """
        made = {*self.arrays, *(name for node in self.nodes for name in node.outputs)}
        stated = [lies for lies in map(self.lies, made) if lies]
        floats = {lies.dtype for lies in stated if lies.dtype in PT2_FLOATS}
        for name in self.inputs:
            lies = self.lies(name)
            if lies is None or lies.dtype in floats:
                continue
            if lies.dtype not in PT2_FLOATS:
                yield name, lies.width
            elif floats:
                yield name, FLOAT_BYTES[PT2_FLOATS[lies.dtype]]

    def kept(self, nodes: list[Node]) -> tuple[Array, ...]:
        """The arrays that some node reads, and the buffers beside these in their module."""
        read = {name for node in nodes for name in node.reads if name in self.arrays}
        read |= {name for name, (called, _) in self.arrays.items() if called in self.updated}
        modules = {_module(self.arrays[name][0]) for name in read}
        found: dict[str, Array] = {}
        for name, (called, learned) in self.arrays.items():
            if name not in read and (learned or _module(called) not in modules):
                continue
            lies = self.lies(name)
            if lies is None:
                self.unknown[f"the size of {plain(called[:80])}"] = None
                continue
            array = Array(called, product(lies.shape), lies.width, learned)
            place = self.places.get(called, called)
            if place not in found or array.numbers > found[place].numbers:
                found[place] = array
        return tuple(found.values())


def _module(called: str) -> str:
    return called.rpartition(".")[0]


def sizes_of(stated: Any) -> Shape | None:
    """The sizes that a file states, those that are open as in its example."""
    try:
        sizes = stated if isinstance(stated, list) else ()
        return tuple(map(size_of, sizes)) if len(sizes) <= MOST_AXES else None
    except (UnreadableError, LookupError, AttributeError):
        return None
