"""Convolutions, pools and resizes of ONNX."""

from fractions import Fraction
from struct import pack, unpack

from convcalc.findings import plain
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.read.sizes import uneven
from convcalc.interop.trace.tensors import Tensor
from convcalc.window import same_padding, unslide

#: how a window can pad itself
_AUTO_PAD = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")

#: where a resize can read
_PLACES = (
    *("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners"),
    *("asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"),
)
#: why tools have two sizes of a volume
_BY_A_FACTOR = "a Resize by a factor whose product with a size is rounded: tools make two sizes"
_SMALLER = "a ConvTranspose that makes less than it reads: tools do not work out its shape"
_ROUNDED = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")


def _pads(n: Reading, axes: int) -> tuple[list[tuple[int, int]], str]:
    """The padding of each axis, and `auto_pad`: beside that ONNX allows none."""
    given, mode = n.ints("pads") or (0,) * (2 * axes), n.word("auto_pad", *_AUTO_PAD)
    if mode != "NOTSET" and any(given):
        n.wrong("pads", f"0 beside auto_pad {mode}")
    return list(zip(given[:axes], given[axes:], strict=False)), mode


def _window(
    n: Reading, axes: int, kernel: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], list[tuple[int, int]] | str]:
    """Stride, dilation and padding of a window, `auto_pad` worked out."""
    stride = n.ints("strides") or (1,) * axes
    dilation = n.ints("dilations") or (1,) * axes
    pads, mode = _pads(n, axes)
    if mode == "VALID":
        return stride, dilation, [(0, 0)] * axes
    if mode not in {"SAME_UPPER", "SAME_LOWER"} or not n.shape:
        return stride, dilation, pads
    if mode == "SAME_UPPER":
        return stride, dilation, "same"
    # the odd one first
    pairs = [
        same_padding(*axis)[::-1]
        for axis in zip(n.shape[2:], kernel, stride, dilation, strict=True)
    ]
    return stride, dilation, pairs


def conv(n: Reading) -> Result:
    """Conv."""
    return convolution(n, n.tensor(1), n.get(2))


def convolution(n: Reading, weight: Tensor, bias: Tensor | None) -> Result:
    """A convolution with a weight; one that is computed from the input is refused."""
    if not weight.constant or weight.shape is None:
        return n.unsupported(f"{n.node.op} with a computed weight")
    if n.x.shape is None:
        return n.op("conv", [n.x, weight, bias])
    axes = len(weight.shape) - 2
    if n.ints("kernel_shape") not in {None, weight.shape[2:]}:
        return n.unsupported(f"{n.node.op} with another kernel_shape than its weight's")
    stride, dilation, pads = _window(n, axes, weight.shape[2:])
    groups = n.integer("group", 1)
    return n.op(
        "conv",
        [n.x, weight, bias],
        stride=stride,
        dilation=dilation,
        pads=pads,
        groups=groups,
        folded=n.emitter.folded,
    )


def conv_transpose(n: Reading) -> Result:
    """ConvTranspose; `output_shape` is turned into padding."""
    weight = n.tensor(1)
    if not weight.constant or weight.shape is None:
        return n.unsupported("ConvTranspose with a computed weight")
    if n.x.shape is None:
        return n.op("conv_transpose", [n.x, weight, n.get(2)])
    kernel = weight.shape[2:]
    axes = len(kernel)
    if n.ints("kernel_shape") not in {None, kernel}:
        return n.unsupported("ConvTranspose with another kernel_shape than its weight's")
    stride = n.ints("strides") or (1,) * axes
    dilation = n.ints("dilations") or (1,) * axes
    more = n.ints("output_padding") or (0,) * axes
    pads, mode = _pads(n, axes)
    if mode.startswith("SAME") and any(more):  # tools count it in, or do not
        n.wrong("output_padding", f"0 beside auto_pad {mode}")
    wanted = n.ints("output_shape")
    if wanted is not None:
        wanted = wanted[-axes:]
    elif mode in {"SAME_UPPER", "SAME_LOWER"}:
        wanted = tuple(size * step for size, step in zip(n.shape[2:], stride, strict=True))
    elif mode == "VALID":
        pads = [(0, 0)] * axes
    if wanted is not None:
        found, extra = [], []
        own = mode in {"SAME_UPPER", "SAME_LOWER"} and n.ints("output_shape") is None
        for size, taps, step, gap, out, plus in zip(
            n.shape[2:], kernel, stride, dilation, wanted, more, strict=True
        ):
            total = unslide(size, taps, step, 0, 0, gap, plus) - out
            # SAME_UPPER leaves the odd row at the end, all others at the beginning
            half = max(total, 0) // 2
            rest = max(total, 0) - half
            found.append((half, rest) if mode == "SAME_UPPER" else (rest, half))
            extra.append(plus if own else plus + max(-total, 0))
        pads, more = found, tuple(extra)
    given = zip((n.ints("output_shape") or ())[-axes:], n.shape[2:], strict=False)
    smaller = any(out < size for out, size in given)
    return n.op(
        "conv_transpose",
        [n.x, weight, n.get(2)],
        stride=stride,
        dilation=dilation,
        pads=pads,
        groups=n.integer("group", 1),
        output_pad=more,
        folded=n.emitter.folded,
        **({"two_sizes": _SMALLER} if smaller else {}),
    )


def pool(n: Reading) -> Result:
    """MaxPool, AveragePool and LpPool."""
    how = {"MaxPool": "max", "AveragePool": "avg", "LpPool": "l2"}[n.node.op]
    if how == "l2" and n.integer("p", 2) != 2:
        return n.unsupported(f"LpPool with p = {n.integer('p', 2)}")
    kernel = n.ints("kernel_shape") or ()
    axes = len(kernel)
    stride, dilation, pads = _window(n, axes, kernel)
    if how != "max" and set(dilation) != {1}:
        return n.unsupported(f"{n.node.op} with dilation")
    mode = n.word("auto_pad", *_AUTO_PAD)
    if mode.startswith("SAME") and set(dilation) != {1}:  # padded as ONNX says, or as if at once
        return n.unsupported(f"{n.node.op} with dilation and auto_pad {plain(mode[:20])}")
    result = n.op(
        "pool",
        [n.x],
        how=how,
        kernel=kernel,
        stride=stride,
        dilation=dilation,
        pads=pads,
        ceil=bool(n.integer("ceil_mode", 0)),
        count_padding=bool(n.integer("count_include_pad", 0)),
    )
    outputs = [result]
    if len(n.node.outputs) > 1:  # the indices of the maxima
        outputs += n.emitter.unsupported([n.x], 1, "MaxPool's indices, for unpooling")
    return outputs


def global_pool(n: Reading) -> Result:
    """GlobalAveragePool, GlobalMaxPool."""
    how = "max" if n.node.op == "GlobalMaxPool" else "avg"
    return n.op("reduce", [n.x], how=how, axes=tuple(range(2, n.rank)), keepdims=True)


def resize(n: Reading) -> Result:
    """Resize and Upsample, by sizes or by factors."""
    if n.x.shape is None:
        return n.op("resize", [n.x])
    scales, sizes = n.node.attrs.get("scales"), None
    if n.node.op == "Upsample":
        scales = scales or n.value(1)
    elif n.opset < 11:
        scales = n.value(1)
    else:
        scales, sizes = n.value(2) or None, n.integers(3) or None
    axes = n.ints("axes") or tuple(range(n.rank))
    target, rounded, two_sizes = list(n.shape), "", {}
    if sizes:
        for axis, size in zip(axes, sizes, strict=True):
            target[axis] = size
    elif scales:
        for axis, scale in zip(axes, scales, strict=True):
            found = _enlarged(n.shape[axis], scale)
            target[axis] = int(found)
            if int(found) != int(Fraction(scale) * n.shape[axis]):
                two_sizes = {"two_sizes": _BY_A_FACTOR}
            if found != int(found):  # places are worked out by the factor, in layers by the sizes
                rounded = rounded or uneven(scale, n.shape[axis], int(found))
    else:
        return n.unsupported(f"{n.node.op} to a size that is computed")
    if n.word("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller") != "stretch":
        return n.unsupported(f"{n.node.op} that keeps the aspect ratio")
    if n.integer("antialias", 0) or n.integer("exclude_outside", 0):
        return n.unsupported(f"{n.node.op} with antialias or exclude_outside")
    whole = all(old and new % old == 0 for old, new in zip(n.shape, target, strict=True))
    mode, exact = _mode(n, whole)
    if rounded:
        exact = exact or f"{mode} with {rounded}"
    attrs = {"shape": tuple(target), "mode": mode, "exact": exact, **two_sizes}
    return n.op("resize", [n.x], **attrs, stated="number" if sizes else "")


def _enlarged(size: int, factor: float) -> float:
    """A size times a factor, both float32 as in the file: 300 * 3.3333333 is 1000, not 999."""
    found: float = unpack("f", pack("f", size * factor))[0]
    return found


def _mode(n: Reading, whole: bool) -> tuple[str, str]:
    """How a resize fills numbers in, and what it does otherwise than PyTorch's layer.

    Args:
        n: the node.
        whole: every axis grows by an integer.
    """
    word = n.word("mode", "nearest", "linear", "cubic")
    older = n.node.op == "Upsample" or n.opset < 11
    places = n.word(
        "coordinate_transformation_mode", "asymmetric" if older else "half_pixel", *_PLACES
    )
    rounded = n.word("nearest_mode", "floor" if older else "round_prefer_floor", *_ROUNDED)
    n.real("cubic_coeff_a", -0.75)
    n.real("extrapolation_value", 0.0)
    if word == "nearest":
        by_floor = places == "asymmetric" and rounded == "floor"
        by_half = whole and places == "half_pixel" and rounded.startswith("round")
        usual = by_floor or by_half
        return "nearest", "" if usual else plain(f"nearest with {places[:30]} and {rounded[:30]}")
    if word == "cubic":
        return "bilinear", "bicubic"
    usual = places in {"half_pixel", "pytorch_half_pixel"}
    return "bilinear", "" if usual else plain(f"bilinear with {places[:30]}")


TABLE: dict[str, Handler] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": pool,
    "AveragePool": pool,
    "LpPool": pool,
    "GlobalAveragePool": global_pool,
    "GlobalMaxPool": global_pool,
    "Resize": resize,
    "Upsample": resize,
}
