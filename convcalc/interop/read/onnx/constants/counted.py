"""What makes numbers of few, or few of many: Range, ConstantOfShape, sums and their kin."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convcalc.interop.read.axes import placed
from convcalc.interop.read.onnx.constants.arithmetic import exact, without_nan
from convcalc.interop.read.onnx.constants.rounding import (
    Operator,
    Rule,
    Step,
    decides,
    keeps,
    several_steps,
)
from convcalc.interop.read.onnx.constants.work import Array, Work, unknown
from convcalc.interop.read.onnx.few import few
from convcalc.interop.trace.tensors import product


def _range(work: Work) -> Step:
    """Of integers, floats too: whether others are added up or multiplied, tools differ."""
    ends = work.operands("if")
    numbers = [array.item() for array in ends]
    most = exact(ends[0].dtype)
    if len(numbers) != 3 or any(one != int(one) or abs(one) > most for one in numbers):
        unknown("no integers")
    start, stop, step = map(int, numbers)
    if abs(stop - start) > most:
        unknown("outside of the type")
    few((max(-((start - stop) // step), 0),))
    return Step(np.arange(start, stop, step).astype(ends[0].dtype), exact=True)


def _filled(work: Work) -> Any:
    shape, number = few(work.integers(0)), work.attrs.get("value")
    if number is None:
        return np.zeros(shape, np.float32)
    if not number.dtype or number.value is None or len(number.value) != 1:
        unknown("not a number of a type")
    return np.full(shape, number.value[0], number.dtype)


def _size(work: Work) -> Any:
    return np.array(work.array(0).size, np.int64)


def _along(work: Work, x: Array, since: int) -> tuple[int, ...]:
    """The axes that a reduction takes together: all where it names none and does not say so."""
    axes = work.listed("axes", 1, since)
    nothing = work.opset >= since and work.flag("noop_with_empty_axes", 0)
    if not axes:
        return () if nothing else tuple(range(x.ndim))
    found = tuple(placed(axis, x.ndim) for axis in axes)
    return found if len(set(found)) == len(found) else unknown("an axis twice")


def _reduced(function: Callable[..., Any], since: int) -> Rule:
    """Of the greatest or the least; `since` is the opset whose axes are an input."""

    def rule(work: Work) -> Any:
        x = without_nan(work.array(0, "biuf" if work.opset >= 20 else "iuf"))
        axes, keep = _along(work, x, since), work.flag("keepdims", 1)
        return function(x, axis=axes, keepdims=keep)

    return rule


def _added(function: Callable[..., Any], nothing: int, since: int) -> Callable[[Work], Step]:
    """Of sums and products: where no order that they are taken in gives another number."""

    def rule(work: Work) -> Step:
        x = work.array(0, "iuf")
        axes, keep = _along(work, x, since), work.flag("keepdims", 1)
        if product(x.shape[axis] for axis in axes) > 1:
            sizes = np.maximum(np.abs(x.astype(np.float64)), nothing)
            largest = function(sizes, axis=axes, initial=nothing).max(initial=0)
            if not (largest <= exact(x.dtype) // 2 and np.all(x == np.trunc(x))):
                unknown("not exact")
        return Step(function(x, axis=axes, keepdims=keep, dtype=x.dtype), exact=True)

    return rule


TABLE: dict[str, Operator] = {
    "Range": several_steps(_range),
    "ConstantOfShape": keeps(_filled),
    "Size": decides(_size),
    "ReduceSum": several_steps(_added(np.sum, 0, since=13)),
    "ReduceProd": several_steps(_added(np.prod, 1, since=18)),
    "ReduceMax": keeps(_reduced(np.max, since=18)),
    "ReduceMin": keeps(_reduced(np.min, since=18)),
}
