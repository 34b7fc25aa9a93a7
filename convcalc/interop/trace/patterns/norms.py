"""Norms that are written out, and the scale and shift after a norm."""

from convcalc.interop.trace.patterns.activations import is_binary, with_number
from convcalc.interop.trace.patterns.linear import per_channel
from convcalc.interop.trace.tensors import Op, Tensor

Readers = dict[int, list[Op]]
_MOST_AROUND = 16  #: operations around the pool of a norm over neighbouring channels
_NORMS = frozenset({"batch_norm", "instance_norm", "group_norm", "layer_norm"})


def written_out(op: Op, readers: Readers) -> bool:
    """(x - mean) / sqrt(mean((x - mean)^2) + eps): layer norm before opset 17."""
    found = _over_root(op)
    if found is None:
        return False
    centred, added = is_binary(found[0], "sub"), is_binary(found[1], "add")
    pair = with_number(added) if added else None
    if centred is None or pair is None or centred.inputs[0] is None:
        return False
    mean, variance = _mean(centred.inputs[1]), _mean(pair[0])
    if mean is None or variance is None or mean.inputs[0] is not centred.inputs[0]:
        return False
    square = variance.inputs[0].maker if variance.inputs[0] else None
    if square is None or not _squares(square, centred):
        return False
    x = centred.inputs[0]
    axes, rank = mean.attrs["axes"], len(x.shape or ())
    if axes != variance.attrs["axes"] or not axes:
        return False
    if axes == tuple(range(axes[0], rank)):
        op.become("layer_norm", [x, None, None], axis=axes[0], epsilon=pair[1])
    elif axes == (1,):  # over the channels where they come first
        op.become("layer_norm", [x, None, None], axis=1, only=True, epsilon=pair[1])
    elif axes in {(0, *range(2, rank)), tuple(range(rank - 1))}:  # channels first or last
        op.become("unsupported", [x], why=f"{op.source}: batch norm without running statistics")
    else:
        return False
    return True


def _over_root(op: Op) -> tuple[Tensor, Tensor] | None:
    """What is divided, and of what by the square root: a / sqrt(b), or a * rsqrt(b)."""
    if op.kind != "binary" or op.attrs["f"] not in {"div", "mul"} or len(op.inputs) != 2:
        return None
    power = 0.5 if op.attrs["f"] == "div" else -0.5
    for a, b in (op.inputs, op.inputs[::-1])[: 1 if power > 0 else 2]:
        under = _under_root(b, power)
        if a is not None and under is not None:
            return a, under
    return None


def _under_root(tensor: Tensor | None, power: float, depth: int = 3) -> Tensor | None:
    """x, where the tensor is x to the power of 1/2 or -1/2, however that is written."""
    op = tensor.maker if tensor is not None else None
    if op is None or not depth:
        return None
    name = op.attrs["f"] if op.kind in {"unary", "binary"} else ""
    if name == "reciprocal":
        return _under_root(op.inputs[0], -power, depth - 1)
    if name == "div" and op.inputs[0] is not None and op.inputs[0].scalar == 1:
        return _under_root(op.inputs[1], -power, depth - 1)
    if name in {"pow", "mul"}:  # PyTorch writes 1 / x as a reciprocal times 1
        x, number = with_number(op) or (None, 0.0)
        if name == "mul":
            return _under_root(x, power, depth - 1) if number == 1 else None
        return x if number == power and x is op.inputs[0] else None
    return op.inputs[0] if name == ("sqrt" if power > 0 else "rsqrt") else None


def _squared(op: Op, x: Tensor) -> bool:
    """Whether an operation is the square of this tensor."""
    if op.kind != "binary" or len(op.inputs) != 2 or op.inputs[0] is not x:
        return False
    other = op.inputs[1]
    if op.attrs["f"] == "pow":
        return other is not None and other.scalar == 2
    return op.attrs["f"] == "mul" and other is x


def _squares(op: Op, centred: Op) -> bool:
    """Whether an operation is the square of what was centred, once or a second time."""
    if op.kind != "binary" or len(op.inputs) != 2:
        return False
    a, b = op.inputs
    if a is None or b is None:
        return False
    if op.attrs["f"] == "pow":
        return b.scalar == 2 and _same(a.maker, centred)
    return op.attrs["f"] == "mul" and all(_same(x.maker, centred) for x in (a, b))


def _same(op: Op | None, centred: Op) -> bool:
    """Whether an operation is `centred`, or takes a mean of the same axes from the same tensor."""
    if op is centred:
        return True
    if op is None or op.kind != "binary" or op.attrs["f"] != "sub" or len(op.inputs) != 2:
        return False
    mine, other = _mean(op.inputs[1]), _mean(centred.inputs[1])
    if mine is None or other is None or op.inputs[0] is not centred.inputs[0]:
        return False
    return mine.inputs[0] is op.inputs[0] and mine.attrs["axes"] == other.attrs["axes"]


def _mean(tensor: Tensor | None) -> Op | None:
    """What takes a mean that keeps its axes, at once or by a reshape after it."""
    op = tensor.maker if tensor is not None else None
    kept = None
    if op is not None and op.kind == "reshape" and op.inputs[0] is not None:
        kept, op = op.output.shape, op.inputs[0].maker
    if op is None or op.kind != "reduce" or op.attrs["how"] != "avg" or op.inputs[0] is None:
        return None
    sizes, axes = op.inputs[0].shape or (), op.attrs["axes"]
    ones = tuple(1 if axis in axes else size for axis, size in enumerate(sizes))
    return op if kept == ones or (kept is None and op.attrs["keepdims"]) else None


def local_response(op: Op, readers: Readers) -> bool:
    """x / (k + alpha * mean of the squares of neighbouring channels)^beta, as PyTorch does it."""
    if op.kind != "binary" or op.attrs["f"] != "div" or len(op.inputs) != 2:
        return False
    power = is_binary(op.inputs[1], "pow")
    beta = with_number(power) if power else None
    if power is None or beta is None or beta[0] is not power.inputs[0]:
        return False
    added = is_binary(beta[0], "add")
    k = with_number(added) if added else None
    scaled = is_binary(k[0], "mul") if k else None
    alpha = with_number(scaled) if scaled else None
    if k is None or alpha is None:
        return False
    at = alpha[0].maker
    size = before = 0
    for _ in range(_MOST_AROUND):
        if at is None or at.kind not in {"reshape", "pool", "pad", "identity"}:
            break
        if at.kind == "pool" and at.attrs["how"] == "avg":
            size = max(at.attrs["kernel"])
            before = max(begin for begin, _ in at.attrs["pads"])
        if at.kind == "pad":
            before = max(before, *at.attrs["before"])
        at = at.inputs[0].maker if at.inputs[0] is not None else None
    if not size or before != size // 2 or at is None or op.inputs[0] is None:
        return False
    if not _squared(at, op.inputs[0]):
        return False
    numbers = {"alpha": alpha[1], "beta": beta[1], "k": k[1]}
    op.become("lrn", op.inputs[:1], size=size, **numbers)
    return True


def unfolded_response(op: Op, readers: Readers) -> bool:
    """Positions laid in a row, a local response norm, and back: it is over the channels alone."""
    norm = op.inputs[0].maker if op.kind == "reshape" and op.inputs[0] is not None else None
    if norm is None or norm.kind != "lrn" or norm.inputs[0] is None:
        return False
    opened = norm.inputs[0].maker
    if opened is None or opened.kind != "reshape" or opened.inputs[0] is None:
        return False
    x, inside = opened.inputs[0], norm.inputs[0].shape or ()
    if x.shape is None or op.output.shape != x.shape or inside[:2] != x.shape[:2]:
        return False
    op.become("lrn", [x], **norm.attrs)
    return True


def group_norm(op: Op, readers: Readers) -> bool:
    """Groups laid out as channels, an instance norm, and back: what PyTorch exports."""
    if op.kind != "reshape" or op.inputs[0] is None:
        return False
    norm = op.inputs[0].maker
    if norm is None or norm.kind != "instance_norm" or norm.inputs[0] is None:
        return False
    opened = norm.inputs[0].maker
    if opened is None or opened.kind != "reshape" or opened.inputs[0] is None:
        return False
    x, inside = opened.inputs[0], norm.inputs[0].shape
    if inside is None or x.shape is None or op.output.shape != x.shape or len(inside) < 3:
        return False
    if inside == (*x.shape, 1) and len(x.shape) == 2:
        op.become(norm.kind, [x, *norm.inputs[1:]], **norm.attrs)  # of a vector
        return True
    if any(not _neutral(*pair) for pair in zip(norm.inputs[1:3], (1.0, 0.0), strict=False)):
        return False
    more = {"epsilon": norm.attrs["epsilon"]} if "epsilon" in norm.attrs else {}
    op.become("group_norm", [x, None, None], groups=inside[1], **more)
    return True


def _neutral(tensor: Tensor | None, number: float) -> bool:
    """Whether a scale or shift changes nothing; one whose numbers are not in the file may not."""
    if tensor is None or tensor.value is None:
        return True
    return all(value == number for value in tensor.value)


def affine(op: Op, readers: Readers) -> bool:
    """A scale and a shift of one number a channel after a norm that has none."""
    if op.kind != "binary" or op.attrs["f"] not in {"mul", "add"} or len(op.inputs) != 2:
        return False
    place = 1 if op.attrs["f"] == "mul" else 2
    for x, constant in (op.inputs, op.inputs[::-1]):
        norm = x.maker if x is not None else None
        if norm is None or norm.kind not in _NORMS or constant is None or x is None:
            continue
        if not constant.sources or len(readers.get(id(x), ())) != 1:
            continue
        given = [*norm.inputs[1:3], None, None][:2]
        if given[place - 1] is not None or (place == 1 and given[1] is not None):
            continue
        if norm.kind == "layer_norm" and not norm.attrs.get("only"):
            whole = x.shape is not None and constant.shape == x.shape[norm.attrs["axis"] :]
            fits = whole or per_channel(constant, x, len(x.shape or ()) - 1)
        else:
            fits = per_channel(constant, x, 1)
        if not fits:
            continue
        inputs = list(norm.inputs)
        inputs[place] = constant
        op.become(norm.kind, inputs, **norm.attrs)
        op.scopes, op.source = norm.scopes, norm.source  # its own name: where the numbers are done
        return True
    return False
