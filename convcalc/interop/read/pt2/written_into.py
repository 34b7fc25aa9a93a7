"""What a call that overwrites its input changes beside it: other names of the same numbers.

An exported program that was not decomposed has `y[:, :2] = 0` as a view and a call that fills it;
what reads `y` later reads it by its own name.
"""

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
        squeeze unsqueeze t transpose swapaxes as_strided
    """.split()  # noqa: SIM905
)


class Storages:
    """The tensors of a program by the storage that they are in."""

    def __init__(self, recorded: Recorded, tensors: dict[str, Tensor], emitter: Emitter) -> None:
        self.recorded = recorded
        self.tensors = tensors
        self.emitter = emitter
        #: by tensor the one that made its storage, and the one whose numbers lie as its own do
        self.of: dict[str, tuple[str, str]] = {}
        self.names: dict[str, list[str]] = {}

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

    def _of(self, name: str) -> tuple[str, str]:
        if name not in self.of:
            self._add(name, (name, name))
        return self.of[name]

    def _add(self, name: str, place: tuple[str, str]) -> None:
        self.of[name] = place
        self.names.setdefault(place[0], []).append(name)

    def _write(self, node: Node, storage: str, lies: str) -> None:
        result = self.tensors[node.outputs[0]]
        unknown: Tensor | None = None
        for name in self.names[storage]:
            old = self.tensors.get(name)
            if old is None or self.of[name][1] == lies:
                self.tensors[name] = result
            elif result.constant and old.constant:
                self.tensors[name] = Tensor(old.name, old.shape, None, old.sources, constant=True)
            else:
                why = f"aten.{node.target} into a part or a view of what is read again after it"
                unknown = unknown or self.emitter.unsupported([old, result], 1, why)[0]
                self.tensors[name] = unknown


def _writes(node: Node) -> bool:
    """Whether a call writes over the numbers of its first input."""
    overwrites = node.target.endswith("_") and not node.target.endswith("__")
    return overwrites and bool(node.outputs) and base(node) not in _WRITE_NOTHING
