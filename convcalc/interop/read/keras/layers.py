"""The one table of Keras's layer classes: each gives the kinds and options that it becomes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.interop.read.keras.config import Config
from convcalc.shapes import Shape


class Part(NamedTuple):
    """A layer that a Keras layer becomes (a conv and its activation are two)."""

    kind: str
    options: dict[str, Any]
    learns: bool = False


class NoKindError(Exception):
    """A class or option without a layer kind."""


class Asked(NamedTuple):
    """A Keras layer with the shapes that arrive, channels last."""

    cls: str
    config: Config
    shapes: tuple[Shape, ...]
    first: bool
    """The model has its channels first."""

    @property
    def axes(self) -> int:
        """Spatial axes of the input."""
        return len(self.shapes[0]) - 1

    def window(self, kernel: str = "kernel_size") -> dict[str, Any]:
        """Kernel, stride and padding."""
        config = self.config
        size = config.ints(kernel)
        if size is None:
            raise config.fail(kernel)
        padding = config.text("padding", "valid")
        if padding not in {"valid", "same"}:
            raise NoKindError(f"{self.cls} with padding {padding}")
        return {
            "kernel": size,
            "stride": config.ints("strides") or (size if kernel == "pool_size" else (1,)),
            "pad": "same" if padding == "same" else 0,
        }

    def channel_axis(self, key: str = "axis", default: int = -1) -> bool:
        """Whether an axis is that of the channels."""
        found = self.config.get(key)
        found = default if found is None else found
        axes = found if isinstance(found, list) else [found]
        if len(axes) != 1 or type(axes[0]) is not int:
            return False
        rank = self.axes + 2
        at = axes[0] % rank
        return at == (1 if self.first else rank - 1) or rank == 2


Parts = list[Part]
_ACTIVATIONS: dict[str, str] = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "swish": "silu",
    "mish": "mish",
    "hard_silu": "hard_swish",
    "hard_swish": "hard_swish",
    "hard_sigmoid": "hard_sigmoid",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "leaky_relu": "leaky_relu",
}


def activation(value: object) -> Parts:
    """The layer of an activation by its name, or of a configured one."""
    if isinstance(value, dict):
        name = value.get("class_name", "")
        inner = value.get("config")
        if name == "function" and isinstance(inner, str):
            return activation(inner)
        if isinstance(inner, dict) and isinstance(name, str):
            values = {"config": inner}["config"]
            lowered = {"ReLU": "relu", "Swish": "silu", "LeakyReLU": "leaky_relu"}.get(name)
            return activation(inner.get("name") if lowered is None else lowered) if values else []
        value = name
    if value in {None, "linear"}:
        return []
    if value not in _ACTIVATIONS:
        raise NoKindError(f"activation {str(value)[:60]}")
    kind = _ACTIVATIONS[str(value)]
    return [Part(kind, {"negative_slope": 0.2} if kind == "leaky_relu" else {})]


def _after(asked: Asked) -> Parts:
    return activation(asked.config.get("activation"))


def _conv(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    groups = config.integer("groups", 1)
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["bias"] = config.flag("use_bias", True)
    filters, channels = config.integer("filters"), asked.shapes[0][-1] if asked.shapes[0] else 0
    if groups == channels > 1 and filters % channels == 0:
        part = Part("depthwise_conv", {**options, "multiplier": filters // channels}, True)
    else:
        part = Part("conv", {**options, "filters": filters, "groups": groups}, True)
    return [part, *_after(asked)]


def _depthwise(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["bias"] = config.flag("use_bias", True)
    options["multiplier"] = config.integer("depth_multiplier", 1)
    return [Part("depthwise_conv", options, True), *_after(asked)]


def _separable(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["multiplier"] = config.integer("depth_multiplier", 1)
    pointwise = {
        "filters": config.integer("filters"),
        "kernel": 1,
        "bias": config.flag("use_bias", True),
    }
    first = Part("depthwise_conv", {**options, "bias": False}, True)
    return [first, Part("conv", pointwise, True), *_after(asked)]


def _transposed(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["bias"] = config.flag("use_bias", True)
    options["filters"] = config.integer("filters")
    more = config.ints("output_padding")
    if more is not None:
        options["output_pad"] = more
        if options["pad"] == "same":  # with output_padding, same cuts kernel//2 from each side
            options["pad"] = tuple(k // 2 for k in options["kernel"])
    return [Part("conv_transpose", options, True), *_after(asked)]


def _dense(asked: Asked) -> Parts:
    config = asked.config
    bias, units = config.flag("use_bias", True), config.integer("units")
    if asked.axes:
        part = Part("conv", {"filters": units, "kernel": 1, "bias": bias}, True)
    else:
        part = Part("fc", {"units": units, "bias": bias}, True)
    return [part, *_after(asked)]


def _pool(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        options = asked.window("pool_size")
        if kind == "avg_pool" and options["pad"] == "same":
            options["count_padding"] = False
        return [Part(kind, options)]

    return handler


def _global(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        parts = [Part(kind, {})]
        if not asked.config.flag("keepdims", False):
            parts.append(Part("flatten", {}))
        return parts

    return handler


def _adaptive(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        output = asked.config.ints("output_size")
        if output is None:
            raise asked.config.fail("output_size")
        return [Part(kind, {"output": output})]

    return handler


def _batch_norm(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("BatchNormalization over an axis that is no channels")
    return [Part("batch_norm", _affine(asked, True), True)]


def _affine(asked: Asked, alone: bool) -> dict[str, Any]:
    scale, center = asked.config.flag("scale", True), asked.config.flag("center", True)
    if scale and center:
        return {}
    if not scale and not center:
        return {"affine": False}
    if not alone:
        raise NoKindError(f"{asked.cls} with {'a scale' if scale else 'a shift'} alone")
    return {"affine": "scale" if scale else "shift"}


def _layer_norm(asked: Asked) -> Parts:
    options = _affine(asked, False)
    if asked.config.flag("rms_scaling", False):
        raise NoKindError("LayerNormalization with rms_scaling")
    if not asked.channel_axis():
        axes = asked.config.get("axis")
        rank = asked.axes + 2
        whole = isinstance(axes, list) and {a % rank for a in axes if type(a) is int} == set(
            range(1, rank)
        )
        if not whole:
            raise NoKindError("LayerNormalization over some of the axes")
        options["axes"] = "all"
    return [Part("layer_norm", options, True)]


def _group_norm(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("GroupNormalization over an axis that is no channels")
    groups = asked.config.values.get("groups", 32)
    groups = asked.shapes[0][-1] if groups == -1 else asked.config.integer("groups", 32)
    return [Part("group_norm", {"groups": groups, **_affine(asked, False)}, True)]


def _relu(asked: Asked) -> Parts:
    config = asked.config
    slope, top = config.number("negative_slope", 0.0), config.get("max_value")
    if config.number("threshold", 0.0):
        raise NoKindError("ReLU with a threshold")
    if top not in {None, 6} or (top is not None and slope):
        raise NoKindError(f"ReLU up to {str(top)[:20]}")
    if top is not None:
        return [Part("relu6", {})]
    return [Part("leaky_relu", {"negative_slope": slope}) if slope else Part("relu", {})]


def _leaky(asked: Asked) -> Parts:
    key = "alpha" if "alpha" in asked.config.values else "negative_slope"
    return [Part("leaky_relu", {"negative_slope": asked.config.number(key, 0.3)})]


def _prelu(asked: Asked) -> Parts:
    shared = asked.config.ints("shared_axes")
    if asked.axes and (shared is None or len(shared) != asked.axes):
        raise NoKindError("PReLU with a slope for each position")
    return [Part("prelu", {"slopes": "channel"}, True)]


def _elu(asked: Asked) -> Parts:
    return [Part("elu", {"alpha": asked.config.number("alpha", 1.0)})]


def _activation(asked: Asked) -> Parts:
    return _after(asked)


def _softmax(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("Softmax over positions")
    return [Part("softmax", {})]


def _merge(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        from convcalc.layers import BY_NAME

        if kind not in BY_NAME:
            raise NoKindError(asked.cls)
        if kind == "concat" and not asked.channel_axis():
            raise NoKindError("Concatenate along positions")
        return [Part(kind, {})]

    return handler


def _sides(kind: str, key: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        return [Part(kind, {"sides": asked.config.pairs(key, asked.axes)})]

    return handler


def _upsampling(asked: Asked) -> Parts:
    size = asked.config.ints("size") or (2,)
    mode = asked.config.text("interpolation", "nearest")
    return [
        Part("upsample", {"scale": size, "mode": "nearest" if mode == "nearest" else "bilinear"})
    ]


def _resizing(asked: Asked) -> Parts:
    size = (asked.config.integer("height"), asked.config.integer("width"))
    if any(new < old for new, old in zip(size, asked.shapes[0], strict=False)):
        raise NoKindError("Resizing that makes the volume smaller")
    return [Part("upsample", {"size": size, "mode": "bilinear"})]


def _center_crop(asked: Asked) -> Parts:
    return [Part("crop", {"size": (asked.config.integer("height"), asked.config.integer("width"))})]


def _reshape(asked: Asked) -> Parts:
    target = asked.config.ints("target_shape")
    shape = asked.shapes[0]
    if target is None or not shape:
        raise asked.config.fail("target_shape")
    whole = 1
    for dim in shape:
        whole *= dim
    if -1 in target:
        known = 1
        for dim in target:
            known *= dim if dim != -1 else 1
        if target.count(-1) > 1 or not known or whole % known:
            raise asked.config.fail("target_shape")
        target = tuple(whole // known if dim == -1 else dim for dim in target)
    if len(target) == 1:
        return [Part("flatten", {})]
    if asked.first:
        target = (*target[1:], target[0])
    return [Part("reshape", {"shape": target})] if target != shape else []


def _permute(asked: Asked) -> Parts:
    dims = asked.config.ints("dims")
    if dims != tuple(range(1, asked.axes + 2)):
        raise NoKindError("Permute")
    return []


def _dropout(asked: Asked) -> Parts:
    return [Part("dropout", {"rate": asked.config.number("rate", 0.5)})]


def _flatten(asked: Asked) -> Parts:
    return [Part("flatten", {})]


def _scale(asked: Asked) -> Parts:
    return [Part("scale", {}, True)]


def _nothing(asked: Asked) -> Parts:
    return []


#: left out with a note: what prepares data and does nothing to shapes
PREPARING = frozenset(
    {
        "Rescaling",
        "Normalization",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomContrast",
        "RandomTranslation",
        "RandomBrightness",
        "GaussianNoise",
    }
)

Handler = Callable[[Asked], Parts]
CLASSES: dict[str, Handler] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _conv),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _separable),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _transposed),
    "Dense": _dense,
    **{f"MaxPooling{n}D": _pool("max_pool") for n in (1, 2, 3)},
    **{f"AveragePooling{n}D": _pool("avg_pool") for n in (1, 2, 3)},
    **{f"GlobalAveragePooling{n}D": _global("global_avg_pool") for n in (1, 2, 3)},
    **{f"GlobalMaxPooling{n}D": _global("global_max_pool") for n in (1, 2, 3)},
    **{f"AdaptiveAveragePooling{n}D": _adaptive("adaptive_avg_pool") for n in (1, 2, 3)},
    **{f"AdaptiveMaxPooling{n}D": _adaptive("adaptive_max_pool") for n in (1, 2, 3)},
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "GroupNormalization": _group_norm,
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "PReLU": _prelu,
    "ELU": _elu,
    "Activation": _activation,
    "Softmax": _softmax,
    "Add": _merge("add"),
    "Multiply": _merge("multiply"),
    "Concatenate": _merge("concat"),
    "Subtract": _merge("subtract"),
    "Maximum": _merge("maximum"),
    "Average": _merge("average"),
    **{f"ZeroPadding{n}D": _sides("pad", "padding") for n in (1, 2, 3)},
    **{f"Cropping{n}D": _sides("crop", "cropping") for n in (1, 2, 3)},
    **{f"UpSampling{n}D": _upsampling for n in (1, 2, 3)},
    "Resizing": _resizing,
    "CenterCrop": _center_crop,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "Dropout": _dropout,
    **{f"SpatialDropout{n}D": _dropout for n in (1, 2, 3)},
    "LayerScale": _scale,
    **dict.fromkeys((*PREPARING, "Identity", "ActivityRegularization"), _nothing),
}
