"""What moves numbers and changes none: joins, cuts, other shapes."""

from typing import Any

import numpy as np

from convcalc.interop.read.axes import placed
from convcalc.interop.read.onnx.constants.rounding import Operator, keeps
from convcalc.interop.read.onnx.constants.work import Work, unknown
from convcalc.interop.read.onnx.few import few
from convcalc.interop.trace.tensors import product


def _unsqueeze(work: Work) -> Any:
    axes, result = work.listed("axes", 1, since=13), work.array(0)
    if axes is None:
        unknown("no axes")
    rank = result.ndim + len(axes)
    if rank > 32:
        unknown("too many axes")
    new = {placed(axis, rank) for axis in axes}
    if len(new) < len(axes):
        unknown("an axis twice")
    for axis in sorted(new):
        result = np.expand_dims(result, axis)
    return result


def _squeeze(work: Work) -> Any:
    axes, x = work.listed("axes", 1, since=13), work.array(0)
    if axes is not None and not axes:
        unknown("no axes, or all of them")
    return np.squeeze(x, tuple(axes) if axes is not None else None)


def _slice(work: Work) -> Any:
    x = work.array(0)
    starts, ends = work.listed("starts", 1, since=10), work.listed("ends", 2, since=10)
    axes, steps = work.listed("axes", 3, since=10), None
    if work.opset >= 10:
        steps = work.listed("steps", 4, since=10)
    if starts is None or ends is None:
        unknown("no places")
    along = list(range(len(starts))) if axes is None else [placed(axis, x.ndim) for axis in axes]
    if len(set(along)) < len(along):
        unknown("an axis twice")
    cut: list[slice] = [slice(None)] * x.ndim
    by = [1] * len(starts) if steps is None else steps
    for start, end, axis, step in zip(starts, ends, along, by, strict=True):
        size = x.shape[axis]
        if step < 0 and (end >= 2**31 - 1 or start < -size):
            unknown("nothing, or down to the first")
        # an end before the first number, which `x[:-9:-1]` says in Python as well
        cut[axis] = slice(start, None if step < 0 and end < -size else end, step)
    return x[tuple(cut)]


def _reshape(work: Work) -> Any:
    x, wanted = work.array(0), work.listed("shape", 1, since=5)
    zeros = work.opset >= 14 and work.flag("allowzero", 0)
    if wanted is None or min(wanted, default=0) < -1 or (zeros and {0, -1} <= set(wanted)):
        unknown("no shape")
    if not zeros:
        wanted = [x.shape[i] if dim == 0 else dim for i, dim in enumerate(wanted)]
    return x.reshape(wanted)


def _flatten(work: Work) -> Any:
    x = work.array(0)
    axis = work.axis(x.ndim, 1, beyond=1)
    return x.reshape(product(x.shape[:axis]), product(x.shape[axis:]))


def _transpose(work: Work) -> Any:
    return np.transpose(work.array(0), work.ints("perm"))


def _split(work: Work) -> Any:
    """By sizes, or into parts of one size, as many as there are outputs."""
    x = work.array(0)
    axis, sizes = work.axis(x.ndim, 0), work.listed("split", 1, since=13)
    whole = x.shape[axis]
    if sizes is None:
        parts = work.outputs
        if (work.opset >= 18 and work.integer("num_outputs") != parts) or whole % parts:
            unknown("parts of several sizes")
        sizes = [whole // parts] * parts
    if len(sizes) != work.outputs or min(sizes) < 0 or sum(sizes) != whole:
        unknown("its sizes are not those of the outputs")
    return np.split(x, np.cumsum(sizes)[:-1].tolist(), axis=axis)


def _gather(work: Work) -> Any:
    x, places = work.array(0), work.array(1, "i")
    axis = work.axis(x.ndim, 0)
    few((*places.shape, *x.shape[:axis], *x.shape[axis + 1 :]))
    if not np.all((places >= -x.shape[axis]) & (places < x.shape[axis])):
        unknown("no such place")  # where there is no number at all, numpy does not say so
    return np.take(x, places, axis=axis)


def _concat(work: Work) -> Any:
    arrays = work.operands("")
    few((sum(array.size for array in arrays),))
    return np.concatenate(arrays, axis=work.axis(arrays[0].ndim, 1 if work.opset < 4 else None))


def _expand(work: Work) -> Any:
    wanted = few(work.integers(1))
    return np.broadcast_to(work.array(0), few(np.broadcast_shapes(work.array(0).shape, wanted)))


def _tile(work: Work) -> Any:
    x = work.array(0)
    counts = few(work.integers(1))
    if len(counts) != x.ndim or work.opset < 6:
        unknown("a count for each axis")
    few((*x.shape, *counts))  # tiled axis by axis: a last count of 0 frees nothing before
    return np.tile(x, counts)


TABLE: dict[str, Operator] = {
    "Identity": keeps(lambda work: work.array(0)),
    "Unsqueeze": keeps(_unsqueeze),
    "Squeeze": keeps(_squeeze),
    "Slice": keeps(_slice),
    "Reshape": keeps(_reshape),
    "Flatten": keeps(_flatten),
    "Transpose": keeps(_transpose),
    "Split": keeps(_split),
    "Gather": keeps(_gather),
    "Concat": keeps(_concat),
    "Expand": keeps(_expand),
    "Tile": keeps(_tile),
}
