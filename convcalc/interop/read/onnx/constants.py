"""Working out what the file computes from shapes and constants: sizes to reshape and pad to.

numpy comes with the `onnx` package; arrays of Python's own numbers keep integers exact.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from convcalc.interop.read.onnx.few import Allowance, few
from convcalc.interop.trace.tensors import Number, Tensor, product
from convcalc.shapes import Shape

Array = np.ndarray[Any, Any]
Attrs = dict[str, Any]
Known = tuple[Shape, tuple[Number, ...]]


def evaluate(
    op: str, inputs: list[Tensor | None], attrs: Attrs, opset: int, allowance: Allowance
) -> list[Known] | None:
    """The values of a node's outputs; None where they cannot be worked out or are too many.

    `allowance` is what the nodes of a file may take together; it is asked before arrays are made.
    """
    rule = _RULES.get(op)
    known = all(one is None or not (one.value is None or one.shape is None) for one in inputs)
    if rule is None or not known or not allowance.reads(inputs):
        return None
    try:
        arrays = [None if one is None else _array(one) for one in inputs]
        found = rule(arrays, attrs, opset)
        results = found if isinstance(found, list) else [found]
        if not allowance.makes([np.size(one) for one in results]):
            return None
        return [_known(np.asarray(result, dtype=object)) for result in results]
    except (ArithmeticError, ValueError, IndexError, TypeError, KeyError, AttributeError):
        return None


def _known(array: Array) -> Known:
    shape = few(array.shape)
    values = tuple(array.reshape(-1).tolist())
    for value in values:
        _whole(value)
    return shape, values


def _array(tensor: Tensor) -> Array:
    shape, value = few(tensor.shape or ()), tensor.value or ()
    array = np.empty(len(value), dtype=object)
    array[:] = value
    return array.reshape(shape)


def _whole(number: Number) -> Number:
    """A number, unless it is an integer of more digits than any type holds."""
    if isinstance(number, int) and abs(number) >= 2**64:
        raise ValueError("too large")
    return number


Arrays = list[Any]


#: what works on any number of tensors
_OF_SEVERAL: tuple[Callable[..., Number], ...] = (min, max)


def _each(function: Callable[..., Number], count: int) -> Callable[[Arrays, Attrs, int], Any]:
    spread = np.frompyfunc(function, count, 1)

    def rule(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
        result = arrays[0]
        if count == 1:
            return spread(result)
        if len(arrays) > 2 and function not in _OF_SEVERAL:
            raise ValueError("two operands")
        for other in arrays[1:]:
            few(np.broadcast_shapes(result.shape, other.shape))
            result = spread(result, other)
        return result

    return rule


def _divide(a: Number, b: Number) -> Number:
    if isinstance(a, int) and isinstance(b, int):
        whole = abs(a) // abs(b)
        return whole if (a < 0) == (b < 0) else -whole
    return a / b


def _power(a: Number, b: Number) -> Number:
    if abs(b) > 64 or abs(a) > 2**31:
        raise ValueError("too large")
    found = a**b
    if isinstance(found, complex):
        raise ValueError("complex")
    return found


def _cast(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    to = int(attrs.get("to", 1))
    convert = {9: bool}.get(to, float if to in {1, 10, 11, 16} else int)
    return np.frompyfunc(lambda x: int(convert(x)) if convert is bool else convert(x), 1, 1)(
        arrays[0]
    )


def _axes(arrays: Arrays, attrs: Attrs, index: int = 1) -> list[int] | None:
    if "axes" in attrs:
        return list(attrs["axes"])
    if len(arrays) > index and arrays[index] is not None:
        return [int(x) for x in arrays[index].reshape(-1)]
    return None


def _unsqueeze(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    axes, result = _axes(arrays, attrs) or [], arrays[0]
    rank = result.ndim + len(axes)
    if rank > 32:
        raise ValueError("too many axes")
    for axis in sorted(axis % rank for axis in axes):
        result = np.expand_dims(result, axis)
    return result


def _squeeze(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    axes = _axes(arrays, attrs)
    return np.squeeze(arrays[0], tuple(axes) if axes is not None else None)


def _slice(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    data = arrays[0]
    if opset < 10:
        starts, ends = attrs["starts"], attrs["ends"]
        axes, steps = attrs.get("axes") or range(len(starts)), [1] * len(starts)
    else:
        starts, ends = arrays[1].tolist(), arrays[2].tolist()
        given = arrays[3] if len(arrays) > 3 else None
        axes = given.tolist() if given is not None else range(len(starts))
        steps = arrays[4].tolist() if len(arrays) > 4 else [1] * len(starts)
    cut: list[slice] = [slice(None)] * data.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        size = data.shape[axis]
        stop: int | None = end
        if step < 0 and end < -size:
            stop = None
        cut[axis] = slice(start, stop, step)
    return data[tuple(cut)]


def _range(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    start, stop, step = (array.item() for array in arrays)
    count = max(math.ceil((stop - start) / step), 0)
    few((count,))
    return np.array([start + i * step for i in range(count)], dtype=object)


def _filled(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    shape = few(arrays[0].reshape(-1))
    value = attrs.get("value")
    number = value.value[0] if value is not None and value.value else 0.0
    result = np.empty(shape, dtype=object)
    result[...] = number
    return result


def _expand(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    wanted = few(arrays[1].reshape(-1))
    return np.broadcast_to(arrays[0], few(np.broadcast_shapes(arrays[0].shape, wanted)))


def _reshape(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    wanted = [int(x) for x in arrays[1].reshape(-1)]
    if not attrs.get("allowzero"):
        wanted = [arrays[0].shape[i] if dim == 0 else dim for i, dim in enumerate(wanted)]
    return arrays[0].reshape(wanted)


def _split(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    axis = attrs.get("axis", 0)
    sizes = list(attrs.get("split") or (arrays[1].tolist() if len(arrays) > 1 else ()))
    if not sizes:
        raise ValueError("no sizes")
    return list(np.split(arrays[0], np.cumsum(sizes)[:-1].tolist(), axis=axis))


def _reduced(function: Callable[..., Any]) -> Callable[[Arrays, Attrs, int], Any]:
    def rule(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
        axes = _axes(arrays, attrs)
        keep = bool(attrs.get("keepdims", 1))
        return function(arrays[0], axis=tuple(axes) if axes else None, keepdims=keep)

    return rule


def _multiplied(array: Array, axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """Products that stay as long as numbers are: thousands of factors make one of a megabit."""
    spread = np.frompyfunc(lambda a, b: _whole(a * b), 2, 1, identity=1)
    axes = tuple(range(array.ndim)) if axis is None else axis
    return spread.reduce(array, axis=axes, keepdims=keepdims)


def _where(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    few(np.broadcast_shapes(*(array.shape for array in arrays)))
    return np.where(arrays[0].astype(bool), arrays[1], arrays[2])


def _clip(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    """Bounds are attributes up to opset 10, inputs from 11 on; either may be left out."""
    least, most = (attrs.get("min"), attrs.get("max")) if opset < 11 else [*arrays, None, None][1:3]
    result = arrays[0]
    for bound, inside in ((least, max), (most, min)):
        if bound is not None:
            number = bound.item() if isinstance(bound, np.ndarray) else bound
            result = np.frompyfunc(partial(inside, number), 1, 1)(result)
    return result


def _tile(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    counts = few(arrays[1])
    few((*arrays[0].shape, *counts))  # tiled axis by axis: a last count of 0 frees nothing before
    return np.tile(arrays[0], counts)


def _gather(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    data, axis = arrays[0], int(attrs.get("axis", 0))
    places = np.asarray(arrays[1], dtype=np.int64)
    few((*places.shape, *np.delete(data.shape, axis)))
    return np.take(data, places, axis=axis)


def _concat(arrays: Arrays, attrs: Attrs, opset: int) -> Any:
    few((sum(array.size for array in arrays),))
    return np.concatenate(arrays, axis=int(attrs.get("axis", 0)))


Rule = Callable[[Arrays, Attrs, int], Any]
_RULES: dict[str, Rule] = {
    "Identity": lambda a, t, o: a[0],
    "Cast": _cast,
    "CastLike": lambda a, t, o: a[0],
    "Add": _each(lambda a, b: a + b, 2),
    "Sub": _each(lambda a, b: a - b, 2),
    "Mul": _each(lambda a, b: a * b, 2),
    "Div": _each(_divide, 2),
    "Mod": _each(lambda a, b: a % b, 2),
    "Pow": _each(_power, 2),
    "Min": _each(min, 2),
    "Max": _each(max, 2),
    "Equal": _each(lambda a, b: int(a == b), 2),
    "Greater": _each(lambda a, b: int(a > b), 2),
    "GreaterOrEqual": _each(lambda a, b: int(a >= b), 2),
    "Less": _each(lambda a, b: int(a < b), 2),
    "LessOrEqual": _each(lambda a, b: int(a <= b), 2),
    "And": _each(lambda a, b: int(bool(a) and bool(b)), 2),
    "Or": _each(lambda a, b: int(bool(a) or bool(b)), 2),
    "Not": _each(lambda a: int(not a), 1),
    "Neg": _each(lambda a: -a, 1),
    "Abs": _each(abs, 1),
    "Sqrt": _each(math.sqrt, 1),
    "Reciprocal": _each(lambda a: 1 / a, 1),
    "Floor": _each(lambda a: float(math.floor(a)), 1),
    "Ceil": _each(lambda a: float(math.ceil(a)), 1),
    "Round": _each(lambda a: float(round(a)), 1),
    "Exp": _each(math.exp, 1),
    "Gather": _gather,
    "Concat": _concat,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Slice": _slice,
    "Range": _range,
    "ConstantOfShape": _filled,
    "Expand": _expand,
    "Reshape": _reshape,
    "Flatten": lambda a, t, o: a[0].reshape(product(a[0].shape[: t.get("axis", 1)]), -1),
    "Transpose": lambda a, t, o: np.transpose(a[0], t.get("perm")),
    "Split": _split,
    "Size": lambda a, t, o: np.array(a[0].size, dtype=object),
    "ReduceSum": _reduced(np.sum),
    "ReduceProd": _reduced(_multiplied),
    "ReduceMax": _reduced(np.max),
    "ReduceMin": _reduced(np.min),
    "Where": _where,
    "Tile": _tile,
    "Clip": _clip,
}
