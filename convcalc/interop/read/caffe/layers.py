"""The one table of Caffe's layer types: each gives the kind and options that it becomes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.interop.read.caffe.text import TextFields
from convcalc.interop.read.digits import decimal
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape


class Asked(NamedTuple):
    """A Caffe layer, and the shapes that arrive, channels last."""

    type: str
    layer: TextFields
    shapes: tuple[Shape, ...]

    @property
    def axes(self) -> int:
        """Spatial axes of the input."""
        return len(self.shapes[0]) - 1


Made = tuple[str, dict[str, Any]]


def window(fields: TextFields, axes: int, default_kernel: int = 0) -> dict[str, Any]:
    """Kernel, stride and padding: one number, one per axis, or by height and width."""
    found: dict[str, Any] = {}
    for option, name, short, default in (
        ("kernel", "kernel_size", "kernel", default_kernel),
        ("stride", "stride", "stride", 1),
        ("pad", "pad", "pad", 0),
    ):
        tall, wide = fields.ints(f"{short}_h"), fields.ints(f"{short}_w")
        if tall or wide:
            given: tuple[int, ...] = ((*tall, default)[0], (*wide, default)[0])
        else:
            given = fields.ints(name)
        if not given:
            given = (default,)
        if len(given) not in {1, axes}:
            raise fields.fail(name, list(given))
        found[option] = given if len(given) == axes else given * axes
    return found


def conv(asked: Asked) -> Made:
    """Convolution, and the depthwise ones of forks."""
    fields = asked.layer.inner("convolution_param")
    usual(asked.type, fields, axis=(1, -asked.axes - 1))
    options = window(fields, asked.axes)
    dilation = fields.ints("dilation")
    options["dilation"] = dilation or (1,)
    options["bias"] = fields.flag("bias_term", True)
    filters, groups = fields.integer("num_output", 0), fields.integer("group", 1)
    channels = asked.shapes[0][-1]
    if asked.type in {"ConvolutionDepthwise", "DepthwiseConvolution"}:
        groups = channels
    if groups == channels > 1 and filters >= channels and not filters % channels:
        options["multiplier"] = filters // channels
        return "depthwise_conv", options
    return "conv", {**options, "filters": filters, "groups": groups}


def deconv(asked: Asked) -> Made:
    """Deconvolution."""
    fields = asked.layer.inner("convolution_param")
    usual(asked.type, fields, axis=(1, -asked.axes - 1))
    options = window(fields, asked.axes)
    return "conv_transpose", {
        **options,
        "filters": fields.integer("num_output", 0),
        "groups": fields.integer("group", 1),
        "dilation": fields.ints("dilation") or (1,),
        "bias": fields.flag("bias_term", True),
    }


def pool(asked: Asked) -> Made:
    """Pooling: sizes are rounded up, as in the file's own `rounding`."""
    fields = asked.layer.inner("pooling_param")
    how = fields.choice("pool", "MAX")
    kinds = {"MAX": "max", "0": "max", "AVE": "avg", "1": "avg", "STOCHASTIC": "max", "2": "max"}
    if how not in kinds:
        raise NoKindError(f"Pooling {how[:30]}")
    kind = kinds[how]
    if fields.flag("global_pooling", False):
        return f"global_{kind}_pool", {}
    options = window(fields, asked.axes)
    mode = fields.choice("round_mode", "CEIL") if fields.choice("ceil_mode") != "false" else "FLOOR"
    if mode.upper() in {"FLOOR", "1"}:
        options["rounding"] = "floor"
    return f"{kind}_pool", options


def usual(kind: str, fields: TextFields, **usual: tuple[int, ...]) -> None:
    """Refuse a layer that works along other axes than usual.

    Raises:
        NoKindError: a field has none of its usual values.
    """
    for name, values in usual.items():
        found = fields.integer(name, values[0])
        if found not in values:
            raise NoKindError(f"{kind} with {name} = {found}")


def fc(asked: Asked) -> Made:
    """InnerProduct."""
    fields = asked.layer.inner("inner_product_param")
    usual("InnerProduct", fields, axis=(1,))
    units, bias = fields.integer("num_output", 0), fields.flag("bias_term", True)
    return "fc", {"units": units, "bias": bias}


def lrn(asked: Asked) -> Made:
    """LRN over the channels."""
    fields = asked.layer.inner("lrn_param")
    if fields.choice("norm_region", "ACROSS_CHANNELS") not in {"ACROSS_CHANNELS", "0"}:
        raise NoKindError("LRN within a channel")
    size = fields.integer("local_size", 5)
    if not size % 2:  # as Caffe does
        raise NoKindError(f"LRN over {size} channels, an even number")
    return "lrn", {
        "size": size,
        "alpha": fields.number("alpha", 1.0),
        "beta": fields.number("beta", 0.75),
        "k": fields.number("k", 1.0),
        "alpha_over": "size",
    }


def relu(asked: Asked) -> Made:
    """ReLU, leaky with a negative slope."""
    slope = asked.layer.inner("relu_param").number("negative_slope", 0.0)
    return ("leaky_relu", {"negative_slope": slope}) if slope else ("relu", {})


def prelu(asked: Asked) -> Made:
    """PReLU."""
    shared = asked.layer.inner("prelu_param").flag("channel_shared", False)
    return "prelu", {"slopes": "one" if shared else "channel"}


def elu(asked: Asked) -> Made:
    """ELU."""
    return "elu", {"alpha": asked.layer.inner("elu_param").number("alpha", 1.0)}


def dropout(asked: Asked) -> Made:
    """Dropout."""
    return "dropout", {"rate": asked.layer.inner("dropout_param").number("dropout_ratio", 0.5)}


def softmax(asked: Asked) -> Made:
    """Softmax over the channels."""
    if asked.layer.inner("softmax_param").integer("axis", 1) not in {
        1,
        -1 if not asked.axes else 1,
    }:
        raise NoKindError("Softmax over positions")
    return "softmax", {}


def eltwise(asked: Asked) -> Made:
    """Eltwise."""
    from convcalc.layers import BY_NAME

    operation = asked.layer.inner("eltwise_param").choice("operation", "SUM")
    kinds = {"PROD": "multiply", "0": "multiply", "SUM": "add", "1": "add"}
    kind = {**kinds, "MAX": "maximum", "2": "maximum"}.get(operation)
    if kind is None or kind not in BY_NAME:
        raise NoKindError(f"Eltwise {operation[:30]}")
    factors = asked.layer.inner("eltwise_param").bare("coeff") if kind == "add" else []
    if [*map(decimal, factors)] == [1.0, -1.0]:
        return "subtract", {}
    if any(decimal(text) != 1.0 for text in factors):
        raise NoKindError(f"Eltwise SUM with factors {', '.join(factors)[:30]}")
    return kind, {}


def concat(asked: Asked) -> Made:
    """Concat along the channels."""
    fields = asked.layer.inner("concat_param")
    if fields.integer("axis", fields.integer("concat_dim", 1)) != 1:
        raise NoKindError("Concat along positions")
    return "concat", {}


def flatten(asked: Asked) -> Made:
    """Flatten."""
    last = asked.axes + 1
    usual("Flatten", asked.layer.inner("flatten_param"), axis=(1,), end_axis=(-1, last))
    return "flatten", {}


def swish(asked: Asked) -> Made:
    """Swish."""
    beta = asked.layer.inner("swish_param").number("beta", 1.0)
    if beta != 1:
        raise NoKindError(f"Swish with beta = {beta:g}")
    return "silu", {}


def plain_kind(kind: str) -> Callable[[Asked], Made]:
    """A type without options."""
    return lambda asked: (kind, {})


Handler = Callable[[Asked], Made]
TYPES: dict[str, Handler] = {
    **dict.fromkeys(("Convolution", "ConvolutionDepthwise", "DepthwiseConvolution"), conv),
    "Deconvolution": deconv,
    "Pooling": pool,
    "InnerProduct": fc,
    "LRN": lrn,
    "ReLU": relu,
    "ReLU6": plain_kind("relu6"),
    "PReLU": prelu,
    "ELU": elu,
    "Sigmoid": plain_kind("sigmoid"),
    "TanH": plain_kind("tanh"),
    "Swish": swish,
    "Dropout": dropout,
    "Softmax": softmax,
    "Eltwise": eltwise,
    "Concat": concat,
    "Flatten": flatten,
    "AbsVal": plain_kind("abs"),
}

#: kinds with parameters, which layers may share
LEARNING = frozenset({"conv", "depthwise_conv", "conv_transpose", "fc", "prelu"})

#: kinds that a layer of several bottoms is for each of them, with the same weights
CONVOLVING = frozenset({"conv", "depthwise_conv", "conv_transpose"})

#: data and losses, no part of the net that runs
OUTSIDE = frozenset(
    (
        "Accuracy",
        "SoftmaxWithLoss",
        "EuclideanLoss",
        "HingeLoss",
        "ContrastiveLoss",
        "SigmoidCrossEntropyLoss",
        "InfogainLoss",
        "MultinomialLogisticLoss",
        "ArgMax",
        "Silence",
        "Data",
        "ImageData",
        "HDF5Data",
        "HDF5Output",
        "MemoryData",
        "WindowData",
        "DummyData",
    )
)
