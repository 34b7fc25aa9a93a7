"""The shapes of tensor operations; those of windows are in `window_shapes`.

Each rule takes the shapes of the inputs (None where one is absent) and the attributes, batch axis
first; it raises `ShapeError` where they do not fit.
"""

from convcalc.interop.trace.tensors import product
from convcalc.interop.trace.window_shapes import WINDOWS, Attrs, Rule, ShapeError, Shapes
from convcalc.shapes import LARGEST_SIZE, Shape


def output_shape(kind: str, inputs: Shapes, attrs: Attrs) -> Shape | None:
    """The shape of an operation's output; None where it cannot be known.

    Raises:
        ShapeError: the inputs do not fit together.
    """
    rule = _RULES.get(kind)
    if rule is None or inputs[0] is None:
        return None
    try:
        shape = rule(inputs, attrs)
    except (IndexError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ShapeError("its inputs and attributes do not fit together") from error
    if shape is not None and any(not 0 <= dim <= LARGEST_SIZE for dim in shape):
        raise ShapeError("a size lies outside 0 to 2**31")
    return shape


def broadcast(*shapes: Shape) -> Shape:
    """The common shape of operands, aligned at the last axis.

    Raises:
        ShapeError: they cannot be aligned.

    >>> broadcast((1, 8, 9, 9), (8, 1, 1))
    (1, 8, 9, 9)
    """
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    result = []
    for dims in zip(*padded, strict=True):
        sizes = {dim for dim in dims if dim != 1}
        if len(sizes) > 1:
            listed = " and ".join(str(list(shape)) for shape in shapes)
            raise ShapeError(f"shapes {listed} do not match")
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def _reduce(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    axes = set(attrs["axes"])
    if attrs["keepdims"]:
        return tuple(1 if i in axes else dim for i, dim in enumerate(x))
    return tuple(dim for i, dim in enumerate(x) if i not in axes)


def _same(inputs: Shapes, attrs: Attrs) -> Shape | None:
    return inputs[0]


def _matmul(inputs: Shapes, attrs: Attrs) -> Shape | None:
    a, b = inputs[0], inputs[1]
    if a is None or b is None:
        return None
    if not a or not b:
        return None
    rows, columns = a[-2:-1], b[-1:] if len(b) > 1 else ()  # a vector has one of the two alone
    if a[-1] != b[-2 if columns else -1]:
        raise ShapeError(f"{list(a)} and {list(b)} cannot be multiplied")
    return (*broadcast(a[:-2], b[:-2]), *rows, *columns)


def _linear(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, weight = inputs[0], inputs[1]
    if x is None or weight is None:
        return None
    units, read = weight if attrs["rows"] else weight[::-1]
    if x[-1] != read:
        raise ShapeError(f"{x[-1]} numbers arrive, the weight reads {read}")
    return (*x[:-1], units)


def _binary(inputs: Shapes, attrs: Attrs) -> Shape | None:
    shapes = [shape for shape in inputs if shape is not None]
    return broadcast(*shapes) if len(shapes) == len(inputs) else None


def _prelu(inputs: Shapes, attrs: Attrs) -> Shape | None:
    """PyTorch's are `listed`, one a channel; others spread, what is read as well as the slopes.

    onnxruntime and PyTorch's kernel make more of what they read where there are more slopes, which
    ONNX forbids.
    """
    x, slope = inputs[0], inputs[1]
    if x is None or slope is None:
        return None
    return x if attrs.get("listed") and slope in (x[1:2], (1,)) else broadcast(x, slope)


def _concat(inputs: Shapes, attrs: Attrs) -> Shape | None:
    shapes = [shape for shape in inputs if shape is not None]
    if len(shapes) != len(inputs):
        return None
    axis = attrs["axis"]
    rest = {(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}
    if len(rest) > 1:
        raise ShapeError(f"shapes {' and '.join(str(list(s)) for s in shapes)} do not match")
    whole = sum(shape[axis] for shape in shapes)
    return (*shapes[0][:axis], whole, *shapes[0][axis + 1 :])


def _stack(inputs: Shapes, attrs: Attrs) -> Shape | None:
    shapes = [shape for shape in inputs if shape is not None]
    if len(shapes) != len(inputs):
        return None
    if len({*shapes}) > 1:
        raise ShapeError(f"shapes {' and '.join(str(list(s)) for s in shapes)} are not equal")
    axis = attrs["axis"]
    return (*shapes[0][:axis], len(shapes), *shapes[0][axis:])


def _slice(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    axis, length = attrs["axis"], len(range(attrs["start"], attrs["stop"], attrs["step"]))
    return (*x[:axis], length, *x[axis + 1 :])


def _gather(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, axis = inputs[0], attrs["axis"]
    assert x is not None, "the caller checks the first input"
    return (*x[:axis], len(attrs["indices"]), *x[axis + 1 :])


def _reshape(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, wanted = inputs[0], tuple(attrs["shape"])
    assert x is not None, "the caller checks the first input"
    if wanted.count(-1) > 1 or any(dim < -1 for dim in wanted):
        raise ShapeError(f"cannot be reshaped to {list(wanted)}")
    whole = product(x)
    if -1 in wanted:
        known = product(dim for dim in wanted if dim != -1)
        if not known or whole % known:
            raise ShapeError(f"{list(x)} cannot be reshaped to {list(wanted)}")
        wanted = tuple(whole // known if dim == -1 else dim for dim in wanted)
    if product(wanted) != whole:
        raise ShapeError(f"{list(x)} cannot be reshaped to {list(wanted)}")
    return wanted


def _transpose(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, order = inputs[0], attrs["perm"]
    assert x is not None, "the caller checks the first input"
    if sorted(order) != list(range(len(x))):
        raise ShapeError(f"{list(x)} has no axes {list(order)}")
    return tuple(x[i] for i in order)


def _pad(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    pairs = zip(x, attrs["before"], attrs["after"], strict=True)
    return tuple(dim + before + after for dim, before, after in pairs)


def _resize(inputs: Shapes, attrs: Attrs) -> Shape | None:
    return tuple(attrs["shape"])


def _depth_to_space(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, factor = inputs[0], attrs["factor"]
    assert x is not None, "the caller checks the first input"
    parts = factor ** (len(x) - 2)
    if x[1] % parts:
        raise ShapeError(f"{x[1]} channels do not divide by {parts}")
    return (x[0], x[1] // parts, *(dim * factor for dim in x[2:]))


def _space_to_depth(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, factor = inputs[0], attrs["factor"]
    assert x is not None, "the caller checks the first input"
    if any(dim % factor for dim in x[2:]):
        raise ShapeError(f"{list(x[2:])} does not divide by {factor}")
    return (x[0], x[1] * factor ** (len(x) - 2), *(dim // factor for dim in x[2:]))


def _expand(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    return broadcast(x, tuple(attrs["shape"]))


_RULES: dict[str, Rule] = {
    **WINDOWS,
    "reduce": _reduce,
    "matmul": _matmul,
    "linear": _linear,
    "binary": _binary,
    "prelu": _prelu,
    "concat": _concat,
    "stack": _stack,
    "slice": _slice,
    "gather": _gather,
    "reshape": _reshape,
    "transpose": _transpose,
    "pad": _pad,
    "resize": _resize,
    "depth_to_space": _depth_to_space,
    "space_to_depth": _space_to_depth,
    "expand": _expand,
    **dict.fromkeys(
        (
            "batch_norm",
            "instance_norm",
            "group_norm",
            "layer_norm",
            "lrn",
            "unary",
            "clip",
            "softmax",
            "log_softmax",
            "identity",
            "dropout",
            "channel_shuffle",
            "sequence",
            "cast",
        ),
        _same,
    ),
}
