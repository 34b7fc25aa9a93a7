"""Operators of ATen that cut volumes, and join them."""

from convcalc.interop.read.pt2.node import Call, Handler, Result
from convcalc.interop.trace.tensors import Tensor

_MOST_PARTS = 4096  #: that a volume is split into


def _cat(call: Call) -> Result:
    parts = call.tensors("tensors")
    if any(part.shape is None for part in parts):
        return call.op("concat", parts)
    axis = call.placed(call.integer("dim", 0), len(parts[0].shape or ()))
    return call.op("concat", parts, axis=axis)


def _stack(call: Call) -> Result:
    """An axis more, which is no volume's: a pattern finds parts that are joined over it again."""
    parts = call.tensors("tensors")
    if any(part.shape is None for part in parts):
        return call.op("stack", parts)
    axis = call.placed(call.integer("dim", 0), len(parts[0].shape or ()) + 1)
    return call.op("stack", parts, axis=axis)


def along(call: Call) -> int:
    """The axis that is cut, which one number does not have."""
    return call.placed(call.integer("dim", 0), call.rank)


def _slices(call: Call, axis: int, sizes: list[int]) -> list[Tensor]:
    results, start = [], 0
    for size in sizes:
        stop = start + size
        results.append(call.op("slice", [call.x], axis=axis, start=start, stop=stop, step=1))
        start = stop
    return results


def _split(call: Call) -> Result:
    if call.x.shape is None:
        return [call.op("slice", [call.x]) for _ in range(call.outputs)]
    axis = along(call)
    whole = call.shape[axis]
    if "chunk" in call.target:
        size = -(-whole // max(call.integer("chunks", 1), 1))
    else:
        size = call.integer("split_size", 0)
    sizes = list(call.ints("split_sizes", 1, None) or call.ints("split_size", 1, None))
    if len(sizes) <= 1 and "sizes" not in call.target:
        if size < 1:
            return call.unsupported()
        sizes = [min(size, whole - start) for start in range(0, whole, size)[:_MOST_PARTS]]
    return _slices(call, axis, sizes[:_MOST_PARTS])


def _slice(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("slice", [call.x])
    axis = along(call)
    size = call.shape[axis]
    if "narrow" in call.target:
        first = call.integer("start", 0) % max(size, 1)
        last, step, end = first + call.integer("length", 0), 1, 1
    else:
        step, end = call.integer("step", 1), call.integer("end", size)
        first, last, _ = slice(call.integer("start", 0), end, step).indices(size)
    if (first, last, step) == (0, size, 1):
        return call.op("identity", [call.x])
    stated = call.size_of("length" if "narrow" in call.target else "end")[0]
    stated = stated if step == 1 and 0 < end < size else ""  # from the end, or to it: no size
    return call.op("slice", [call.x], axis=axis, start=first, stop=last, step=step, stated=stated)


def _select(call: Call) -> Result:
    """One position of an axis, which goes: `x[:, :, -1]`."""
    if call.x.shape is None:
        return call.op("slice", [call.x])
    axis = along(call)
    size = max(call.shape[axis], 1)
    return _position(call, axis, call.integer("index", 0) % size)


def _position(call: Call, axis: int, at: int) -> Tensor:
    cut = call.op("slice", [call.x], axis=axis, start=at, stop=at + 1, step=1)
    return call.op("reshape", [cut], shape=(*call.shape[:axis], *call.shape[axis + 1 :]))


def _unbind(call: Call) -> Result:
    """Each position of an axis, which goes."""
    if call.x.shape is None:
        return [call.op("slice", [call.x]) for _ in range(call.outputs)]
    axis = along(call)
    return [_position(call, axis, at) for at in range(min(call.shape[axis], call.outputs))]


TABLE: dict[str, Handler] = {
    "cat": _cat,
    "stack": _stack,
    "concat": _cat,
    "split": _split,
    "split_with_sizes": _split,
    "chunk": _split,
    "slice": _slice,
    "narrow": _slice,
    "select": _select,
    "unbind": _unbind,
}
