"""The one table of ATen operators that are read."""

from collections.abc import Callable

from convcalc.interop.read.pt2.node import Call
from convcalc.interop.trace.tensors import Tensor, product

Result = Tensor | list[Tensor]
Handler = Callable[[Call], Result]


def _conv(call: Call) -> Result:
    weight = call.get("weight")
    if weight is None or not weight.constant:
        return call.unsupported(f"{call.target} with a computed weight")
    if weight.shape is None or call.x.shape is None:
        return call.op("conv", [call.x, weight])
    axes = len(weight.shape) - 2
    stride, dilation = call.ints("stride", axes, 1), call.ints("dilation", axes, 1)
    padding = call.arguments.get("padding")
    groups = call.integer("groups", 1)
    if padding == "same":  # torch: stride 1, the odd one at the end
        pads: object = "same"
    elif padding == "valid":
        pads = [(0, 0)] * axes
    else:
        pads = [(side, side) for side in call.ints("padding", axes, 0)]
    inputs = [call.x, weight, call.get("bias")]
    if call.flag("transposed", False) or "conv_transpose" in call.target:
        return call.op(
            "conv_transpose",
            inputs,
            stride=stride,
            pads=pads,
            dilation=dilation,
            groups=groups,
            output_pad=call.ints("output_padding", axes, 0),
        )
    return call.op("conv", inputs, stride=stride, pads=pads, dilation=dilation, groups=groups)


def _linear(call: Call) -> Result:
    weight = call.get("weight")
    if weight is None or not weight.constant:
        return call.unsupported("linear with a computed weight")
    return call.op("linear", [call.x, weight, call.get("bias")], rows=True)


def _matmul(call: Call) -> Result:
    other = call.get("mat2") or call.get("other")
    if other is None or not other.constant or call.x.constant or len(other.shape or ()) != 2:
        return call.unsupported(f"{call.target} of two activations")
    return call.op("linear", [call.x, other, None], rows=False)


def _addmm(call: Call) -> Result:
    first, second = call.get("mat1"), call.get("mat2")
    if first is None or second is None or not second.constant:
        return call.unsupported(f"{call.target} of two activations")
    return call.op("linear", [first, second, call.get("self")], rows=False)


def _pool(how: str, axes: int) -> Handler:
    def handler(call: Call) -> Result:
        if call.arguments.get("divisor_override") is not None:
            return call.unsupported(f"{call.target} with divisor_override")
        if how == "l2" and call.number("norm_type", 2) != 2:
            return call.unsupported(f"{call.target} of another norm than 2")
        kernel = call.ints("kernel_size", axes)
        stride = call.ints("stride", axes, None) or kernel
        result = call.op(
            "pool",
            [call.x],
            how=how,
            kernel=kernel,
            stride=stride,
            dilation=call.ints("dilation", axes, 1),
            pads=[(side, side) for side in call.ints("padding", axes, 0)],
            ceil=call.flag("ceil_mode", False),
            count_padding=call.flag("count_include_pad", True),
        )
        if "with_indices" in call.target:
            return [result, *call.emitter.unsupported([call.x], 1, "max_pool's indices")]
        return result

    return handler


def _adaptive(how: str, axes: int) -> Handler:
    def handler(call: Call) -> Result:
        if call.x.shape is None:
            return call.op("adaptive_pool", [call.x])
        output = call.ints("output_size", axes, 1)
        result = call.op("adaptive_pool", [call.x], how=how, output=output)
        if how == "max":
            return [result, *call.emitter.unsupported([call.x], 1, "adaptive_max_pool's indices")]
        return result

    return handler


def _reduce(how: str) -> Handler:
    def handler(call: Call) -> Result:
        if call.x.shape is None:
            return call.op("reduce", [call.x])
        axes = call.ints("dim", 1, None) or tuple(range(call.rank))
        found = tuple(sorted(axis % call.rank for axis in axes))
        return call.op(
            "reduce", [call.x], how=how, axes=found, keepdims=call.flag("keepdim", False)
        )

    return handler


def _batch_norm(call: Call) -> Result:
    names = ("weight", "bias", "running_mean", "running_var")
    result = call.op("batch_norm", [call.x, *(call.get(name) for name in names)])
    return [result, result, result][: max(call.outputs, 1)]


def _norm(kind: str, **attrs: str) -> Handler:
    def handler(call: Call) -> Result:
        inputs = [call.x, call.get("weight"), call.get("bias")]
        if kind == "layer_norm":
            axes = len(call.ints("normalized_shape", 1))
            return call.op(kind, inputs, axis=call.rank - axes)
        if kind == "group_norm":
            groups = call.integer("num_groups", 1)
            return call.op(kind, inputs, groups=groups)
        return call.op(kind, inputs)

    return handler


def _unary(name: str) -> Handler:
    return lambda call: call.op("unary", [call.x], f=name)


def _leaky(call: Call) -> Result:
    alpha = call.number("negative_slope", 0.01)
    return call.op("unary", [call.x], f="leaky_relu", alpha=alpha)


def _elu(call: Call) -> Result:
    if call.number("scale", 1) != 1 or call.number("input_scale", 1) != 1:
        return call.unsupported(f"{call.target} with a scale")
    return call.op("unary", [call.x], f="elu", alpha=call.number("alpha", 1.0))


def _hard_sigmoid(call: Call) -> Result:
    return call.op("unary", [call.x], f="hard_sigmoid", alpha=1 / 6)


def _clamp(call: Call) -> Result:
    low = call.number("min", None) if "min" in call.arguments else call.number("min_val", None)
    high = call.number("max", None) if "max" in call.arguments else call.number("max_val", None)
    if "hardtanh" in call.target:
        low, high = call.number("min_val", -1.0), call.number("max_val", 1.0)
    return call.op("clip", [call.x], low=low, high=high)


def _prelu(call: Call) -> Result:
    return call.op("prelu", [call.x, call.get("weight")])


def _softmax(call: Call) -> Result:
    return call.op("softmax", [call.x], axis=call.axis(default=-1))


def _binary(name: str) -> Handler:
    def handler(call: Call) -> Result:
        other: Tensor | None = call.get("other")
        if other is None:
            value = call.number("other", None)
            value = value if value is not None else call.number("exponent", None)
            if value is None:
                return call.unsupported()
            other = Tensor("", (), (value,))
        if call.number("alpha", 1) != 1:
            return call.unsupported(f"{call.target} with a factor")
        return call.op("binary", [call.x, other], f=name)

    return handler


def _cat(call: Call) -> Result:
    parts = call.tensors("tensors")
    if not parts or any(part.shape is None for part in parts):
        return call.op("concat", parts or [None])
    axis = call.integer("dim", 0) % len(parts[0].shape or (1,))
    return call.op("concat", parts, axis=axis)


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
    axis = call.axis()
    whole = call.shape[axis]
    if "chunk" in call.target:
        size = -(-whole // max(call.integer("chunks", 1), 1))
    else:
        size = call.integer("split_size", 0)
    sizes = list(call.ints("split_sizes", 1, None) or call.ints("split_size", 1, None))
    if len(sizes) <= 1 and "sizes" not in call.target:
        if size < 1:
            return call.unsupported()
        sizes = [min(size, whole - start) for start in range(0, whole, size)]
    return _slices(call, axis, sizes[:4096])


def _slice(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("slice", [call.x])
    axis = call.axis()
    size = call.shape[axis]
    if "narrow" in call.target:
        first = call.integer("start", 0) % max(size, 1)
        last, step = first + call.integer("length", 0), 1
    else:
        step = call.integer("step", 1)
        first, last, _ = slice(call.integer("start", 0), call.integer("end", size), step).indices(
            size
        )
    if (first, last, step) == (0, size, 1):
        return call.op("identity", [call.x])
    return call.op("slice", [call.x], axis=axis, start=first, stop=last, step=step)


def _shaped(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    name = "size" if "size" in call.arguments else "shape"
    return call.op("reshape", [call.x], shape=call.ints(name, 1))


def _flatten(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    start, end = call.axis("start_dim"), call.integer("end_dim", -1) % call.rank
    middle = product(call.shape[start : end + 1])
    return call.op("reshape", [call.x], shape=(*call.shape[:start], middle, *call.shape[end + 1 :]))


def _unflatten(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    axis, sizes = call.axis(), call.ints("sizes", 1)
    if -1 in sizes:
        known = product(size for size in sizes if size != -1)
        sizes = tuple(call.shape[axis] // max(known, 1) if s == -1 else s for s in sizes)
    shape = (*call.shape[:axis], *sizes, *call.shape[axis + 1 :])
    return call.op("reshape", [call.x], shape=shape)


def _squeeze(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("reshape", [call.x])
    if "unsqueeze" in call.target:
        axis = call.integer("dim", 0) % (call.rank + 1)
        shape = (*call.shape[:axis], 1, *call.shape[axis:])
    else:
        axes = {axis % call.rank for axis in call.ints("dim", 1, None)} or set(range(call.rank))
        shape = tuple(d for i, d in enumerate(call.shape) if not (d == 1 and i in axes))
    return call.op("reshape", [call.x], shape=shape)


def _permute(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("transpose", [call.x])
    if "permute" in call.target:
        order = tuple(axis % call.rank for axis in call.ints("dims", 1))
    else:
        first, second = call.axis("dim0"), call.axis("dim1")
        swapped = list(range(call.rank))
        swapped[first], swapped[second] = swapped[second], swapped[first]
        order = tuple(swapped)
    return call.op("transpose", [call.x], perm=order)


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
    if min((*before, *after), default=0) < 0:
        return _cut(call, before, after)
    value = call.number("value", 0.0) or 0.0
    return call.op("pad", [call.x], before=before, after=after, mode=mode, value=value)


def _cut(call: Call, before: list[int], after: list[int]) -> Result:
    """Padding by negative sides cuts; the others pad first."""
    result = call.x
    if max((*before, *after)) > 0:
        more = {"before": [max(side, 0) for side in before]}
        more["after"] = [max(side, 0) for side in after]
        result = call.op("pad", [result], **more, mode="constant", value=0.0)
    for axis, (first, last) in enumerate(zip(before, after, strict=True)):
        if first < 0 or last < 0:
            size = (result.shape or ())[axis]
            start, stop = max(-first, 0), size + min(last, 0)
            result = call.op("slice", [result], axis=axis, start=start, stop=stop, step=1)
    return result


def _upsample(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("resize", [call.x])
    spatial = call.shape[2:]
    size = call.arguments.get("output_size")
    if isinstance(size, list):
        target = call.ints("output_size", len(spatial))
    else:
        factors = call.arguments.get("scale_factors")
        if not isinstance(factors, list) or len(factors) != len(spatial):
            return call.unsupported(f"{call.target} by computed factors")
        target = tuple(int(s * f) for s, f in zip(spatial, factors, strict=True))
    mode = "nearest" if "nearest" in call.target else "bilinear"
    exact = "bicubic" if "bicubic" in call.target else ""
    shape = (*call.shape[:2], *target)
    return call.op("resize", [call.x], shape=shape, mode=mode, exact=exact)


def _by_factor(kind: str, name: str) -> Handler:
    return lambda call: call.op(kind, [call.x], factor=call.integer(name, 1))


def _shuffle(call: Call) -> Result:
    return call.op("channel_shuffle", [call.x], groups=call.integer("groups", 1))


def _identity(call: Call) -> Result:
    return call.op("identity", [call.x])


def _expand(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("identity", [call.x])
    wanted = call.ints("size", 1)
    shape = call.shape
    padded = (1,) * (len(wanted) - len(shape)) + shape
    target = tuple(o if w == -1 else w for w, o in zip(wanted, padded, strict=False))
    if call.x.constant:
        return call.op("expand", [call.x], shape=target)
    return call.op("identity", [call.x]) if target == shape else call.unsupported()


def _dropout(call: Call) -> Result:
    return call.op("dropout", [call.x], rate=call.number("p", 0.5) or 0.0)


OPERATORS: dict[str, Handler] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "convolution"), _conv),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _conv),
    "linear": _linear,
    "mm": _matmul,
    "matmul": _matmul,
    "addmm": _addmm,
    **{f"max_pool{n}d": _pool("max", n) for n in (1, 2, 3)},
    **{f"max_pool{n}d_with_indices": _pool("max", n) for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _pool("avg", n) for n in (1, 2, 3)},
    **{f"lp_pool{n}d": _pool("l2", n) for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": _adaptive("avg", n) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": _adaptive("max", n) for n in (1, 2, 3)},
    "mean": _reduce("avg"),
    "amax": _reduce("max"),
    "sum": _reduce("sum"),
    "linalg_vector_norm": _reduce("norm"),
    **dict.fromkeys(
        (
            "batch_norm",
            "_native_batch_norm_legit_no_training",
            "native_batch_norm",
            "cudnn_batch_norm",
        ),
        _batch_norm,
    ),
    "instance_norm": _norm("instance_norm"),
    "group_norm": _norm("group_norm"),
    "layer_norm": _norm("layer_norm"),
    **{
        name: _unary(kind)
        for name, kind in (
            ("relu", "relu"),
            ("relu6", "relu6"),
            ("selu", "selu"),
            ("gelu", "gelu"),
            ("silu", "silu"),
            ("mish", "mish"),
            ("hardswish", "hard_swish"),
            ("sigmoid", "sigmoid"),
            ("tanh", "tanh"),
            ("softplus", "softplus"),
            ("erf", "erf"),
            ("neg", "neg"),
            ("sqrt", "sqrt"),
            ("exp", "exp"),
            ("abs", "abs"),
        )
    },
    "hardsigmoid": _hard_sigmoid,
    "leaky_relu": _leaky,
    "elu": _elu,
    "hardtanh": _clamp,
    "clamp": _clamp,
    "clamp_min": _clamp,
    "clamp_max": _clamp,
    "prelu": _prelu,
    "_prelu_kernel": _prelu,
    "softmax": _softmax,
    "_softmax": _softmax,
    "add": _binary("add"),
    "sub": _binary("sub"),
    "mul": _binary("mul"),
    "div": _binary("div"),
    "pow": _binary("pow"),
    "maximum": _binary("max"),
    "minimum": _binary("min"),
    "cat": _cat,
    "concat": _cat,
    "split": _split,
    "split_with_sizes": _split,
    "chunk": _split,
    "slice": _slice,
    "narrow": _slice,
    "view": _shaped,
    "_unsafe_view": _shaped,
    "reshape": _shaped,
    "flatten": _flatten,
    "unflatten": _unflatten,
    "squeeze": _squeeze,
    "unsqueeze": _squeeze,
    "permute": _permute,
    "transpose": _permute,
    "pad": _pad,
    "constant_pad_nd": _pad,
    **{f"reflection_pad{n}d": _pad for n in (1, 2, 3)},
    **{f"replication_pad{n}d": _pad for n in (1, 2, 3)},
    **dict.fromkeys(
        (
            "upsample_nearest1d",
            "upsample_nearest2d",
            "upsample_nearest3d",
            "_upsample_nearest_exact2d",
            "upsample_bilinear2d",
            "upsample_linear1d",
            "upsample_trilinear3d",
            "upsample_bicubic2d",
        ),
        _upsample,
    ),
    "pixel_shuffle": _by_factor("depth_to_space", "upscale_factor"),
    "pixel_unshuffle": _by_factor("space_to_depth", "downscale_factor"),
    "channel_shuffle": _shuffle,
    "expand": _expand,
    "dropout": _dropout,
    "feature_dropout": _dropout,
    "alpha_dropout": _dropout,
    **dict.fromkeys(
        (
            "alias",
            "expand_as",  # what it is combined with spreads it
            "contiguous",
            "clone",
            "detach",
            "to",
            "_to_copy",
            "type_as",
            "lift_fresh_copy",
        ),
        _identity,
    ),
}
