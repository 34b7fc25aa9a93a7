"""Sizes that a file states of the volumes between its nodes: `value_info`, and its outputs' types.

Nothing here is made from them. But onnxruntime believes them where it infers nothing itself, and
works out `Shape` from them as it loads the file; which side of an `If` it takes may follow. Where
nobody asks they are no matter: PyTorch's older exporter states outputs of sizes that none has.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx.arrays import text_of
from convcalc.interop.trace.tensors import Tensor

#: axes of a volume, None for one whose size is not fixed
Axes = tuple[int | None, ...]
_MOST_AXES = 16


class Stated:
    """What is stated by a file, and whether that matters."""

    def __init__(self, values: Iterable[tuple[str, Axes]]) -> None:
        self._axes: dict[str, set[Axes]] = {}
        self._wrong = ""
        self._asked = ""
        self._open_batch = False
        self.add(values)

    def add(self, values: Iterable[tuple[str, Axes]]) -> None:
        """The statements of a graph."""
        for name, axes in values:
            self._axes.setdefault(name, set()).add(axes)

    def enter(self, said: Sequence[int | None]) -> None:
        """An input, whose batch may be open: behind it exporters state that of an example."""
        self._open_batch |= said[:1] == (None,)

    def forget(self, names: Iterable[str]) -> None:
        """Drop what is stated of tensors: another branch may have the same names."""
        for name in names:
            self._axes.pop(name, None)

    def hold(self, name: str, made: Tensor) -> None:
        """Hold what is stated of a tensor against the one that was made."""
        for axes in self._axes.get(name, ()):
            shape = made.shape
            if self._wrong or shape is None:
                return
            of_images = self._open_batch and made.batch_first and not made.constant
            first = int(of_images)  # of an open batch an example's may be stated
            pairs = zip(axes[first:], shape[first:], strict=False)
            if len(axes) != len(shape) or any(one not in {None, size} for one, size in pairs):
                said = ", ".join("?" if one is None else str(one) for one in axes)
                self._wrong = f"{plain(name[:200])} has the axes ({said}), not {tuple(shape)}"

    def ask(self, node: str) -> None:
        """`Shape` is asked of a volume."""
        self._asked = self._asked or node
        if "" in self._axes:  # what `skim` leaves of more than it keeps
            self._wrong = "volumes have sizes in more bytes than are compared"

    def check(self) -> None:
        """Where sizes are asked for, all are as stated.

        Raises:
            UnreadableError: one is not.
        """
        if self._asked and self._wrong:
            text = f"node {self._asked} takes the shape of a volume, and the file states that"
            raise UnreadableError(f"{text} {self._wrong}: clear value_info and the outputs' sizes")


def stated_of(values: Iterable[Any]) -> list[tuple[str, Axes]]:
    """By name the axes of tensors whose sizes are stated."""
    found: list[tuple[str, Axes]] = []
    for value in values:
        name, shape = text_of(value.name), value.type.tensor_type.shape
        if not name:
            found.append(("", ()))
        elif value.type.tensor_type.HasField("shape"):
            dims = list(shape.dim[:_MOST_AXES])
            fixed = [one.HasField("dim_value") and one.dim_value >= 0 for one in dims]
            pairs = zip(dims, fixed, strict=True)
            found.append((name, tuple(int(d.dim_value) if known else None for d, known in pairs)))
    return found
