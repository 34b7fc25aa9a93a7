"""The values of a node's outputs, where those of its inputs are known."""

from typing import Any, NamedTuple

import numpy as np

from convcalc.interop.read.given import Given
from convcalc.interop.read.onnx.arrays import NUMBERS
from convcalc.interop.read.onnx.constants import arithmetic, converted, counted, moved
from convcalc.interop.read.onnx.constants.rounding import Operator
from convcalc.interop.read.onnx.constants.work import Array, Work
from convcalc.interop.read.onnx.few import Allowance, few
from convcalc.interop.read.onnx.operators import FREE
from convcalc.interop.trace.tensors import Number, Tensor
from convcalc.shapes import Shape

_OPERATORS: dict[str, Operator] = {
    **arithmetic.TABLE,
    **converted.TABLE,
    **moved.TABLE,
    **counted.TABLE,
}
_TYPES = frozenset(NUMBERS.values())


class Known(NamedTuple):
    """A tensor whose numbers are known."""

    shape: Shape
    value: tuple[Number, ...]
    dtype: str
    is_rounded: bool = False
    """Whether one of its floats was rounded on the way, in a single step."""


def evaluate(
    op: str,
    inputs: list[Tensor | None],
    attrs: dict[str, Any],
    opset: int,
    allowance: Allowance,
    outputs: int = 1,
) -> list[Known] | None:
    """The values of a node's outputs; None where they cannot be worked out or are too many.

    An input or attribute that the operator's rule does not read changes what it makes: the value
    is not known then. `allowance` is what the nodes of a file may take together; it is asked before
    arrays are made.
    """
    operator = _OPERATORS.get(op)
    if operator is None or not all(map(_is_known, inputs)) or not allowance.reads(inputs):
        return None
    given = Given(attrs)
    try:
        with np.errstate(all="ignore"):
            arrays = [None if one is None else _array(one) for one in inputs]
            rounded = any(one is not None and one.is_rounded for one in inputs)
            work = Work(arrays, given, opset, outputs, rounded)
            results, rounded = operator.made(work)
        if work.unread or given.unread(FREE) or not allowance.makes([one.size for one in results]):
            return None
        return [_known(result, rounded) for result in results]
    except (ArithmeticError, ValueError, IndexError, TypeError, KeyError, AttributeError):
        return None


def _is_known(tensor: Tensor | None) -> bool:
    if tensor is None:
        return True
    return tensor.value is not None and tensor.shape is not None and tensor.dtype in _TYPES


def _known(array: Array, is_rounded: bool) -> Known:
    if array.dtype.name not in _TYPES:
        raise ValueError("a type that ONNX does not have")
    shape, numbers = few(array.shape), array.reshape(-1)
    name = array.dtype.name
    if name in {"bool", "bfloat16"}:
        numbers = numbers.astype(np.uint8 if name == "bool" else np.float32)
    return Known(shape, tuple(numbers.tolist()), name, is_rounded)


def _array(tensor: Tensor) -> Array:
    shape = few(tensor.shape or ())
    return np.array(tensor.value or (), dtype=tensor.dtype).reshape(shape)
