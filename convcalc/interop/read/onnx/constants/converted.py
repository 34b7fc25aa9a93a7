"""Numbers of one type as another's, bounded, or chosen: Cast, DequantizeLinear, Clip, Where."""

from typing import Any

import numpy as np

from convcalc.interop.read.onnx.arrays import NUMBERS
from convcalc.interop.read.onnx.constants.arithmetic import exact, without_nan
from convcalc.interop.read.onnx.constants.exact import product_is
from convcalc.interop.read.onnx.constants.rounding import (
    Operator,
    Step,
    converts,
    keeps,
    several_steps,
)
from convcalc.interop.read.onnx.constants.work import Array, Work, unknown
from convcalc.interop.read.onnx.few import few
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.trace.tensors import Tensor


def converted(array: Array, to: str) -> Step:
    """Numbers as another type's: integers wrap, floats are cut off to integers.

    Floats are not rounded to narrower ones: tools leave out such a cast where one back follows.

    Raises:
        ValueError: the type has no such number, or tools have several.
    """
    wanted = np.dtype(to)
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    if array.dtype.kind == "f" and wanted.kind in "iu":
        whole, ends = np.trunc(array.astype(np.float64)), np.iinfo(wanted)
        # the largest integers are no floats: the next one is outside
        inside = (whole >= float(ends.min)) & (whole < float(ends.max + 1))
        if not inside.all():
            unknown("outside of the type")
        return Step(array.astype(wanted), exact=True)
    found = array.astype(wanted)
    if "float" not in to:
        return Step(found, exact=True)
    if array.dtype.kind == "f":
        if not np.array_equal(found.astype(array.dtype), array, equal_nan=True):
            unknown("rounded")
        return Step(found, exact=True)
    wide = found.astype(np.float64).reshape(-1).tolist()
    pairs = zip(wide, array.reshape(-1).tolist(), strict=True)
    return Step(found, all(abs(x) != np.inf and int(x) == number for x, number in pairs))


def _cast(work: Work) -> Step:
    # for the smallest floats alone, which are not worked out
    work.integer("saturate", 1)
    work.attrs.get("round_mode")
    return converted(work.array(0), NUMBERS[work.integer("to")])


def as_cast(node: OnnxNode, inputs: list[Tensor | None]) -> tuple[OnnxNode, list[Tensor | None]]:
    """CastLike as the Cast that it is: of what it is like, nothing but the type is read."""
    like = inputs[1].dtype if len(inputs) == 2 and inputs[1] is not None else ""
    to = next((number for number, dtype in NUMBERS.items() if dtype == like), 0)
    return node._replace(op="Cast", attrs={**node.attrs, "to": to}), inputs[:1]


def _dequantize(work: Work) -> Step:
    """(x - zero point) * scale, of one scale or one for each position of an axis.

    Raises:
        ValueError: the difference is no int32 that float32 holds: tools wrap it, or do not.
    """
    x, scale, zero = work.array(0, "iu"), work.array(1, "f"), work.given(2)
    wide = scale.dtype != np.float32 or x.dtype.itemsize > 4
    typed = work.integer("output_dtype", 0) not in {0, 1} or work.integer("block_size", 0)
    if wide or typed or (zero is not None and (zero.dtype, zero.shape) != (x.dtype, scale.shape)):
        unknown("no quantized numbers")
    shifted = x.astype(np.int64)
    spread = (1,) * x.ndim
    if scale.shape:
        axis = work.axis(x.ndim, 1)
        spread = tuple(scale.size if i == axis else 1 for i in range(x.ndim))
        if scale.shape != (x.shape[axis],):
            unknown("not a scale for each position")
    else:
        work.integer("axis", 1)
    if zero is not None:
        shifted = shifted - zero.astype(np.int64).reshape(spread)
    if np.abs(shifted).max(initial=0) > exact(scale.dtype):
        unknown("too large to be exact")
    found = shifted.astype(np.float32) * scale.reshape(spread)
    return Step(found, product_is(shifted, scale.reshape(spread), found))


def _clip(work: Work) -> Any:
    """Bounds are attributes up to opset 10, inputs from 11 on; either may be left out."""
    x = without_nan(work.array(0, "iuf" if work.opset > 11 else "f"))
    bounds: list[Array | None]
    if work.opset >= 11:
        bounds = [work.given(1), work.given(2)]
    else:
        numbers = (work.attrs.get("min"), work.attrs.get("max"))
        bounds = [None if one is None else np.array(float(one), dtype=x.dtype) for one in numbers]
    there = [one for one in (x, *bounds) if one is not None]
    if x.dtype.kind == "f" and len(there) < 3 and any(np.isinf(one).any() for one in there):
        unknown("infinite, or the largest number that there is")
    for bound, inside in zip(bounds, (np.maximum, np.minimum), strict=True):
        if bound is not None:
            if bound.shape or bound.dtype != x.dtype:
                unknown("a bound is one number of the same type")
            x = inside(x, without_nan(bound))
    return x


def _where(work: Work) -> Any:
    chosen, first, second = work.array(0, "b"), work.array(1), work.array(2)
    if first.dtype != second.dtype:
        unknown("several types")
    few(np.broadcast_shapes(chosen.shape, first.shape, second.shape))
    return np.where(chosen, first, second)


TABLE: dict[str, Operator] = {
    "Cast": converts(_cast),
    "DequantizeLinear": several_steps(_dequantize),
    "Clip": keeps(_clip),
    "Where": keeps(_where),
}
