"""A layer in PyTorch's words. Volumes there are channels first: C x H x W."""

from collections.abc import Callable
from typing import Any

from convcalc.analysis.record import Row
from convcalc.explain.record import operands, tupled
from convcalc.shapes import Shape, elements
from convcalc.window import Grade, Rounding


def words(row: Row) -> str:
    """The layer as a PyTorch module or expression; '' where there is none that does the same."""
    write = _WORDS.get(row.step.kind)
    return write(row, _options(row)) if write else ""


Options = dict[str, Any]


def _options(row: Row) -> Options:
    return row.step.layer.__dict__ if row.step.layer else {}


def _rank(row: Row) -> int:
    return len(row.inputs[0]) - 1


def _call(name: str, *parts: str) -> str:
    return f"nn.{name}({', '.join(part for part in parts if part)})"


def _flag(text: str, condition: bool) -> str:
    return text if condition else ""


def _window(row: Row, default_stride: Shape, padding: bool = True) -> tuple[list[str], str]:
    """Kernel, stride, padding and dilation as arguments, and the padding that must go before."""
    windows = row.step.size.windows
    kernel, stride = tuple(w.kernel for w in windows), tuple(w.stride for w in windows)
    parts = [f"kernel_size={tupled(kernel)}"]
    parts.append(_flag(f"stride={tupled(stride)}", stride != default_stride))
    begins, ends = tuple(w.begin for w in windows), tuple(w.end for w in windows)
    before = ""
    if begins == ends and padding:
        parts.append(_flag(f"padding={tupled(begins)}", any(begins)))
    elif any(begins + ends):
        before = sides(begins, ends)
    dilation = tuple(w.dilation for w in windows)
    parts.append(_flag(f"dilation={tupled(dilation)}", set(dilation) != {1}))
    return parts, before


def sides(begins: Shape, ends: Shape) -> str:
    """Padding in PyTorch's order: the last axis first, near side and far side."""
    pairs = list(zip(begins, ends, strict=True))[::-1]
    return f"({', '.join(f'{begin}, {end}' for begin, end in pairs)})"


def _conv(row: Row, own: Options) -> str:
    parts, before = _window(row, (1,) * _rank(row))
    parts += [
        _flag(f"groups={own['groups']}", own["groups"] > 1),
        _flag("bias=False", not own["bias"]),
    ]
    module = _call(f"Conv{_rank(row)}d", str(row.inputs[0][-1]), str(own["filters"]), *parts)
    return f"nn.ZeroPad{_rank(row)}d({before}), {module}" if before else module


def _depthwise(row: Row, own: Options) -> str:
    channels = row.inputs[0][-1]
    parts, before = _window(row, (1,) * _rank(row))
    parts += [f"groups={channels}", _flag("bias=False", not own["bias"])]
    out = channels * own["multiplier"]
    module = _call(f"Conv{_rank(row)}d", str(channels), str(out), *parts)
    return f"nn.ZeroPad{_rank(row)}d({before}), {module}" if before else module


def _transposed(row: Row, own: Options) -> str:
    rank = _rank(row)
    pad = own["pad"]
    if isinstance(pad, str) or len(pad) == 2 * rank:
        return ""  # PyTorch cuts the same from both sides
    given = (("kernel_size", own["kernel"], ()), ("stride", own["stride"], (1,)))
    more = (
        ("padding", pad, (0,)),
        ("output_padding", own["output_pad"], (0,)),
        ("dilation", own["dilation"], (1,)),
    )
    parts = [
        _flag(f"{name}={tupled(sizes)}", set(sizes) != set(default))
        for name, sizes, default in (*given, *more)
    ]
    parts += [
        _flag(f"groups={own['groups']}", own["groups"] > 1),
        _flag("bias=False", not own["bias"]),
    ]
    channels = row.inputs[0][-1]
    return _call(f"ConvTranspose{rank}d", str(channels), str(own["filters"]), *parts)


def _pool(name: str) -> Callable[[Row, Options], str]:
    def write(row: Row, own: Options) -> str:
        windows = row.step.size.windows
        kernel = tuple(w.kernel for w in windows)
        fits = all(w.begin <= w.kernel // 2 for w in windows)  # what PyTorch takes
        parts, before = _window(row, kernel, padding=fits and name != "LPPool")
        ceil = own["rounding"] is Rounding.CEIL or any(w.grade is Grade.OVERHANG for w in windows)
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


def _to_size(name: str) -> Callable[[Row, Options], str]:
    def write(row: Row, own: Options) -> str:
        return _call(f"{name}{_rank(row)}d", tupled((row.step.output or ())[:-1]))

    return write


def _fractional(row: Row, own: Options) -> str:
    size = tupled((row.step.output or ())[:-1])
    return _call(f"FractionalMaxPool{_rank(row)}d", "2", f"output_size={size}")


def _linear(row: Row, own: Options) -> str:
    flat = "nn.Flatten(), " if _rank(row) else ""
    bias = _flag("bias=False", not own["bias"])
    return flat + _call("Linear", str(elements(row.inputs[0])), str(own["units"]), bias)


def _batch_norm(row: Row, own: Options) -> str:
    name = f"BatchNorm{max(_rank(row), 1)}d"
    return _call(name, str(row.inputs[0][-1]), _flag("affine=False", not own["affine"]))


def _instance_norm(row: Row, own: Options) -> str:
    name = f"InstanceNorm{max(_rank(row), 1)}d"
    return _call(name, str(row.inputs[0][-1]), _flag("affine=True", own["affine"]))


def _group_norm(row: Row, own: Options) -> str:
    affine = _flag("affine=False", not own["affine"])
    return _call("GroupNorm", str(own["groups"]), str(row.inputs[0][-1]), affine)


def _layer_norm(row: Row, own: Options) -> str:
    *spatial, channels = row.inputs[0]
    affine = _flag("elementwise_affine=False", not own["affine"])
    if own["axes"] == "all" or not spatial:
        return _call("LayerNorm", f"[{', '.join(map(str, (channels, *spatial)))}]", affine)
    module = _call("LayerNorm", str(channels), affine)
    return f"{module} with the channels moved last"


def _lrn(row: Row, own: Options) -> str:
    parts = (f"alpha={own['alpha']:g}", f"beta={own['beta']:g}", f"k={own['k']:g}")
    return _call("LocalResponseNorm", str(own["size"]), *parts)


def _activation(name: str, *options: tuple[str, str]) -> Callable[[Row, Options], str]:
    """A module of that name; `options` are our option and PyTorch's argument for it."""

    def write(row: Row, own: Options) -> str:
        parts = [f"{theirs}={own[ours]:g}" for ours, theirs in options]
        return _call(name, *parts, _flag("inplace=True", row.in_place))

    return write


def _prelu(row: Row, own: Options) -> str:
    return _call("PReLU", str(row.inputs[0][-1]) if own["slopes"] == "channel" else "")


def _add(row: Row, own: Options) -> str:
    first, *others = operands(len(row.inputs))
    if row.in_place and others:
        return f"{first} += {' + '.join(others)}"
    return " + ".join((first, *others))


def _slice(row: Row, own: Options) -> str:
    return f"x[:, {own['start']}:{own['stop'] or row.inputs[0][-1]}]"


def _upsample(row: Row, own: Options) -> str:
    if own["scale"]:
        size = f"scale_factor={tupled(own['scale'])}"
    else:
        size = f"size={tupled((row.step.output or ())[:-1])}"
    return _call("Upsample", size, f'mode="{own["mode"]}"')


_WORDS: dict[str, Callable[[Row, Options], str]] = {
    "conv": _conv,
    "depthwise_conv": _depthwise,
    "conv_transpose": _transposed,
    "max_pool": _pool("MaxPool"),
    "avg_pool": _pool("AvgPool"),
    "l2_pool": _pool("LPPool"),
    "global_avg_pool": _to_size("AdaptiveAvgPool"),
    "global_max_pool": _to_size("AdaptiveMaxPool"),
    "adaptive_avg_pool": _to_size("AdaptiveAvgPool"),
    "adaptive_max_pool": _to_size("AdaptiveMaxPool"),
    "fractional_max_pool": _fractional,
    "fc": _linear,
    "batch_norm": _batch_norm,
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "lrn": _lrn,
    "relu": _activation("ReLU"),
    "relu6": _activation("ReLU6"),
    "leaky_relu": _activation("LeakyReLU", ("negative_slope", "negative_slope")),
    "prelu": _prelu,
    "elu": _activation("ELU", ("alpha", "alpha")),
    "selu": _activation("SELU"),
    "gelu": lambda row, own: "nn.GELU()",
    "silu": _activation("SiLU"),
    "mish": _activation("Mish"),
    "hard_swish": _activation("Hardswish"),
    "hard_sigmoid": _activation("Hardsigmoid"),
    "sigmoid": lambda row, own: "nn.Sigmoid()",
    "tanh": lambda row, own: "nn.Tanh()",
    "softmax": lambda row, own: "nn.Softmax(dim=1)",
    "dropout": _activation("Dropout", ("rate", "p")),
    "add": _add,
    "multiply": lambda row, own: " * ".join(operands(len(row.inputs))),
    "concat": lambda row, own: f"torch.cat([{', '.join(operands(len(row.inputs)))}], dim=1)",
    "flatten": lambda row, own: "nn.Flatten()",
    "identity": lambda row, own: "nn.Identity()",
    "slice": _slice,
    "upsample": _upsample,
    "pixel_shuffle": lambda row, own: f"nn.PixelShuffle({own['factor']})",
    "channel_shuffle": lambda row, own: f"nn.ChannelShuffle({own['groups']})",
}
