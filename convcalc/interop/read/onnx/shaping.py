"""Operators of ONNX that move numbers: reshapes, cuts, joins."""

from convcalc.findings import plain
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.read.padded import padded
from convcalc.interop.trace.repeats import repeated


def identity(n: Reading) -> Result:
    """Identity, and what comes to the same."""
    return n.op("identity", [n.x])


def concat(n: Reading) -> Result:
    """Concat."""
    parts = [tensor for tensor in n.inputs if tensor is not None]
    if n.opset >= 4 and "axis" not in n.node.attrs:
        return n.wrong("axis", "there")
    return n.op("concat", parts, axis=n.axis(1))


def split(n: Reading) -> Result:
    """Split: a slice for each output."""
    count = len(n.node.outputs)
    if n.x.shape is None:
        return [n.op("slice", [n.x]) for _ in range(count)]
    axis = n.axis(0)
    whole = n.shape[axis]
    if n.computed(1):
        return n.unsupported("Split by computed sizes")
    sizes, parts = n.listed("split", 1), n.integer("num_outputs", count) or count
    if not sizes:
        each = -(-whole // parts)
        given = range(min(parts, count))
        sizes = tuple(max(min(each, whole - i * each), 0) for i in given)
    results, start = [], 0
    for size in sizes[:count]:
        results.append(n.op("slice", [n.x], axis=axis, start=start, stop=start + size, step=1))
        start += size
    return results


def slice_(n: Reading) -> Result:
    """Slice: one operation per axis."""
    if n.x.shape is None:
        return n.op("slice", [n.x])
    if n.opset < 10:
        starts, ends = n.ints("starts"), n.ints("ends")
        axes, steps = n.ints("axes"), None
    else:
        starts, ends = n.integers(1), n.integers(2)
        axes, steps = n.integers(3), n.integers(4)
    if starts is None or ends is None or n.computed(3, 4):
        return n.unsupported("Slice at computed places")
    axes = axes or tuple(range(len(starts)))
    steps = steps or (1,) * len(starts)
    result = n.x
    for start, end, at, step in zip(starts, ends, axes, steps, strict=True):
        axis = n.placed(at)
        size = n.shape[axis]
        if step < 1:
            return n.unsupported("Slice with a negative step")
        first, last, _ = slice(start, end, step).indices(size)
        if (first, last, step) != (0, size, 1):
            places = {"axis": axis, "start": first, "stop": last, "step": step}
            counted = step == 1 and 0 < end < size  # not from the end, or to it
            result = n.op("slice", [result], **places, stated="number" if counted else "")
    return n.op("identity", [n.x]) if result is n.x else result


def reshape(n: Reading) -> Result:
    """Reshape, with 0 for an axis that stays."""
    if n.x.shape is None:
        return n.op("reshape", [n.x])
    wanted, zeros = n.listed("shape", 1), n.integer("allowzero", 0)
    if wanted is None:
        return n.unsupported("Reshape to a computed shape")
    follows = wanted[:1] in {(0,), (-1,)} or n.follows(1)
    if not zeros:
        wanted = tuple(n.shape[i] if dim == 0 else dim for i, dim in enumerate(wanted))
    result = n.op("reshape", [n.x], shape=wanted)
    result.batch_first &= follows or -1 not in wanted
    return result


def flatten(n: Reading) -> Result:
    """Flatten: the axes before and from `axis` on become one each."""
    if n.x.shape is None:
        return n.op("reshape", [n.x])
    axis = n.placed(n.integer("axis", 1), beyond=1)
    first = 1
    for dim in n.shape[:axis]:
        first *= dim
    result = n.op("reshape", [n.x], shape=(first, -1))
    result.batch_first &= axis > 0
    return result


def squeeze(n: Reading) -> Result:
    """Squeeze and Unsqueeze."""
    if n.x.shape is None:
        return n.op("reshape", [n.x])
    axes = n.listed("axes", 1)
    kept = bool(axes)  # else those of one position go: of one image that of the batch
    if n.node.op == "Squeeze":
        if n.computed(1):
            return n.unsupported("Squeeze of computed axes")
        if axes is not None and not axes:
            return n.unsupported("Squeeze of an empty list of axes, which may mean all or none")
        if axes is None:
            axes = tuple(i for i, dim in enumerate(n.shape) if dim == 1)
        gone = set(map(n.placed, axes))
        shape = tuple(dim for i, dim in enumerate(n.shape) if i not in gone)
        kept = kept and 0 not in gone
    else:
        if axes is None or len(axes) > 8:
            return n.unsupported("Unsqueeze at computed axes")
        rank = n.rank + len(axes)
        new = {n.placed(axis, rank) for axis in axes}
        if len(new) < len(axes):
            return n.unsupported("Unsqueeze twice at one axis")
        rest = iter(n.shape)
        shape = tuple(1 if i in new else next(rest) for i in range(rank))
        kept = 0 not in new
    result = n.op("reshape", [n.x], shape=shape)
    result.batch_first &= kept
    return result


def transpose(n: Reading) -> Result:
    """Transpose."""
    order = n.ints("perm") or tuple(reversed(range(n.rank)))
    order = tuple(map(n.placed, order))  # some exporters count from the end
    return n.op("transpose", [n.x], perm=order)


def pad(n: Reading) -> Result:
    """Pad."""
    if n.x.shape is None:
        return n.op("pad", [n.x])
    given = n.listed("pads" if "pads" in n.node.attrs else "paddings", 1)
    if given is None or n.computed(3):
        return n.unsupported("Pad by computed sides")
    if n.computed(2):
        return n.unsupported("Pad with a computed number")
    axes = n.integers(3) or tuple(range(n.rank))
    before, after = [0] * n.rank, [0] * n.rank
    for i, axis in enumerate(map(n.placed, axes)):
        before[axis], after[axis] = given[i], given[len(axes) + i]
    number = n.get(2)
    value = n.real("value", 0.0) if number is None else number.scalar
    mode = n.word("mode", "constant", "reflect", "edge", "wrap")
    made = padded(n.op, n.x, before, after, mode, value or 0.0)
    return made or n.unsupported(f"Pad with mode {plain(mode[:20])} and negative sides")


def depth_to_space(n: Reading) -> Result:
    """DepthToSpace and SpaceToDepth."""
    deep = n.node.op == "DepthToSpace"
    kind = "depth_to_space" if deep else "space_to_depth"
    order = n.word("mode", "DCR", "CRD").lower() if deep else "dcr"
    return n.op(kind, [n.x], factor=n.integer("blocksize", 1), order=order)


def expand(n: Reading) -> Result:
    """Expand: nothing where the shape is the input's already."""
    wanted = n.integers(1)
    if n.x.shape is None:
        return n.op("identity", [n.x])
    if wanted is None:
        return n.unsupported("Expand to a computed shape")
    result = n.op("expand", [n.x], shape=wanted)
    return result if result.shape != n.x.shape else n.op("identity", [n.x])


def tile(n: Reading) -> Result:
    """Tile: nothing where no axis is repeated."""
    times = n.integers(1)
    if n.x.shape is None:
        return n.op("identity", [n.x])
    if times is None:
        return n.unsupported("Tile by a computed number of times")
    if len(times) == n.rank and set(times) == {1}:
        return n.op("identity", [n.x])
    return n.unsupported(repeated("Tile", n.x.shape, times))


def gather(n: Reading) -> Result:
    """Gather of one position or of a run of neighbours; of weights anything.

    Of positions it is read where a pattern knows what they are for.
    """
    indices = n.integers(1)
    if n.x.shape is None:
        return n.op("identity", [n.x])
    axis, given = n.axis(0), n.tensor(1)
    if indices is not None and len(indices) == 1 and -n.shape[axis] <= indices[0] < n.shape[axis]:
        at = indices[0] % n.shape[axis]  # `x[:, :, -1]`
        cut = n.op("slice", [n.x], axis=axis, start=at, stop=at + 1, step=1)
        if given.shape == (1,):
            return cut
        shape = (*n.shape[:axis], *(given.shape or ()), *n.shape[axis + 1 :])
        return n.op("reshape", [cut], shape=shape)
    # an expanded `as_strided` without strides: every number once, in order
    count = n.shape[0] if n.rank == 1 else 0
    ordered = indices == tuple(range(count)) or (indices is None and "as_strided" in n.node.name)
    if given.constant and given.size == count and given.shape and ordered:
        return n.op("reshape", [n.x], shape=given.shape)
    inside = indices and 0 <= min(indices) <= max(indices) < n.shape[axis]
    if indices and inside and 1 < axis < n.rank and len(given.shape or ()) == 1:
        return n.op("gather", [n.x], axis=axis, indices=indices)
    return n.unsupported("Gather")


def if_(n: Reading) -> Result:
    """If whose condition is not known: the side that is taken is not either.

    It is no constant whatever its condition is: its sides read what stands around them.
    """
    condition = n.get(0)
    why = "If with a condition that the input decides"
    if condition is not None and condition.constant:
        why = "If with a condition whose value is not in the file"
    return n.emitter.unsupported([], len(n.node.outputs), why)


TABLE: dict[str, Handler] = {
    "If": if_,
    "Identity": identity,
    "Concat": concat,
    "Split": split,
    "Slice": slice_,
    "Reshape": reshape,
    "Flatten": flatten,
    "Squeeze": squeeze,
    "Unsqueeze": squeeze,
    "Transpose": transpose,
    "Pad": pad,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": depth_to_space,
    "Expand": expand,
    "Tile": tile,
    "Gather": gather,
}
