"""A layer in PyTorch's words. Volumes there are channels first: C x H x W."""

from collections.abc import Callable, Mapping
from typing import Any

from convcalc.analysis.record import Row
from convcalc.explain.padding import around, sides
from convcalc.explain.record import operands, tupled
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, elements
from convcalc.window import Grade, Rounding

Options = Mapping[str, Any]


def _rank(row: Row) -> int:
    return len(row.inputs[0]) - 1


def _call(name: str, *parts: str) -> str:
    return f"nn.{name}({', '.join(part for part in parts if part)})"


def _flag(text: str, condition: bool) -> str:
    return text if condition else ""


def _window(row: Row, default_stride: Shape) -> tuple[list[str], str]:
    """Kernel, stride, padding and dilation as arguments, and the padding that must go before."""
    windows, layer = row.step.size.windows, row.step.layer
    assert isinstance(layer, Windowed), "its kind slides windows"
    kernel, stride = tuple(w.kernel for w in windows), tuple(w.stride for w in windows)
    parts = [f"kernel_size={tupled(kernel)}"]
    parts.append(_flag(f"stride={tupled(stride)}", stride != default_stride))
    before, apart = "", layer.padded_before(windows)
    if apart:
        begins, ends = zip(*apart, strict=True)
        before = sides(begins, ends)
    else:
        begins = tuple(w.begin for w in windows)
        parts.append(_flag(f"padding={tupled(begins)}", any(begins)))
    dilation = tuple(w.dilation for w in windows)
    parts.append(_flag(f"dilation={tupled(dilation)}", set(dilation) != {1}))
    return parts, before


def conv(row: Row, own: Options) -> str:
    """Uneven padding goes before, as a layer of its own."""
    parts, before = _window(row, (1,) * _rank(row))
    parts += [
        _flag(f"groups={own['groups']}", own["groups"] > 1),
        _flag("bias=False", not own["bias"]),
    ]
    module = _call(f"Conv{_rank(row)}d", str(row.inputs[0][-1]), str(own["filters"]), *parts)
    return f"nn.ZeroPad{_rank(row)}d({before}), {module}" if before else module


def depthwise(row: Row, own: Options) -> str:
    """A conv with as many groups as channels."""
    channels = row.inputs[0][-1]
    parts, before = _window(row, (1,) * _rank(row))
    parts += [f"groups={channels}", _flag("bias=False", not own["bias"])]
    out = channels * own["multiplier"]
    module = _call(f"Conv{_rank(row)}d", str(channels), str(out), *parts)
    return f"nn.ZeroPad{_rank(row)}d({before}), {module}" if before else module


def transposed(row: Row, own: Options) -> str:
    """Without uneven padding, which PyTorch does not cut."""
    rank, layer = _rank(row), row.step.layer
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
        _flag(f"{name}={tupled(sizes)}", set(sizes) != set(default))
        for name, sizes, default in (*given, *more)
    ]
    parts.append(_flag(f"groups={own['groups']}", own["groups"] > 1))
    parts.append(_flag("bias=False", not own["bias"]))
    channels = row.inputs[0][-1]
    return _call(f"ConvTranspose{rank}d", str(channels), str(own["filters"]), *parts)


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
        parts.append(_flag("ceil_mode=True", ceil))
        parts.append(_flag("count_include_pad=False", own.get("count_padding") is False))
        if before and own.get("count_padding") is False:
            return ""  # the mean would count the padding that goes before
        norm = "2" if name == "LPPool" else ""
        module = _call(f"{name}{_rank(row)}d", norm, *parts)
        if not before:
            return module
        value = ', float("-inf")' if name == "MaxPool" else ""
        pad = "ConstantPad" if value else "ZeroPad"
        return f"nn.{pad}{_rank(row)}d({before}{value}), {module}"

    return write


def to_size(name: str) -> Callable[[Row, Options], str]:
    """A pool that is given its output size."""

    def write(row: Row, own: Options) -> str:
        return _call(f"{name}{_rank(row)}d", tupled((row.step.output or ())[:-1]))

    return write


def fractional(row: Row, own: Options) -> str:
    """Regions of 2x2; none for regions that do not overlap. One axis is an image of one row."""
    if not own["overlapping"]:
        return ""
    output = (row.step.output or ())[:-1]
    if len(output) == 1:
        module = _call("FractionalMaxPool2d", "(1, 2)", f"output_size={(1, *output)}")
        return f"{module}(x.unsqueeze(2)).squeeze(2)"
    size = tupled(output)
    return _call(f"FractionalMaxPool{_rank(row)}d", "2", f"output_size={size}")


def linear(row: Row, own: Options) -> str:
    """With the flattening that it needs."""
    flat = "nn.Flatten(), " if _rank(row) else ""
    bias = _flag("bias=False", not own["bias"])
    return flat + _call("Linear", str(elements(row.inputs[0])), str(own["units"]), bias)


def batch_norm(row: Row, own: Options) -> str:
    """A module, or the function where one of scale and shift is missing."""
    if own["affine"] in ("scale", "shift"):
        factor = "weight=weight" if own["affine"] == "scale" else "bias=bias"
        return f"F.batch_norm(x, running_mean, running_var, {factor})"
    name = f"BatchNorm{max(_rank(row), 1)}d"
    return _call(name, str(row.inputs[0][-1]), _flag("affine=False", not own["affine"]))


def instance_norm(row: Row, own: Options) -> str:
    """By the number of axes; a vector without any would be read as channels of one image."""
    name = f"InstanceNorm{max(_rank(row), 1)}d"
    module = _call(name, str(row.inputs[0][-1]), _flag("affine=True", own["affine"]))
    return module if _rank(row) else f"{module}(x.unsqueeze(-1)).squeeze(-1)"


def group_norm(row: Row, own: Options) -> str:
    """On any number of axes."""
    affine = _flag("affine=False", not own["affine"])
    return _call("GroupNorm", str(own["groups"]), str(row.inputs[0][-1]), affine)


def layer_norm(row: Row, own: Options) -> str:
    """Over all axes, or over the channels, which go last for it."""
    *spatial, channels = row.inputs[0]
    affine = _flag("elementwise_affine=False", not own["affine"])
    if own["axes"] == "all" or not spatial:
        return _call("LayerNorm", f"[{', '.join(map(str, (channels, *spatial)))}]", affine)
    module = _call("LayerNorm", str(channels), affine)
    return f"{module}(x.movedim(1, -1)).movedim(-1, 1)"


def lrn(row: Row, own: Options) -> str:
    """With the alpha that PyTorch divides by the size."""
    over_one = own["alpha_over"] == "one"  # PyTorch divides by the size
    alpha = own["alpha"] * own["size"] if over_one else own["alpha"]
    parts = (f"alpha={alpha:.12g}", f"beta={own['beta']:.12g}", f"k={own['k']:.12g}")
    module = _call("LocalResponseNorm", str(own["size"]), *parts)
    return module if _rank(row) else f"{module}(x.unsqueeze(-1)).squeeze(-1)"  # wants positions


def activation(name: str, *options: tuple[str, str]) -> Callable[[Row, Options], str]:
    """A module of that name; `options` are our option and PyTorch's argument for it."""

    def write(row: Row, own: Options) -> str:
        parts = [f"{theirs}={own[ours]:.12g}" for ours, theirs in options]
        return _call(name, *parts, _flag("inplace=True", row.in_place))

    return write


def prelu(row: Row, own: Options) -> str:
    """One slope or one per channel."""
    return _call("PReLU", str(row.inputs[0][-1]) if own["slopes"] == "channel" else "")


def add(row: Row, own: Options) -> str:
    """In place where it is."""
    first, *others = operands(len(row.inputs))
    if row.in_place and others:
        return f"{first} += {' + '.join(others)}"
    return first if row.in_place else between("+", row)


def between(sign: str, row: Row) -> str:
    """The volumes with a sign between them; one alone is copied."""
    return f" {sign} ".join(operands(len(row.inputs))) if len(row.inputs) > 1 else "x.clone()"


def slice(row: Row, own: Options) -> str:
    """Of the channels, which are axis 1."""
    return f"x[:, {own['start']}:{own['stop'] or row.inputs[0][-1]}]"


def upsample(row: Row, own: Options) -> str:
    """By a factor or to a size."""
    if own["scale"]:
        size = f"scale_factor={tupled(own['scale'])}"
    else:
        size = f"size={tupled((row.step.output or ())[:-1])}"
    mode = own["mode"] if own["mode"] == "nearest" else _LINEAR[_rank(row)]
    return _call("Upsample", size, f'mode="{mode}"')


#: PyTorch's word for `bilinear` by the number of axes
_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def maximum(row: Row, own: Options) -> str:
    """Two at a time."""
    first, *others = operands(len(row.inputs))
    text = first if others else between(",", row)
    for other in others:
        text = f"torch.maximum({text}, {other})"
    return text


def scale(row: Row, own: Options) -> str:
    """An expression: a factor a channel needs the axes after it."""
    if own["by"] is not None:
        return f"x * {own['by']:.12g}"
    axes = "" if own["factors"] == "one" else f"[:{', None' * _rank(row)}]"
    axes = axes if _rank(row) else ""
    return f"x * weight{axes}" + (f" + bias{axes}" if own["bias"] else "")


_PADS = {"zeros": "ZeroPad", "reflect": "ReflectionPad", "edge": "ReplicationPad"}


def pad(row: Row, own: Options) -> str:
    """A module of the mode; `F.pad` where channels come too."""
    rank = _rank(row)
    begins, ends = around(own["sides"], rank)
    if any(own["channels"]):
        channels = around(own["channels"], 1)
        return f"F.pad(x, {sides(channels[0] + begins, channels[1] + ends)})"
    return _call(f"{_PADS[own['mode']]}{rank}d", sides(begins, ends)) if rank else ""


def crop(row: Row, own: Options) -> str:
    """A slice an axis."""
    kept = (row.step.output or ())[:-1]
    if own["sides"]:
        begins = around(own["sides"], len(kept))[0]
    else:
        begins = tuple((a - b) // 2 for a, b in zip(row.inputs[0][:-1], kept, strict=True))
    parts = [f"{begin}:{begin + size}" for begin, size in zip(begins, kept, strict=True)]
    return f"x[:, :, {', '.join(parts)}]"


def reshape(row: Row, own: Options) -> str:
    """Numbers are reshaped with the channels last, as here."""
    before = "x.movedim(1, -1)" if _rank(row) else "x"
    after = ".movedim(-1, 1)" if len(own["shape"]) > 1 else ""
    return f"{before}.reshape(-1, {', '.join(map(str, own['shape']))}){after}"


def shuffle(name: str) -> Callable[[Row, Options], str]:
    """PixelShuffle or its inverse: two axes, the channel the slowest."""

    def write(row: Row, own: Options) -> str:
        return _call(name, str(own["factor"])) if _rank(row) == 2 and own["order"] == "crd" else ""

    return write
