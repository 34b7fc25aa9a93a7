"""Tensors and operations as the readers of ONNX and of PyTorch archives give them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from convcalc.interop.flat import Scope, UnreadableError
from convcalc.interop.names import listed
from convcalc.interop.prune import beside
from convcalc.network.run import Run
from convcalc.shapes import Shape

Number = int | float
#: how numbers follow the batch, by their places: as a MULTIPLE of it, or otherwise (FOLLOWS)
Marks = Mapping[int, int]
FOLLOWS, MULTIPLE = 1, 2
#: of a constant whose numbers are not known: they, or its shape, follow the batch
SOMEWHERE: Marks = {0: FOLLOWS}


class Tensor:
    """A tensor with its batch axis: made by an operation, an input, a weight or a constant."""

    __slots__ = (
        "batch_first",
        "constant",
        "dtype",
        "is_rounded",
        "maker",
        "measured",
        "name",
        "of_batch",
        "shape",
        "sources",
        "value",
    )

    def __init__(
        self,
        name: str,
        shape: Shape | None,
        value: tuple[Number, ...] | None = None,
        sources: frozenset[str] = frozenset(),
        constant: bool = False,
        dtype: str = "",
    ) -> None:
        self.name = name
        #: None where it follows from something that has no kind
        self.shape = shape
        #: its numbers, row by row, where they are known and few
        self.value = value
        #: the names of the weights it was made from, if it is a weight
        self.sources = sources
        self.constant = constant or bool(sources) or value is not None
        #: the type of its numbers, as numpy calls it; '' where it is not known
        self.dtype = dtype
        #: whether its known floats were rounded as they were worked out: what takes another step
        #: from there has other last digits than some tools
        self.is_rounded = False
        #: those known numbers that are another for another batch, by place: how they follow it
        self.of_batch: Marks = {}
        #: whether its first axis alone follows the batch, so that it has as many images as that
        self.batch_first = True
        #: the volumes whose sizes its numbers are worked out of
        self.measured: frozenset[Tensor] = frozenset()
        self.maker: Op | None = None

    @property
    def scalar(self) -> Number | None:
        """Its one number; None where it has several or none is known."""
        return self.value[0] if self.value is not None and len(self.value) == 1 else None

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        found = 1
        for dim in self.shape or ():
            found *= dim
        return found

    def __repr__(self) -> str:
        return f"Tensor({self.name!r}, {self.shape})"


class Op:
    """One operation. A pattern that is recognised turns its last operation into the whole."""

    __slots__ = ("attrs", "inputs", "kind", "name", "outputs", "overwrites", "scopes", "source")

    def __init__(
        self,
        kind: str,
        inputs: Sequence[Tensor | None],
        attrs: dict[str, Any],
        outputs: list[Tensor],
        name: str,
        source: str,
        scopes: tuple[Scope, ...] = (),
    ) -> None:
        self.kind = kind
        self.inputs = list(inputs)
        self.attrs = attrs
        self.outputs = outputs
        self.name = name
        #: what the file calls the operation: ``Conv``, ``aten.conv2d``
        self.source = source
        self.scopes = scopes
        #: whether it writes over its first input; None where the file does not say
        self.overwrites: bool | None = None
        for tensor in outputs:
            tensor.maker = self

    @property
    def output(self) -> Tensor:
        """Its first output."""
        return self.outputs[0]

    def become(self, kind: str, inputs: Sequence[Tensor | None], **attrs: Any) -> None:
        """Take another meaning, with the same output.

        What is then read first, and was not before, is not overwritten.
        """
        if self.overwrites and (not inputs or inputs[0] is not self.inputs[0]):
            self.overwrites = False
        self.kind, self.inputs, self.attrs = kind, list(inputs), attrs

    def __repr__(self) -> str:
        return f"Op({self.kind}, {self.inputs} -> {self.outputs}, {self.attrs})"


class Trace:
    """A net as operations in order."""

    def __init__(self, path: str, name: str, source: str) -> None:
        self.path = path
        self.name = name
        self.source = source
        self.ops: list[Op] = []
        self.inputs: list[Tensor] = []
        self.outputs: list[Tensor] = []
        #: what the file calls each of these; '' where it has no word for one
        self.returned: list[str] = []
        #: what it leaves in arrays of the module, which no caller gets
        self.updates: list[Tensor] = []
        #: learned arrays by name
        self.weights: dict[str, Shape] = {}
        #: arrays that are kept but not learned (running statistics)
        self.buffers: set[str] = set()
        #: the file tells learned arrays from those that are kept (means of the data)
        self.tells_learned = False
        self.notes: list[str] = []
        #: notes after which numbers are others than the file's
        self.inexact: list[str] = []
        #: volumes lie channels first in the tool, so that it lays their numbers in a row so
        self.channels_first = False
        #: what to do where something has no layer kind; '' where the file is as it should be
        self.advice = ""
        #: it ends at a node that somebody named
        self.ends_early = False
        #: modules and parameters that no output needs, as a file that lists all of them says
        self.unread: tuple[str, ...] = ()
        #: how many numbers those learn; None where the file has one sort of array
        self.unread_params: int | None = None
        #: gives what it allocates when it runs, before any pattern is looked for; None where
        #: files do not say it
        self.running: Callable[[], Run | None] | None = None
        self.run: Run | None = None
        #: why that is not known, a sentence
        self.unknown = ""
        #: sizes that are as the file states them, not worked out
        self.taken_sizes: dict[str, None] = {}

    def alive(self) -> None:
        """Drop every operation that no output needs."""
        needed = needed_by(self.outputs)
        self.ops = [op for op in self.ops if id(op) in needed]

    def params(self, names: Iterable[str]) -> int:
        """How many numbers arrays hold, but for those that are kept and not learned."""
        learned = (name for name in names if name in self.weights and name not in self.buffers)
        return sum(product(self.weights[name]) for name in learned)

    def readers(self) -> dict[int, list[Op]]:
        """The operations that read each tensor, by its id; an output of the net has one more."""
        found: dict[int, list[Op]] = {}
        for op in self.ops:
            for tensor in op.inputs:
                if tensor is not None:
                    found.setdefault(id(tensor), []).append(op)
        return found

    def cut(self, name: str) -> bool:
        """Let the net end at the node, tensor or module of this name; False where there is none."""
        last = None
        for op in self.ops:
            if name == op.name or any(name == tensor.name for tensor in op.outputs):
                last = op
                break
            if any(scope.path == name for scope in op.scopes):
                last = op  # a module ends with the last of its operations
        if last is None:
            return False
        before = self.ops[: self.ops.index(last)]
        self.outputs, self.returned, self.ends_early = [last.output], [], True
        self.alive()
        self._note_beside(name, before)
        return True

    def _note_beside(self, name: str, before: "list[Op]") -> None:
        """Say which operations and inputs come before the end and are not needed for it.

        None of a node of which another part is needed: a split, the places of a maximum.
        """
        nodes = {op.name for op in self.ops}
        needed = {id(tensor) for op in self.ops for tensor in op.inputs}
        lost = [op for op in before if op.name not in nodes and not op.output.constant]
        read = {id(tensor) for op in lost for tensor in op.inputs}
        inputs = [one.name for one in self.inputs if id(one) in read - needed]
        if not lost:
            return
        params = self.params(learned_by(lost) - learned_by(self.ops))
        self.notes.append(f"{beside(name)}: {listed([*inputs, *(op.name for op in lost)], params)}")


def needed_by(outputs: Iterable[Tensor]) -> set[int]:
    """The ids of the operations that tensors are made by, all the way back."""
    needed: set[int] = set()
    waiting = [tensor.maker for tensor in outputs]
    while waiting:
        op = waiting.pop()
        if op is None or id(op) in needed:
            continue
        needed.add(id(op))
        waiting += [tensor.maker for tensor in op.inputs if tensor is not None]
    return needed


def learned_by(ops: Iterable[Op]) -> set[str]:
    """The names of the weights that operations read."""
    return {name for op in ops for one in op.inputs if one is not None for name in one.sources}


#: Weights of the file that one weight is made from; of a stack of all heads there are tens.
MOST_SOURCES = 1000


def sources_of(given: Iterable[Tensor | None]) -> frozenset[str]:
    """The weights of the file that a weight made from these tensors is made from.

    Raises:
        UnreadableError: they are so many that every weight of a chain would name all before it.
    """
    found: frozenset[str] = frozenset()
    for tensor in given:
        if tensor is not None and not tensor.sources <= found:
            found = found | tensor.sources if found else tensor.sources
        if len(found) > MOST_SOURCES:
            text = f"a weight is made from more than {MOST_SOURCES:,} others"
            raise UnreadableError(f"{text}: fold the constants of the file first")
    return found


def product(shape: Iterable[int]) -> int:
    """How many numbers a tensor of this shape holds."""
    found = 1
    for dim in shape:
        found *= dim
    return found
