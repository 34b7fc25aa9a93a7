"""Which numbers that a file works out follow the batch, where the file leaves that open.

They are worked out for one image: another batch has other numbers. What only moves them moves the
marks; of what computes with them each number that meets one follows; of all else all do.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from convcalc.interop.read.onnx.constants import arithmetic, moved
from convcalc.interop.read.onnx.constants.evaluate import Known
from convcalc.interop.trace.tensors import FOLLOWS, MULTIPLE, Marks, Tensor, product
from convcalc.shapes import Shape

#: the outputs of the node with other inputs; None where they are not known
Again = Callable[[list[Tensor | None]], list[Known] | None]

_Array = np.ndarray[Any, Any]
_POINTWISE = frozenset({*arithmetic.TABLE, "Cast", "Where"})


def followed(
    op: str, inputs: list[Tensor | None], shapes: list[Shape], again: Again
) -> list[Marks] | None:
    """Of each output the numbers that follow the batch.

    Args:
        op: the operator.
        inputs: its inputs.
        shapes: those of its outputs.
        again: works the node out with other inputs.

    Returns:
        Marks for each output, or None where its shape or its order follows the batch.
    """
    if not any(one is not None and one.of_batch for one in inputs):
        return [{} for _ in shapes]
    if op in _POINTWISE:
        return [_met(op, inputs, shape) for shape in shapes]
    data = len(inputs) if op == "Concat" else 1
    if op in {"ConstantOfShape", "Range"} or any(one and one.of_batch for one in inputs[data:]):
        return None
    if op in moved.TABLE:
        found = again([*map(_marked, inputs[:data]), *inputs[data:]])
        return None if found is None else [_placed(np.array(one.value)) for one in found]
    # one place where there is none, so that it is not taken for a number that stays
    return [dict.fromkeys(range(max(product(shape), 1)), FOLLOWS) for shape in shapes]


def _placed(marks: _Array) -> Marks:
    places = np.flatnonzero(marks).tolist()
    return {place: int(marks.reshape(-1)[place]) for place in places}


def _marked(tensor: Tensor | None) -> Tensor | None:
    """The marks of a tensor in place of its numbers."""
    if tensor is None or tensor.shape is None:
        return None
    marks = tuple(tensor.of_batch.get(i, 0) for i in range(product(tensor.shape)))
    return Tensor("", tensor.shape, marks, dtype="int64")


def _met(op: str, inputs: list[Tensor | None], shape: Shape) -> Marks:
    """The marks of a pointwise result: a multiple stays one by a factor that does not follow.

    A multiple of the batch is above 0 whatever that is, so that it equals no number below:
    ``Where(Equal(shape, -1), ones, shape)`` is how `expand` is exported.
    """
    given = [one for one in inputs if one is not None]
    marks = [_spread(_marked(one), shape) for one in given]
    values = [_spread(one, shape) for one in given]
    found = np.any(marks, axis=0) * FOLLOWS
    if op == "Cast":
        found = marks[0]
    elif op == "Where":
        found = np.where(marks[0], FOLLOWS, np.where(values[0], marks[1], marks[2]))
    elif len(given) == 2:
        (a, b), (x, y) = marks, values
        one_sided = ((a == MULTIPLE) & (b == 0), (b == MULTIPLE) & (a == 0))
        if op == "Mul":
            found = np.where(one_sided[0] | one_sided[1], MULTIPLE, found)
        elif op == "Div":
            whole = one_sided[0] & (np.fmod(x, np.where(y, y, 1)) == 0) & (y > 0)
            found = np.where(whole, MULTIPLE, found)
        elif op == "Equal":
            never = (one_sided[0] & (x > 0) & (y <= 0)) | (one_sided[1] & (y > 0) & (x <= 0))
            found = np.where(never, 0, found)
    return _placed(found)


def _spread(tensor: Tensor | None, shape: Shape) -> _Array:
    """The numbers of a tensor as a result of that shape meets them."""
    if tensor is None:
        return np.zeros(shape, np.int64)
    return np.broadcast_to(np.reshape(tensor.value or (), tensor.shape or ()), shape)
