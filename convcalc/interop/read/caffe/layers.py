"""The one table of Caffe's layer types: each gives the kind and options that it becomes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.interop.read.caffe.axes import either, per_axis, usual, window
from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.refusals import NoKindError
from convcalc.quantity import counted
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


def conv(asked: Asked) -> Made:
    """Convolution, and the depthwise ones of forks."""
    fields = asked.layer.inner("convolution_param")
    usual(asked.type, fields, axis=(1, -asked.axes - 1))
    options = window(fields, asked.axes)
    options["dilation"] = per_axis(fields, "dilation", fields.ints("dilation") or (1,), asked.axes)
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
        "dilation": per_axis(fields, "dilation", fields.ints("dilation") or (1,), asked.axes),
        "bias": fields.flag("bias_term", True),
    }


def pool(asked: Asked) -> Made:
    """Pooling: sizes are rounded up, as in the file's own `rounding`."""
    fields = asked.layer.inner("pooling_param")
    how = pooled(asked.layer)
    kinds = {"MAX": "max", "AVE": "avg", "STOCHASTIC": "max"}
    if how not in kinds:
        raise NoKindError(f"Pooling {how[:30]}")
    kind = kinds[how]
    options = window(fields, asked.axes, pools=True)
    if fields.flag("global_pooling", False):
        stated = next((value for value in options["kernel"] if value), None)
        if stated or any(options["pad"]) or set(options["stride"]) - {1}:
            raise fields.fail("global_pooling", "true, beside a kernel, stride or padding")
        return f"global_{kind}_pool", {}
    mode = fields.choice("round_mode", ("CEIL", "FLOOR"), "CEIL")
    if mode not in {"CEIL", "FLOOR"}:
        raise fields.fail("round_mode", mode)
    if mode == "FLOOR" or not fields.flag("ceil_mode", True):
        options["rounding"] = "floor"
    return f"{kind}_pool", options


def pooled(layer: TextFields) -> str:
    """How a pool makes one number of many."""
    return layer.inner("pooling_param").choice("pool", ("MAX", "AVE", "STOCHASTIC"), "MAX")


def fc(asked: Asked) -> Made:
    """InnerProduct."""
    fields = asked.layer.inner("inner_product_param")
    usual("InnerProduct", fields, axis=(1,))
    units, bias = fields.integer("num_output", 0), fields.flag("bias_term", True)
    return "fc", {"units": units, "bias": bias}


def lrn(asked: Asked) -> Made:
    """LRN over the channels."""
    fields = asked.layer.inner("lrn_param")
    regions = ("ACROSS_CHANNELS", "WITHIN_CHANNEL")
    if fields.choice("norm_region", regions, regions[0]) != regions[0]:
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

    fields = asked.layer.inner("eltwise_param")
    kinds = {"PROD": "multiply", "SUM": "add", "MAX": "maximum"}
    operation = fields.choice("operation", tuple(kinds), "SUM")
    kind = kinds.get(operation)
    if kind is None or kind not in BY_NAME:
        raise NoKindError(f"Eltwise {operation[:30]}")
    factors = fields.numbers("coeff")
    if factors and (kind != "add" or len(factors) != len(asked.shapes)):
        raise fields.fail("coeff", f"{counted(len(factors), 'factor')} of {operation}")
    if factors == [1.0, -1.0]:
        return "subtract", {}
    if set(factors) - {1.0}:
        written = ", ".join(fields.bare("coeff"))
        raise NoKindError(f"Eltwise SUM with factors {written[:30]}")
    return kind, {}


def concat(asked: Asked) -> Made:
    """Concat along the channels."""
    fields = asked.layer.inner("concat_param")
    if either(fields, "axis", "concat_dim") != 1:
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
