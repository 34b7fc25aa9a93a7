"""Operators of ATen that reshape, reorder, pad and spread."""

from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.padded import padded
from convcalc.interop.read.pt2.cutting import along
from convcalc.interop.read.pt2.node import Call, Handler, Other, Result
from convcalc.interop.trace.tensors import product
from convcalc.shapes import Shape


def _shaped(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    name = "size" if "size" in call.arguments else "shape"
    if name not in call.arguments:
        return call.unsupported(f"{call.target} as another type")
    sizes = call.ints(name, 1)
    result = call.op("reshape", [call.x], shape=sizes)
    result.batch_first &= call.follows or sizes[:1] == (-1,) or -1 not in sizes
    return result


def _shaped_as(call: Call) -> Result:
    other = call.get("other")
    if call.x.shape is None or other is None or other.shape is None:
        return call.op("reshape", [call.x])
    result = call.op("reshape", [call.x], shape=other.shape)
    result.batch_first &= other.constant or other.batch_first
    return result


def _flatten(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    start, end = call.axis("start_dim"), call.axis("end_dim", -1)
    middle = product(call.shape[start : end + 1])
    shape = (*call.shape[:start], middle, *call.shape[end + 1 :])
    return call.op("reshape", [call.x], shape=shape)


def _unflatten(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    axis, sizes = along(call), call.ints("sizes", 1)
    if -1 in sizes:
        known = product(size for size in sizes if size != -1)
        sizes = tuple(call.shape[axis] // max(known, 1) if s == -1 else s for s in sizes)
    shape = (*call.shape[:axis], *sizes, *call.shape[axis + 1 :])
    result = call.op("reshape", [call.x], shape=shape)
    result.batch_first &= axis > 0
    return result


def _squeeze(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    if "unsqueeze" in call.target:
        axis = call.placed(call.integer("dim", 0), call.rank + 1)
        shape = (*call.shape[:axis], 1, *call.shape[axis:])
        kept = axis > 0
    else:
        axes = set(map(call.placed, call.ints("dim", 1, None)))
        if "dim" not in call.arguments:  # an empty list names none
            axes = set(range(call.rank))
        kept = 0 not in axes
        shape = tuple(d for i, d in enumerate(call.shape) if not (d == 1 and i in axes))
    result = call.op("reshape", [call.x], shape=shape)
    result.batch_first &= kept
    return result


def _permute(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("transpose", [call.x])
    if call.target == "movedim":
        order = _moved(call)
    elif "permute" in call.target:
        order = tuple(map(call.placed, call.ints("dims", 1)))
    elif call.target == "t" and call.rank < 2:
        order = tuple(range(call.rank))
    elif call.target == "mT":
        order = (*range(call.rank - 2), call.rank - 1, call.rank - 2)
    else:
        first, second = call.axis("dim0"), call.axis("dim1", 1)  # of `t`, which names none
        swapped = {first: second, second: first}
        order = tuple(swapped.get(axis, axis) for axis in range(call.rank))
    return call.op("transpose", [call.x], perm=order)


def _moved(call: Call) -> Shape:
    """The order of the axes where some move to given places and the others keep theirs."""
    rank = call.rank
    sources, targets = (map(call.placed, call.ints(name, 1)) for name in ("source", "destination"))
    moved = dict(zip(targets, sources, strict=True))
    rest = iter(axis for axis in range(rank) if axis not in moved.values())
    return tuple(moved[at] if at in moved else next(rest) for at in range(rank))


def _pad(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("pad", [call.x])
    name = "pad" if "pad" in call.arguments else "padding"
    given = call.ints(name, 1)
    before, after = [0] * call.rank, [0] * call.rank
    for i in range(len(given) // 2):  # the last axis first
        before[-1 - i], after[-1 - i] = given[2 * i], given[2 * i + 1]
    mode = call.arguments.get("mode") or "constant"
    for word in ("reflect", "replicat"):
        mode = {"replicat": "edge"}.get(word, word) if word in call.target else mode
    value = call.number("value", 0.0) or 0.0
    stated = call.size_of(name)[0]
    made = padded(call.op, call.x, before, after, mode, value, copies=True, stated=stated)
    return made or call.unsupported(f"{call.target} with mode {mode} and negative sides")


def _identity(call: Call) -> Result:
    call.get("other")  # whose type or shape is taken
    return call.op("identity", [call.x])


def _copy(call: Call) -> Result:
    """The numbers of another tensor in the place of its own: an update of a buffer."""
    source = call.get("src")
    if source is None:
        return call.unsupported()
    shape = call.x.shape
    if source.shape is None or shape is None or source.shape == shape:
        made = call.op("identity", [source])
    else:
        made = call.op("expand", [source], shape=shape)
    if made.maker is not None and call.emitter.overwrites:
        made.maker.overwrites = False  # not what it reads
    return made


def _cast(call: Call) -> Result:
    """A change of type or place: between floats nothing but their width differs."""
    found = call.arguments.get("dtype")
    if isinstance(found, Other) and found.value not in PT2_FLOATS:
        return call.unsupported("a cast to integers")
    return _identity(call)


def _expand(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("identity", [call.x])
    wanted = call.ints("size", 1)
    shape = call.shape
    padded = (1,) * (len(wanted) - len(shape)) + shape
    target = tuple(o if w == -1 else w for w, o in zip(wanted, padded, strict=False))
    return _spread(call, target)


def _expand_as(call: Call) -> Result:
    other = call.get("other")
    if call.x.shape is None or other is None or other.shape is None:
        return call.op("identity", [call.x])
    return _spread(call, other.shape)


def _spread(call: Call, target: Shape) -> Result:
    """A tensor of another shape, as long as what it is combined with does not spread it itself."""
    if target == call.shape and not call.x.constant:
        return call.op("identity", [call.x])
    return call.op("expand", [call.x], shape=target)


TABLE: dict[str, Handler] = {
    "view": _shaped,
    "_unsafe_view": _shaped,
    "reshape": _shaped,
    "view_as": _shaped_as,
    "reshape_as": _shaped_as,
    "flatten": _flatten,
    "unflatten": _unflatten,
    "squeeze": _squeeze,
    "unsqueeze": _squeeze,
    "permute": _permute,
    "transpose": _permute,
    "t": _permute,
    "mT": _permute,
    "movedim": _permute,
    "pad": _pad,
    "constant_pad_nd": _pad,
    **{f"reflection_pad{n}d": _pad for n in (1, 2, 3)},
    **{f"replication_pad{n}d": _pad for n in (1, 2, 3)},
    "expand": _expand,
    "expand_as": _expand_as,
    "copy": _copy,
    "to": _cast,
    "_to_copy": _cast,
    **dict.fromkeys(
        (
            "alias",
            "contiguous",
            "clone",
            "detach",
            "type_as",
            "lift_fresh_copy",
        ),
        _identity,
    ),
}
