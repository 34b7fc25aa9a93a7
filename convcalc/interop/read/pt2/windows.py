"""Convolutions, pools and resizes of ATen."""

from collections.abc import Sequence
from math import isclose
from typing import Any

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.pt2.decomposed import of_rows
from convcalc.interop.read.pt2.node import Call, Handler, Result
from convcalc.interop.read.sizes import uneven
from convcalc.shapes import LARGEST_SIZE


def _conv(call: Call) -> Result:
    weight = call.get("weight")
    if weight is None or not weight.constant or weight.shape is None:
        return call.unsupported(f"{call.target} with a computed weight")
    if call.x.shape is None:
        return call.op("conv", [call.x, weight])
    axes = len(weight.shape) - 2
    stride, dilation = call.ints("stride", axes, 1), call.ints("dilation", axes, 1)
    padding = call.arguments.get("padding")
    groups = call.integer("groups", 1)
    more = call.ints("output_padding", axes, 0)
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
            output_pad=more,
        )
    return call.op("conv", inputs, stride=stride, pads=pads, dilation=dilation, groups=groups)


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
        stated = call.size_of("output_size")[0]
        result = call.op("adaptive_pool", [call.x], how=how, output=output, stated=stated)
        if how == "max":
            return [result, *call.emitter.unsupported([call.x], 1, "adaptive_max_pool's indices")]
        return result

    return handler


def _upsample(call: Call) -> Result:
    if call.x.shape is None:
        return call.op("resize", [call.x])
    spatial = call.shape[2:]
    size = call.arguments.get("output_size")
    factors: list[Any] = []
    if isinstance(size, list):
        target = call.ints("output_size", len(spatial))
    else:
        listed = call.arguments.get("scale_factors")
        if not isinstance(listed, list) or len(listed) != len(spatial):
            return call.unsupported(f"{call.target} by computed factors")
        factors = listed
        if not all(0 < factor <= LARGEST_SIZE for factor in factors):
            raise UnreadableError(f"node {call.emitter.name}: factors of no size")
        target = tuple(int(s * f) for s, f in zip(spatial, factors, strict=True))
    names = ("scales",) if len(spatial) == 1 else ("scales_d", "scales_h", "scales_w")
    given = factors or [call.number(name, None) for name in names[-len(spatial) :]]
    rounded = ""
    for factor, old, new in zip(given, spatial, target, strict=False):
        if factor is None or isclose(factor * old, new):
            continue
        if not new <= factor * old < new + 1:
            return call.unsupported(f"{call.target} by {factor:g} to another size")
        rounded = rounded or uneven(factor, old, new)
    mode = "nearest" if "nearest" in call.target else "bilinear"
    exact = "bicubic" if "bicubic" in call.target else ""
    if call.flag("align_corners", False):
        exact = f"{exact or mode} with align_corners"
    elif "exact" in call.target and (rounded or not _whole(spatial, target)):
        exact = "nearest-exact"
    elif rounded:
        exact = exact or f"{mode} with {rounded}"
    shape = (*call.shape[:2], *target)
    # decomposed calls have both: a factor that is given is what was meant
    stated, follows = ("", ()) if any(given) else call.size_of("output_size")
    attrs = {"shape": shape, "mode": mode, "exact": exact}
    return call.op("resize", [call.x], **attrs, stated=stated, follows=follows)


def _whole(sizes: Sequence[int], target: Sequence[int]) -> bool:
    """Whether every position becomes as many: the nearest by its centre or its edge is the same."""
    return all(old and new % old == 0 for old, new in zip(sizes, target, strict=True))


def _by_factor(kind: str, name: str) -> Handler:
    """A pixel shuffle: of height and width, the last two axes, whatever stands before."""

    def handler(call: Call) -> Result:
        if call.x.shape is not None and call.rank != 4:
            return call.unsupported(f"{call.target} of {call.rank} axes")
        return call.op(kind, [call.x], factor=call.integer(name, 1))

    return handler


def _shuffle(call: Call) -> Result:
    return call.op("channel_shuffle", [call.x], groups=call.integer("groups", 1))


TABLE: dict[str, Handler] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "convolution"), _conv),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _conv),
    **{f"max_pool{n}d": _pool("max", n) for n in (1, 2, 3)},
    **{f"max_pool{n}d_with_indices": _pool("max", n) for n in (1, 2, 3)},
    "max_pool2d_with_indices": of_rows(_pool("max", 2)),
    **{f"avg_pool{n}d": _pool("avg", n) for n in (1, 2, 3)},
    "avg_pool2d": of_rows(_pool("avg", 2)),
    **{f"lp_pool{n}d": _pool("l2", n) for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": _adaptive("avg", n) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": _adaptive("max", n) for n in (1, 2, 3)},
    "_adaptive_avg_pool2d": of_rows(_adaptive("avg", 2)),
    "_adaptive_avg_pool3d": _adaptive("avg", 3),
    "adaptive_max_pool2d": of_rows(_adaptive("max", 2)),
    **dict.fromkeys(
        (
            "upsample_nearest1d",
            "upsample_nearest2d",
            "upsample_nearest3d",
            *(f"_upsample_nearest_exact{n}d" for n in (1, 2, 3)),
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
}
