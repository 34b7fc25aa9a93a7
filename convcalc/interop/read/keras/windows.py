"""Keras's convolutions, dense layers and pools."""

from collections.abc import Callable
from typing import Any

from convcalc.interop.read.keras.activations import after
from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.refusals import NoKindError
from convcalc.layers.conv_transpose import same_beside


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
    return [part, *after(asked)]


def _depthwise(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["bias"] = config.flag("use_bias", True)
    options["multiplier"] = config.integer("depth_multiplier", 1)
    if config.integer("groups", 1) not in {1, asked.shapes[0][-1] if asked.shapes[0] else 1}:
        raise NoKindError(f"{asked.cls} with groups")
    return [Part("depthwise_conv", options, True), *after(asked)]


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
    return [first, Part("conv", pointwise, True), *after(asked)]


def _transposed(asked: Asked) -> Parts:
    config = asked.config
    options = asked.window()
    options["dilation"] = config.ints("dilation_rate") or (1,)
    options["bias"] = config.flag("use_bias", True)
    options["filters"] = config.integer("filters")
    more = config.ints("output_padding")
    if more is None and options["pad"] != "same":
        options["output_pad"] = tuple(max(s - e, 0) for s, e in _extents(asked, options))
    if more is not None:
        options["output_pad"] = more
        if options["pad"] == "same":
            spans = [e for _, e in _extents(asked, options)]
            more = more * (len(spans) if len(more) == 1 else 1)
            if len(more) != len(spans):
                raise config.fail("output_padding")
            options["pad"], options["output_pad"] = same_beside(spans, more)
    return [Part("conv_transpose", options, True), *after(asked)]


def _extents(asked: Asked, options: dict[str, Any]) -> list[tuple[int, int]]:
    """The stride along each axis, and how far the window spans with its dilation.

    A window below the stride leaves a part of it: Keras's output has a stride a position.

    Raises:
        UnreadableError: they are for different numbers of axes.
    """
    axes = next((len(options[key]) for key in _SPREAD if len(options[key]) > 1), 1)
    for key, name in _SPREAD.items():
        if len(options[key]) not in {1, axes}:
            raise asked.config.fail(name)
    kernel, stride, dilation = (
        options[key] * (axes if len(options[key]) == 1 else 1) for key in _SPREAD
    )
    return [(s, d * (k - 1) + 1) for k, s, d in zip(kernel, stride, dilation, strict=True)]


_SPREAD = {"kernel": "kernel_size", "stride": "strides", "dilation": "dilation_rate"}


def _dense(asked: Asked) -> Parts:
    config = asked.config
    bias, units = config.flag("use_bias", True), config.integer("units")
    if not asked.channels_last:
        raise NoKindError("Dense over positions")
    if asked.axes:
        part = Part("conv", {"filters": units, "kernel": 1, "bias": bias}, True)
    else:
        part = Part("fc", {"units": units, "bias": bias}, True)
    return [part, *after(asked)]


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


TABLE: dict[str, Handler] = {
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
}
