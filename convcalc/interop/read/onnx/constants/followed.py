"""Which numbers that a file works out follow the batch, where the file leaves that open.

They are worked out for one image: another batch has other numbers. What only moves them moves the
marks; of what computes with them each number that meets one follows; of all else all do.
"""

from collections.abc import Callable

import numpy as np

from convcalc.interop.read.onnx.constants import arithmetic, moved
from convcalc.interop.read.onnx.constants.evaluate import Known
from convcalc.interop.trace.tensors import Tensor, product
from convcalc.shapes import Shape

Marks = frozenset[int]
#: the outputs of the node with other inputs; None where they are not known
Again = Callable[[list[Tensor | None]], list[Known] | None]

_POINTWISE = frozenset({*arithmetic.TABLE, "Cast", "Where"})


def followed(
    op: str, inputs: list[Tensor | None], shapes: list[Shape], again: Again
) -> list[Marks] | None:
    """Of each output the places of those numbers that follow the batch.

    Args:
        op: the operator.
        inputs: its inputs.
        shapes: those of its outputs.
        again: works the node out with other inputs.

    Returns:
        A set for each output, or None where its shape or its order follows the batch.
    """
    if not any(one is not None and one.of_batch for one in inputs):
        return [frozenset() for _ in shapes]
    if op in moved.TABLE:
        data = len(inputs) if op == "Concat" else 1
        if any(one is not None and one.of_batch for one in inputs[data:]):
            return None
        found = again([*map(_marked, inputs[:data]), *inputs[data:]])
        if found is None:
            return None
        return [frozenset(np.flatnonzero(one.value).tolist()) for one in found]
    if op in {"ConstantOfShape", "Range"}:
        return None
    return [_met(inputs, shape) if op in _POINTWISE else _whole(shape) for shape in shapes]


def _whole(shape: Shape) -> Marks:
    """Every place; one where there is none, so that it is not taken for a number that stays."""
    return frozenset(range(max(product(shape), 1)))


def _marked(tensor: Tensor | None) -> Tensor | None:
    """The marks of a tensor in place of its numbers."""
    if tensor is None or tensor.shape is None:
        return None
    marks = tuple(int(i in tensor.of_batch) for i in range(product(tensor.shape)))
    return Tensor("", tensor.shape, marks, dtype="int64")


def _met(inputs: list[Tensor | None], shape: Shape) -> Marks:
    """The places of a pointwise result that a marked number goes into."""
    found = np.zeros(shape, bool)
    for one in map(_marked, inputs):
        if one is not None:
            found |= np.broadcast_to(np.reshape(one.value or (), one.shape or ()) != 0, shape)
    return frozenset(np.flatnonzero(found).tolist())
