"""Operations that move numbers: identities, channel shuffles, space to depth, padding; means."""

from collections.abc import Sequence

from convcalc.interop.trace.patterns.activations import is_binary, is_unary, with_number
from convcalc.interop.trace.shapes import output_shape
from convcalc.interop.trace.tensors import Op, Tensor, product

Readers = dict[int, list[Op]]

_MOST_IN_A_ROW = 16  #: of one kind that are read as one; nobody writes more, but to take long


def drop_identity(op: Op, readers: Readers) -> bool:
    """Read through what changes nothing."""
    changed = False
    for i, given in enumerate(op.inputs):
        tensor = given
        while tensor is not None and tensor.maker is not None and _changes_nothing(tensor.maker):
            tensor = op.inputs[i] = tensor.maker.inputs[0]
            changed = True
    return changed


def drop_expand(op: Op, readers: Readers) -> bool:
    """Read through what spreads a tensor, where a sum or product spreads it anyway."""
    changed = False
    for i, given in enumerate(op.inputs if op.kind == "binary" else ()):
        spread = given.maker if given is not None and not given.constant else None
        if spread is None or spread.kind != "expand":
            continue
        inputs = [*op.inputs[:i], spread.inputs[0], *op.inputs[i + 1 :]]
        shapes = [None if tensor is None else tensor.shape for tensor in inputs]
        if output_shape(op.kind, shapes, op.attrs) == op.output.shape:
            op.inputs, changed = inputs, True
    return changed


def join_reshapes(op: Op, readers: Readers) -> bool:
    """Of two reshapes the last one counts."""
    if op.kind != "reshape" or op.inputs[0] is None or op.output.shape is None:
        return False
    before = op.inputs[0].maker
    if before is None or before.kind != "reshape":
        return False
    op.become("reshape", before.inputs[:1], shape=op.output.shape)
    return True


def join_means(op: Op, readers: Readers) -> bool:
    """The mean of means over other axes is the mean over all of them; maxima alike."""
    x = op.inputs[0]
    before = x.maker if op.kind == "reduce" and x is not None else None
    if before is None or before.kind != "reduce" or len(readers.get(id(x), ())) != 1:
        return False
    how, keep, inner = (before.attrs[key] for key in ("how", "keepdims", "axes"))
    if how not in {"avg", "max"} or (how, keep) != (op.attrs["how"], op.attrs["keepdims"]):
        return False
    source = before.inputs[0]
    rank = len(source.shape or ()) if source is not None else 0
    left = [axis for axis in range(rank) if keep or axis not in inner]
    axes = tuple(sorted({*inner, *(left[axis] for axis in op.attrs["axes"])}))
    op.become("reduce", [source], how=how, axes=axes, keepdims=keep)
    return True


def l2_pool(op: Op, readers: Readers) -> bool:
    """The root of n times the mean of n squares, whose sign PyTorch takes apart first."""
    pair = with_number(op) if op.kind == "binary" and op.attrs["f"] == "pow" else None
    scaled = is_binary(pair[0], "mul") if pair is not None and pair[1] == 0.5 else None
    count = with_number(scaled) if scaled is not None else None
    parts = is_binary(count[0], "mul") if count is not None else None
    if count is None or parts is None:
        return False
    for sign, size in (parts.inputs, parts.inputs[::-1]):
        signed, positive = is_unary(sign, "sign"), is_unary(size, "relu")
        plain = is_unary(positive.inputs[0], "abs") if positive is not None else None
        mean = plain.inputs[0] if plain is not None else None
        pool = mean.maker if mean is not None else None
        if signed is None or pool is None or signed.inputs[0] is not mean or pool.kind != "pool":
            continue
        squares = is_binary(pool.inputs[0], "pow")
        two = with_number(squares) if squares is not None else None
        whole = pool.attrs["how"] == "avg" and not any(map(any, pool.attrs["pads"]))
        if two is not None and two[1] == 2 and whole and count[1] == product(pool.attrs["kernel"]):
            op.become("pool", [two[0]], **{**pool.attrs, "how": "l2", "mean": True})
            return True
    return False


def _changes_nothing(op: Op) -> bool:
    if not op.inputs or op.inputs[0] is None or op.inputs[0].shape is None:
        return False
    same = op.output.shape == op.inputs[0].shape
    if op.kind in {"identity", "cast"}:
        return same
    if op.kind == "reshape":
        return same
    if op.kind == "transpose":
        return tuple(op.attrs["perm"]) == tuple(range(len(op.attrs["perm"])))
    if op.kind == "concat":
        return len(op.inputs) == 1
    if op.kind == "pad":
        return not op.attrs["copies"] and not any((*op.attrs["before"], *op.attrs["after"]))
    return False


def channel_shuffle(op: Op, readers: Readers) -> bool:
    """[N, g*c, H, W] -> [N, g, c, H, W] -> [N, c, g, H, W] -> [N, c*g, H, W]."""
    turned = op.inputs[0].maker if op.kind == "reshape" and op.inputs[0] else None
    if turned is None or turned.kind != "transpose" or turned.inputs[0] is None:
        return False
    opened = turned.inputs[0].maker
    if opened is None or opened.kind != "reshape" or opened.inputs[0] is None:
        return False
    x, split = opened.inputs[0], turned.inputs[0].shape
    if x.shape is None or split is None or op.output.shape != x.shape:
        return False
    order = (0, 2, 1, *range(3, len(split)))
    inside = x.shape[0], split[1] * split[2] if len(split) > 2 else 0, *split[3:]
    if tuple(turned.attrs["perm"]) != order or inside != x.shape:
        return False
    op.become("channel_shuffle", [x], groups=split[1])
    return True


def focus(op: Op, readers: Readers) -> bool:
    """Every second row and column four times, joined: space to depth (YOLOv5's Focus)."""
    if op.kind != "concat" or op.attrs["axis"] != 1 or len(op.inputs) != 4:
        return False
    starts: list[tuple[int, int]] = []
    sources: set[int] = set()
    x: Tensor | None = None
    for part in op.inputs:
        at: dict[int, int] = {}
        tensor = part
        while tensor is not None and tensor.maker is not None and tensor.maker.kind == "slice":
            cut = tensor.maker
            if cut.attrs["step"] != 2 or cut.attrs["axis"] in at:
                return False
            at[cut.attrs["axis"]] = cut.attrs["start"]
            tensor = cut.inputs[0]
        if tensor is None or sorted(at) != [2, 3]:
            return False
        starts.append((at[2], at[3]))
        sources.add(id(tensor))
        x = tensor
    by_rows = [(0, 0), (0, 1), (1, 0), (1, 1)]
    if len(sources) != 1 or sorted(starts) != by_rows or x is None:
        return False
    n, channels, *sizes = x.shape or (0, 0)
    if op.output.shape != (n, 4 * channels, *(size // 2 for size in sizes)):
        return False  # of a part of it
    op.become("space_to_depth", [x], factor=2, order="dcr" if starts == by_rows else "")
    return True


def depth_written_out(op: Op, readers: Readers) -> bool:
    """Axes split, transposed and joined: neighbours as channels, or channels as neighbours."""
    joined = _before_reshapes(op.output)
    opened, perm = _before_transposes(joined)
    x = _before_reshapes(opened)
    if joined is op.output or opened is joined or x is opened:
        return False
    split = opened.shape
    old, new = x.shape or (), op.output.shape or ()
    if not 3 <= len(old) == len(new) or 0 in old or 0 in new:
        return False
    for kind, small, large, own in (
        ("depth_to_space", old, new, _to_space),
        ("space_to_depth", new, old, _to_depth),
    ):
        factor = large[2] // small[2]
        for order in ("crd", "dcr"):
            if factor > 1 and own(old, new, factor, order) == (split, perm):
                op.become(kind, [x], factor=factor, order=order)
                return True
    return False


def _before_reshapes(tensor: Tensor) -> Tensor:
    """The tensor before reshapes in a row."""
    for _ in range(_MOST_IN_A_ROW):
        made = tensor.maker
        if made is None or made.kind != "reshape" or not made.inputs[0]:
            break
        tensor = made.inputs[0]
    return tensor


def _before_transposes(tensor: Tensor) -> tuple[Tensor, tuple[int, ...]]:
    """The tensor before transposes in a row, and the order of its axes after all of them."""
    order = tuple(range(len(tensor.shape or ())))
    for _ in range(_MOST_IN_A_ROW):
        made = tensor.maker
        if made is None or made.kind != "transpose" or not made.inputs[0]:
            break
        order = tuple(made.attrs["perm"][axis] for axis in order)
        tensor = made.inputs[0]
    return tensor, order


_Steps = tuple[tuple[int, ...], tuple[int, ...]]


def _to_space(old: tuple[int, ...], new: tuple[int, ...], factor: int, order: str) -> _Steps:
    """The axes split and their order then, as channels become positions."""
    axes, channels, steps = len(old) - 2, new[1], (factor,) * (len(old) - 2)
    slow = order == "crd"
    split = (old[0], *((channels, *steps) if slow else (*steps, channels)), *old[2:])
    first = 2 if slow else 1
    pairs = (axis for at in range(axes) for axis in (2 + axes + at, first + at))
    return split, (0, 1 if slow else 1 + axes, *pairs)


def _to_depth(old: tuple[int, ...], new: tuple[int, ...], factor: int, order: str) -> _Steps:
    """The same as positions become channels."""
    split = (*old[:2], *(part for size in new[2:] for part in (size, factor)))
    places, steps = range(2, len(split), 2), range(3, len(split), 2)
    return split, (0, 1, *steps, *places) if order == "crd" else (0, *steps, 1, *places)


def depth_in_order(op: Op, readers: Readers) -> bool:
    """ONNX's space to depth with its channels put in PyTorch's order: one operation there."""
    if op.kind != "channel_shuffle" or op.inputs[0] is None:
        return False
    before = op.inputs[0].maker
    if before is None or before.kind != "space_to_depth" or before.attrs.get("order") != "dcr":
        return False
    parts = before.attrs["factor"] ** (len(op.output.shape or ()) - 2)
    if op.attrs["groups"] != parts or len(readers.get(id(op.inputs[0]), ())) != 1:
        return False
    op.become("space_to_depth", [before.inputs[0]], factor=before.attrs["factor"])
    return True


def padding(op: Op, readers: Readers) -> bool:
    """Zeros that go before a convolution or pool without padding are its padding.

    But for those where the kernel would pad by itself: the padded copy would no longer be counted.
    Infinities before a maximum are zeros there where no number is below 0, and noted elsewhere: no
    `pad` makes them.
    """
    if op.kind not in {"conv", "pool"} or op.inputs[0] is None or op.inputs[0].shape is None:
        return False
    before = op.inputs[0].maker
    if before is None or before.kind != "pad" or len(readers.get(id(op.inputs[0]), ())) != 1:
        return False
    pads, value = op.attrs.get("pads"), before.attrs["value"]
    first, last = before.attrs["before"], before.attrs["after"]
    if pads is None or isinstance(pads, str) or any(map(any, pads)) or first[1] or last[1]:
        return False
    if before.attrs["mode"] != "constant" or first[0] or last[0]:
        return False
    if op.kind == "conv":
        fits = value == 0
    else:
        low = value < -1e30 or (value == 0 and _not_negative(before.inputs[0]))
        average = op.attrs["how"] == "avg" and value == 0
        fits = (op.attrs["how"] == "max" and low) or average
        window = op.attrs["kernel"]
        if op.attrs["how"] == "max":
            taps = zip(window, op.attrs["dilation"], strict=True)
            window = [(kernel - 1) * apart + 1 for kernel, apart in taps]
        sides = (*first[2:], *last[2:])
        fits = fits and all(s < k for s, k in zip(sides, (*window, *window), strict=True))
    attrs = {**op.attrs, "pads": list(zip(first[2:], last[2:], strict=True))}
    inputs = [before.inputs[0], *op.inputs[1:]]
    shapes = [None if tensor is None else tensor.shape for tensor in inputs]
    if not fits or output_shape(op.kind, shapes, attrs) != op.output.shape:
        return False  # rounding up, a window may start in zeros and not in padding
    if first == last and _kernel_pads(op, first[2:]):
        if value == 0 or _not_negative(before.inputs[0]):
            before.attrs["value"] = 0.0
            return False
        attrs["padded_before"] = True
    if op.kind == "pool" and op.attrs["how"] == "avg":
        attrs["count_padding"] = True
    op.inputs, op.attrs = inputs, attrs
    return True


def _kernel_pads(op: Op, sides: Sequence[int]) -> bool:
    """Whether PyTorch's kernel takes as much padding at both ends: a pool half of its window."""
    if op.kind == "conv":
        return True
    taps = zip(sides, op.attrs["kernel"], strict=True)
    return all(side <= kernel // 2 for side, kernel in taps)


def _not_negative(tensor: Tensor | None) -> bool:
    """Whether a tensor holds no number below 0: what an activation of that kind made."""
    op = tensor.maker if tensor is not None else None
    return op is not None and op.kind == "unary" and op.attrs["f"] in {"relu", "relu6", "sigmoid"}
