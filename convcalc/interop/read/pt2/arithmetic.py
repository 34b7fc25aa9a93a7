"""Products with weights, norms, activations and arithmetic of ATen."""

from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.pt2.node import Call, Handler, Other, Result
from convcalc.interop.trace.products import unread_product
from convcalc.interop.trace.tensors import Tensor


def _linear(call: Call) -> Result:
    weight = call.get("weight")
    if weight is None or not weight.constant:
        return call.unsupported("linear with a computed weight")
    return call.op("linear", [call.x, weight, call.get("bias")], rows=True)


def _matmul(call: Call) -> Result:
    other = call.get("mat2") or call.get("other")
    if other is None or not other.constant or call.x.constant or len(other.shape or ()) != 2:
        return call.unsupported(unread_product(call.target, call.x, other))
    return call.op("linear", [call.x, other, None], rows=False)


def _addmm(call: Call) -> Result:
    first, second = call.get("mat1"), call.get("mat2")
    if not call.only("alpha", 1) or not call.only("beta", 1):
        return call.unsupported(f"{call.target} with a factor")
    if first is None or second is None or not second.constant:
        return call.unsupported(unread_product(call.target, first, second))
    return call.op("linear", [first, second, call.get("self")], rows=False)


def _reduce(how: str) -> Handler:
    def handler(call: Call) -> Result:
        if call.x.shape is None:
            return call.op("reduce", [call.x])
        if not call.only("ord", 2) or not _float(call, "dtype"):
            return call.unsupported(f"{call.target} of another sort")
        axes = call.ints("dim", 1, None) or tuple(range(call.rank))
        found = tuple(sorted(map(call.placed, axes)))
        return call.op(
            "reduce", [call.x], how=how, axes=found, keepdims=call.flag("keepdim", False)
        )

    return handler


def _extreme(how: str) -> Handler:
    """max, min: of two volumes, or along an axis, whose places are the second output."""

    def handler(call: Call) -> Result:
        if call.get("other") is not None:
            return _binary(how)(call)
        if "dim" not in call.arguments:
            return call.unsupported(f"{call.target} of all numbers")
        if how == "min":
            return call.unsupported(f"{call.target} along an axis")
        found = _reduce(how)(call)
        values = found if isinstance(found, list) else [found]
        return [values[0], *call.emitter.unsupported([call.x], 1, f"{call.target}'s indices")]

    return handler


def _glu(call: Call) -> Result:
    """Half of the numbers times the sigmoid of the others."""
    if call.x.shape is None:
        return call.op("slice", [call.x])
    axis = call.axis(default=-1)
    size = call.shape[axis] // 2
    halves = [
        call.op("slice", [call.x], axis=axis, start=start, stop=start + size, step=1)
        for start in (0, size)
    ]
    gate = call.op("unary", halves[1:], f="sigmoid")
    return call.op("binary", [halves[0], gate], f="mul")


def _variance(call: Call) -> Result:
    """var, var_mean: the mean of the squares of what is left without the mean."""
    if call.x.shape is None:
        return [call.op("reduce", [call.x]) for _ in range(call.outputs)]
    if call.number("correction", float(call.flag("unbiased", True))):
        return call.unsupported(f"{call.target} of a sample: divided by one less than its size")
    axes = call.ints("dim", 1, None) or tuple(range(call.rank))
    found = tuple(sorted(map(call.placed, axes)))
    keep = call.flag("keepdim", False)
    mean = call.op("reduce", [call.x], how="avg", axes=found, keepdims=True)
    centred = call.op("binary", [call.x, mean], f="sub")
    square = call.op("binary", [centred, centred], f="mul")
    variance = call.op("reduce", [square], how="avg", axes=found, keepdims=keep)
    if call.target == "var":
        return variance
    return [variance, call.op("reduce", [call.x], how="avg", axes=found, keepdims=keep)]


def _batch_norm(call: Call) -> Result:
    names = ("weight", "bias", "running_mean", "running_var")
    tensors = [call.get(name) for name in names]
    if tensors[2] is None:
        return call.unsupported(f"{call.target} without running statistics")
    result = call.op("batch_norm", [call.x, *tensors], epsilon=_epsilon(call))
    return [result, result, result][: max(call.outputs, 1)]


def _norm(kind: str, **attrs: str) -> Handler:
    def handler(call: Call) -> Result:
        inputs = [call.x, call.get("weight"), call.get("bias")]
        epsilon = _epsilon(call)
        if kind == "layer_norm":
            axes = len(call.ints("normalized_shape", 1))
            return call.op(kind, inputs, axis=call.rank - axes, epsilon=epsilon)
        if kind == "group_norm":
            groups = call.integer("num_groups", 1)
            return call.op(kind, inputs, groups=groups, epsilon=epsilon)
        statistics = [call.get("running_mean"), call.get("running_var")]
        if not call.flag("use_input_stats", True):  # by numbers that were kept: a batch norm
            return call.op("batch_norm", [*inputs, *statistics], epsilon=epsilon)
        return call.op(kind, inputs, epsilon=epsilon)

    return handler


def _epsilon(call: Call) -> float:
    return call.number("eps", 1e-5) or 0.0


def _float(call: Call, name: str) -> bool:
    """Whether a data type is absent or one of the floats: only the width differs."""
    found = call.arguments.get(name)
    return found is None or (isinstance(found, Other) and found.value in PT2_FLOATS)


def _unary(name: str) -> Handler:
    return lambda call: call.op("unary", [call.x], f=name)


def _gelu(call: Call) -> Result:
    tanh = not call.only("approximate", "none")
    return call.op("unary", [call.x], f="gelu", exact="tanh" if tanh else "")


def _softplus(call: Call) -> Result:
    if not call.only("beta", 1) or not call.only("threshold", 20):
        return call.unsupported("softplus with its own beta or threshold")
    return call.op("unary", [call.x], f="softplus")


def _leaky(call: Call) -> Result:
    alpha = call.number("negative_slope", 0.01)
    return call.op("unary", [call.x], f="leaky_relu", alpha=alpha)


#: alpha and scale of a selu (Klambauer et al. 2017, equation 14)
_SELU = (1.6732632423543772, 1.0507009873554805)


def _elu(call: Call) -> Result:
    alpha, scale = call.number("alpha", 1.0) or 0.0, call.number("scale", 1) or 0.0
    if call.number("input_scale", 1) == 1:
        if abs(alpha - _SELU[0]) < 1e-6 and abs(scale - _SELU[1]) < 1e-6:  # decomposed
            return call.op("unary", [call.x], f="selu")
        if scale == 1:
            return call.op("unary", [call.x], f="elu", alpha=alpha)
    return call.unsupported(f"{call.target} with a scale")


def _hard_sigmoid(call: Call) -> Result:
    return call.op("unary", [call.x], f="hard_sigmoid", alpha=1 / 6)


def _clamp(call: Call) -> Result:
    if call.get("min") is not None or call.get("max") is not None:
        return call.unsupported(f"{call.target} between tensors")
    low = call.number("min", None) if "min" in call.arguments else call.number("min_val", None)
    high = call.number("max", None) if "max" in call.arguments else call.number("max_val", None)
    if "hardtanh" in call.target:
        low, high = call.number("min_val", -1.0), call.number("max_val", 1.0)
    return call.op("clip", [call.x], low=low, high=high)


def _prelu(call: Call) -> Result:
    listed = call.target == "prelu"  # the kernel's slopes spread, as operands do
    return call.op("prelu", [call.x, call.get("weight")], listed=listed)


def _softmax(call: Call) -> Result:
    if not _float(call, "dtype") or not call.only("half_to_float", False):
        return call.unsupported(f"{call.target} to another type")
    kind = "log_softmax" if "log" in call.target else "softmax"
    return call.op(kind, [call.x], axis=call.axis(default=-1))


def _binary(name: str) -> Handler:
    def handler(call: Call) -> Result:
        other: Tensor | None = call.get("other")
        number = call.arguments.get("self")
        if isinstance(number, int | float) and not isinstance(number, bool) and other is not None:
            first = Tensor("", (), (number,))  # `1 - x`, decomposed
            if call.number("alpha", 1) != 1:
                return call.unsupported(f"{call.target} with a factor")
            return call.op("binary", [first, other], f=name)
        if isinstance(call.arguments.get("exponent"), Tensor):
            return call.unsupported(f"{call.target} with a computed exponent")
        if other is None:
            value = call.number("other", None)
            value = value if value is not None else call.number("exponent", None)
            if value is None:
                return call.unsupported()
            other = Tensor("", (), (value,))
        if call.number("alpha", 1) != 1:
            return call.unsupported(f"{call.target} with a factor")
        turned = call.target == "rsub"
        inputs = [other, call.x] if turned else [call.x, other]
        return call.op("binary", inputs, f=name)

    return handler


def _dropout(other: str = "") -> Handler:
    """A dropout; `other`: of whole channels, or of SELU's values. In inference all do nothing."""

    def handler(call: Call) -> Result:
        return call.op("dropout", [call.x], rate=call.number("p", 0.5) or 0.0, other=other)

    return handler


#: functions of one volume, and what patterns and layers call them
_UNARY = {
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "silu": "silu",
    "mish": "mish",
    "hardswish": "hard_swish",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "erf": "erf",
    "neg": "neg",
    "sqrt": "sqrt",
    "rsqrt": "rsqrt",
    "reciprocal": "reciprocal",
    "exp": "exp",
    "abs": "abs",
    "sign": "sign",
}

TABLE: dict[str, Handler] = {
    "linear": _linear,
    "mm": _matmul,
    "matmul": _matmul,
    "addmm": _addmm,
    "mean": _reduce("avg"),
    "amax": _reduce("max"),
    "max": _extreme("max"),
    "min": _extreme("min"),
    "sum": _reduce("sum"),
    "linalg_vector_norm": _reduce("norm"),
    "var": _variance,
    "var_mean": _variance,
    "batch_norm": _batch_norm,
    "_native_batch_norm_legit_no_training": _batch_norm,
    "native_batch_norm": _batch_norm,
    "cudnn_batch_norm": _batch_norm,
    "instance_norm": _norm("instance_norm"),
    "group_norm": _norm("group_norm"),
    "layer_norm": _norm("layer_norm"),
    **{name: _unary(function) for name, function in _UNARY.items()},
    "gelu": _gelu,
    "glu": _glu,
    "softplus": _softplus,
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
    "log_softmax": _softmax,
    "_log_softmax": _softmax,
    "add": _binary("add"),
    "sub": _binary("sub"),
    "rsub": _binary("sub"),
    "mul": _binary("mul"),
    "div": _binary("div"),
    "pow": _binary("pow"),
    "maximum": _binary("max"),
    "minimum": _binary("min"),
    "dropout": _dropout(),
    "feature_dropout": _dropout("a dropout of whole channels"),
    "alpha_dropout": _dropout("alpha_dropout"),
    "feature_alpha_dropout": _dropout("an alpha_dropout of whole channels"),
}
