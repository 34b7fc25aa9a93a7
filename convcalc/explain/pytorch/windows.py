"""Convolutions and pools, with the padding that has to go before."""

from collections.abc import Callable

from convcalc.analysis.record import Row
from convcalc.explain.code import Options, call, flag, rank, tupled
from convcalc.explain.padding import sides
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape
from convcalc.window import Grade, Rounding


def _window(row: Row, default_stride: Shape) -> tuple[list[str], str]:
    """Kernel, stride, padding and dilation as arguments, and the padding that must go before."""
    windows, layer = row.step.size.windows, row.step.layer
    assert isinstance(layer, Windowed), "its kind slides windows"
    kernel, stride = tuple(w.kernel for w in windows), tuple(w.stride for w in windows)
    parts = [f"kernel_size={tupled(kernel)}"]
    parts.append(flag(f"stride={tupled(stride)}", stride != default_stride))
    before, apart = "", layer.padded_before(windows)
    if apart:
        begins, ends = zip(*apart, strict=True)
        before = sides(begins, ends)
    else:
        begins = tuple(w.begin for w in windows)
        parts.append(flag(f"padding={tupled(begins)}", any(begins)))
    dilation = tuple(w.dilation for w in windows)
    parts.append(flag(f"dilation={tupled(dilation)}", set(dilation) != {1}))
    return parts, before


def conv(row: Row, own: Options) -> str:
    """Uneven padding goes before, as a layer of its own."""
    parts, before = _window(row, (1,) * rank(row))
    parts += [
        flag(f"groups={own['groups']}", own["groups"] > 1),
        flag("bias=False", not own["bias"]),
    ]
    module = call(f"nn.Conv{rank(row)}d", str(row.inputs[0][-1]), str(own["filters"]), *parts)
    return f"nn.ZeroPad{rank(row)}d({before}), {module}" if before else module


def depthwise(row: Row, own: Options) -> str:
    """A conv with as many groups as channels."""
    channels = row.inputs[0][-1]
    parts, before = _window(row, (1,) * rank(row))
    parts += [f"groups={channels}", flag("bias=False", not own["bias"])]
    out = channels * own["multiplier"]
    module = call(f"nn.Conv{rank(row)}d", str(channels), str(out), *parts)
    return f"nn.ZeroPad{rank(row)}d({before}), {module}" if before else module


def transposed(row: Row, own: Options) -> str:
    """Without uneven padding, which PyTorch does not cut."""
    layer = row.step.layer
    assert isinstance(layer, ConvTranspose), "its kind is"
    axes = layer.axes_of(row.inputs[0][:-1])
    if isinstance(axes, SizeFinding):
        return ""
    begins, ends, extra = (tuple(axis[place] for axis in axes) for place in (3, 4, 6))
    if begins != ends:
        return ""  # PyTorch cuts the same from both sides
    given = (("kernel_size", own["kernel"], ()), ("stride", own["stride"], (1,)))
    more = (
        ("padding", begins, (0,)),
        ("output_padding", extra, (0,)),
        ("dilation", own["dilation"], (1,)),
    )
    parts = [
        flag(f"{name}={tupled(sizes)}", set(sizes) != set(default))
        for name, sizes, default in (*given, *more)
    ]
    parts.append(flag(f"groups={own['groups']}", own["groups"] > 1))
    parts.append(flag("bias=False", not own["bias"]))
    channels = row.inputs[0][-1]
    return call(f"nn.ConvTranspose{rank(row)}d", str(channels), str(own["filters"]), *parts)


def pool(name: str) -> Callable[[Row, Options], str]:
    """A pool of that name, what PyTorch does not pad itself padded before."""

    def write(row: Row, own: Options) -> str:
        windows = row.step.size.windows
        parts, before = _window(row, tuple(w.kernel for w in windows))
        if name == "AvgPool" and len(windows) == 3:
            sizes = (w.size + w.begin + w.end for w in windows)
            if any(size < w.kernel for size, w in zip(sizes, windows, strict=True)):
                return ""  # it asks for an input as large as the window, whatever hangs over
        ceil = own["rounding"] is Rounding.CEIL or any(w.grade is Grade.OVERHANG for w in windows)
        if before and ceil:
            # padded before, the padding is input: ceil_mode would start one more window in it
            ceil = name == "AvgPool" and any(w.overhang for w in windows)
            if ceil and any(w.remainder and not w.overhang for w in windows):
                return ""
        parts.append(flag("ceil_mode=True", ceil))
        parts.append(flag("count_include_pad=False", own.get("count_padding") is False))
        if before and own.get("count_padding") is False:
            return ""  # the mean would count the padding that goes before
        norm = "2" if name == "LPPool" else ""
        module = call(f"nn.{name}{rank(row)}d", norm, *parts)
        if not before:
            return module
        value = ', float("-inf")' if name == "MaxPool" else ""
        pad = "ConstantPad" if value else "ZeroPad"
        return f"nn.{pad}{rank(row)}d({before}{value}), {module}"

    return write


def to_size(name: str) -> Callable[[Row, Options], str]:
    """A pool that is given its output size."""

    def write(row: Row, own: Options) -> str:
        return call(f"nn.{name}{rank(row)}d", tupled((row.step.output or ())[:-1]))

    return write


def fractional(row: Row, own: Options) -> str:
    """Regions of 2x2; none for regions that do not overlap. One axis is an image of one row."""
    if not own["overlapping"]:
        return ""
    output = (row.step.output or ())[:-1]
    if len(output) == 1:
        module = call("nn.FractionalMaxPool2d", "(1, 2)", f"output_size={(1, *output)}")
        return f"{module}(x.unsqueeze(2)).squeeze(2)"
    size = tupled(output)
    return call(f"nn.FractionalMaxPool{rank(row)}d", "2", f"output_size={size}")
