"""What a call that overwrites its input changes beside it: other names of the same numbers.

An exported program that was not decomposed has `y[:, :2] = 0` as a view and a call that fills it;
what reads `y` later reads it by its own name.
"""

from convcalc.interop.flat import Scope
from convcalc.interop.read.pt2.allocated import base, is_alias
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Tensor

#: their output has the numbers of their input, each in its place
_SAME = frozenset(
    """
        alias detach contiguous to type_as
        dropout feature_dropout alpha_dropout feature_alpha_dropout
    """.split()  # noqa: SIM905
)
#: They end with `_` and write no number: in use a dropout is nothing.
_WRITE_NOTHING = frozenset(
    """
        dropout feature_dropout alpha_dropout feature_alpha_dropout detach requires_grad
    """.split()  # noqa: SIM905
)
#: these write no number, but their input has other axes afterwards
_TURN = frozenset({"squeeze", "unsqueeze", "t", "transpose"})


class _Write:
    """A call that wrote over a storage, whole or in part."""

    __slots__ = ("at", "of", "result", "unknown")

    def __init__(self, result: Tensor, of: str, at: tuple[str, str, tuple[Scope, ...]]) -> None:
        self.result = result
        self.of = of
        """The operator."""
        self.at = at
        """The node, for what is said of it."""
        self.unknown: Tensor | None = None
        """Parts and views of what it wrote, once one of them is asked for."""


class Storages:
    """The tensors of a program by the storage that they are in.

    A write is noted once and looked up when one of its other names is read, so that a long row of
    writes takes as many steps as it has calls.
    """

    def __init__(self, recorded: Recorded, tensors: dict[str, Tensor], emitter: Emitter) -> None:
        self.recorded = recorded
        self.tensors = tensors
        self.emitter = emitter
        #: by tensor the one that made its storage, and the one whose numbers lie as its own do
        self.of: dict[str, tuple[str, str]] = {}
        #: by tensor how many writes into its storage there were when it was looked up
        self.seen: dict[str, int] = {}
        self.writes: dict[str, list[_Write]] = {}
        #: the last write into numbers that lie so, and the last of other than constants
        self.last: dict[tuple[str, str], int] = {}
        self.varying: dict[str, int] = {}

    def made(self, node: Node) -> None:
        """The outputs of a call; where it writes, its other names have what it wrote.

        Parts and views of what it wrote are not known any more: to read one is to be refused.
        """
        alias = is_alias(self.recorded, node)
        storage, lies = self._of(node.x)
        writes = _writes(node)
        if writes:
            self._write(node, storage, lies)
        for name in node.outputs:
            same = writes or base(node) in _SAME
            self._add(name, (storage, lies if same else name) if alias else (name, name))

    def now(self, name: str) -> Tensor | None:
        """What a name stands for after all writes so far; None where no call made it."""
        tensor, place = self.tensors.get(name), self.of.get(name)
        writes = self.writes.get(place[0]) if place is not None else None
        if tensor is None or place is None or writes is None or self.seen[name] == len(writes):
            return tensor
        start, own = self.seen[name], self.last.get(place, -1)
        if own >= start:
            tensor, start = writes[own].result, own + 1
        if start < len(writes):
            if tensor.constant and self.varying.get(place[0], -1) < start:
                tensor = Tensor(tensor.name, tensor.shape, None, tensor.sources, constant=True)
            else:
                tensor = self._unknown(writes[start], tensor)
        self.tensors[name], self.seen[name] = tensor, len(writes)
        return tensor

    def settle(self) -> None:
        """Look up every name, once all calls are there."""
        for name in self.of:
            self.now(name)

    def _of(self, name: str) -> tuple[str, str]:
        if name not in self.of:
            self._add(name, (name, name))
        return self.of[name]

    def _add(self, name: str, place: tuple[str, str]) -> None:
        self.of[name] = place
        self.seen[name] = len(self.writes.get(place[0], ()))

    def _write(self, node: Node, storage: str, lies: str) -> None:
        result, emitter = self.tensors[node.outputs[0]], self.emitter
        if base(node) in _TURN:
            why = f"aten.{node.target} of what is read again after it"
            result = emitter.unsupported([result], 1, why)[0]
        writes = self.writes.setdefault(storage, [])
        self.last[storage, lies] = len(writes)
        if not result.constant:
            self.varying[storage] = len(writes)
        at = (emitter.name, emitter.source, emitter.scopes)
        writes.append(_Write(result, node.target, at))

    def _unknown(self, write: _Write, old: Tensor) -> Tensor:
        """A part or a view of what was written; said at the call that wrote."""
        if write.unknown is None:
            emitter = self.emitter
            reading = (emitter.name, emitter.source, emitter.scopes)
            why = f"aten.{write.of} into a part or a view of what is read again after it"
            emitter.name, emitter.source, emitter.scopes = write.at
            write.unknown = emitter.unsupported([old, write.result], 1, why)[0]
            emitter.name, emitter.source, emitter.scopes = reading
        return write.unknown


def _writes(node: Node) -> bool:
    """Whether a call writes over the numbers of its first input."""
    overwrites = node.target.endswith("_") and not node.target.endswith("__")
    return overwrites and bool(node.outputs) and base(node) not in _WRITE_NOTHING
