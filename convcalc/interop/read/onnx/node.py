"""A node as its handler sees it: inputs as tensors, attributes with their defaults."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.axes import NoAxisError, placed
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import MULTIPLE, Number, Tensor
from convcalc.shapes import Shape

#: operators of which an input lists sizes, the first that of the batch axis
_SHAPES_LISTED = {"Reshape": 1, "Expand": 1, "Resize": 3}


class Reading:
    """One node, and the emitter to say what it does."""

    def __init__(
        self, node: OnnxNode, inputs: list[Tensor | None], emitter: Emitter, opset: int
    ) -> None:
        self.node = node
        self.inputs = inputs
        self.emitter = emitter
        self.opset = opset

    def op(self, kind: str, inputs: Sequence[Tensor | None], **attrs: Any) -> Tensor:
        """One operation under the node's name."""
        return self.emitter.op(kind, inputs, **attrs)

    def get(self, index: int) -> Tensor | None:
        """An input; None where it is absent."""
        return self.inputs[index] if index < len(self.inputs) else None

    @property
    def x(self) -> Tensor:
        """The first input.

        Raises:
            UnreadableError: there is none.
        """
        found = self.get(0)
        if found is None:
            raise UnreadableError(f"node {self.node.name} ({self.node.op}) has no input")
        return found

    def tensor(self, index: int) -> Tensor:
        """An input that must be there.

        Raises:
            UnreadableError: it is not.
        """
        found = self.get(index)
        if found is None:
            raise UnreadableError(f"node {self.node.name} ({self.node.op}) lacks input {index}")
        return found

    @property
    def shape(self) -> Shape:
        """The shape of the first input; () where it is unknown."""
        return self.x.shape or ()

    @property
    def rank(self) -> int:
        """Axes of the first input."""
        return len(self.shape)

    def integer(self, name: str, default: int) -> int:
        """An integer attribute."""
        found = self.node.attrs.get(name, default)
        return found if isinstance(found, int) else self.wrong(name, "an integer")

    def real(self, name: str, default: float) -> float:
        """A float attribute."""
        found = self.node.attrs.get(name, default)
        return float(found) if isinstance(found, int | float) else self.wrong(name, "a number")

    def word(self, name: str, *words: str) -> str:
        """A text attribute: one of the words that it can be, of which the first is the default.

        Raises:
            UnreadableError: it is another one.
        """
        found = self.node.attrs.get(name, words[0])
        if isinstance(found, str) and found in words:
            return found
        return self.wrong(name, f"one of {', '.join(dict.fromkeys(words))}")

    def ints(self, name: str) -> tuple[int, ...] | None:
        """A list of integers; None where the attribute is absent."""
        found = self.node.attrs.get(name)
        if found is None:
            return None
        if not isinstance(found, tuple) or any(type(one) is not int for one in found):
            return self.wrong(name, "integers")
        return found

    def wrong(self, name: str, sort: str) -> NoReturn:
        """An attribute of another type, or a word that ONNX does not have: it is not passed over.

        Raises:
            UnreadableError: always.
        """
        raise UnreadableError(f"node {self.node.name} ({self.node.op}): {name} is not {sort}")

    def axis(self, default: int) -> int:
        """The attribute `axis`, counted from 0."""
        return self.placed(self.integer("axis", default))

    def placed(self, axis: int, rank: int | None = None, beyond: int = 0) -> int:
        """An axis, counted from 0: of so many, or of the first input.

        Raises:
            UnreadableError: there is no such axis.
        """
        if rank is None and self.x.shape is None:
            return axis  # nothing may ask for it
        try:
            return placed(axis, self.rank if rank is None else rank, beyond)
        except NoAxisError as error:
            text = f"node {self.node.name} ({self.node.op}): {error}"
            raise UnreadableError(text) from error

    def value(self, index: int) -> tuple[Number, ...] | None:
        """The numbers of an input, where they are known.

        Raises:
            UnreadableError: one that is no size of the batch axis follows the batch.
        """
        found = self.get(index)
        if found is None:
            return None
        of_all = _SHAPES_LISTED.get(self.node.op) == index and not self.node.attrs.keys() & {"axes"}
        if found.of_batch and not (of_all and found.of_batch == {0: MULTIPLE}):
            text = f"node {self.node.name} ({self.node.op}): a size of it follows the batch, which"
            raise UnreadableError(f"{text} the file leaves open: export with the batch fixed")
        return found.value

    def follows(self, index: int) -> bool:
        """Whether an input's first number is a multiple of the batch."""
        found = self.get(index)
        return found is not None and found.of_batch.get(0) == MULTIPLE

    def computed(self, *indices: int) -> bool:
        """Whether one of these inputs is there and its numbers are not known."""
        given = (self.get(index) for index in indices)
        return any(one is not None and one.value is None for one in given)

    def integers(self, index: int) -> tuple[int, ...] | None:
        """The same as integers; None where the input is absent as well as where it is computed.

        Raises:
            UnreadableError: they are floats.
        """
        found = self.value(index)
        if found is None:
            return None
        whole = tuple(number for number in found if isinstance(number, int))
        return whole if len(whole) == len(found) else self.wrong(f"input {index}", "of integers")

    def listed(self, name: str, index: int) -> tuple[int, ...] | None:
        """Integers that are an attribute in old opsets and an input in new ones."""
        found = self.ints(name)
        return found if found is not None else self.integers(index)

    def unsupported(self, why: str = "") -> list[Tensor]:
        """This node has no layer kind."""
        outputs = len(self.node.outputs)
        return self.emitter.unsupported(self.inputs, outputs, why or self.node.op)


Result = Tensor | list[Tensor]
Handler = Callable[[Reading], Result]
