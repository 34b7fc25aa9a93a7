"""A layer in Keras's words (version 3). Volumes there are channels last, as here."""

from collections.abc import Callable
from typing import Any

from convcalc.analysis.record import Row
from convcalc.explain.record import operands, tupled
from convcalc.shapes import Shape
from convcalc.window import Grade, Window, same_padding


def words(row: Row) -> str:
    """The layer as Keras layers; '' where there is none that does the same."""
    write = _WORDS.get(row.step.kind)
    return write(row, row.step.layer.__dict__) if write and row.step.layer else ""


Options = dict[str, Any]


def _rank(row: Row) -> int:
    return len(row.inputs[0]) - 1


def _call(name: str, *parts: str) -> str:
    return f"layers.{name}({', '.join(part for part in parts if part)})"


def _flag(text: str, condition: bool) -> str:
    return text if condition else ""


def _padding(windows: tuple[Window, ...], allowed_same: bool) -> tuple[str, str]:
    """The `padding` argument, and the layer that must pad before where that is not enough."""
    begins, ends = tuple(w.begin for w in windows), tuple(w.end for w in windows)
    if not any(begins + ends):
        return "", ""
    same = all(
        (w.begin, w.end) == same_padding(w.size, w.kernel, w.stride, w.dilation) for w in windows
    )
    if same and allowed_same:
        return 'padding="same"', ""
    return "", f"{_sides('ZeroPadding', begins, ends)}, "


def _sides(name: str, begins: Shape, ends: Shape) -> str:
    """Padding or cropping: one number where all sides are equal, pairs an axis otherwise."""
    if len(set(begins + ends)) == 1:
        sizes = str(begins[0])
    else:
        pairs = [f"({begin}, {end})" for begin, end in zip(begins, ends, strict=True)]
        sizes = f"({', '.join(pairs)})" if len(pairs) > 1 else pairs[0]
    return _call(f"{name}{len(begins)}D", sizes)


def _sliding(row: Row, default_stride: Shape) -> list[str]:
    windows = row.step.size.windows
    kernel, stride = tuple(w.kernel for w in windows), tuple(w.stride for w in windows)
    dilation = tuple(w.dilation for w in windows)
    return [
        tupled(kernel),
        _flag(f"strides={tupled(stride)}", stride != default_stride),
        _flag(f"dilation_rate={tupled(dilation)}", set(dilation) != {1}),
    ]


def _thinned(row: Row) -> bool:
    """Whether a window is both strided and dilated, which Keras refuses."""
    windows = row.step.size.windows
    return any(w.stride > 1 for w in windows) and any(w.dilation > 1 for w in windows)


def _conv(row: Row, own: Options) -> str:
    if _thinned(row):
        return ""
    parts = _sliding(row, (1,) * _rank(row))
    padding, before = _padding(row.step.size.windows, True)
    groups = _flag(f"groups={own['groups']}", own["groups"] > 1)
    bias = _flag("use_bias=False", not own["bias"])
    name = f"Conv{_rank(row)}D"
    return before + _call(name, str(own["filters"]), *parts, padding, groups, bias)


def _depthwise(row: Row, own: Options) -> str:
    if _rank(row) > 2 or _thinned(row):
        return ""
    parts = _sliding(row, (1,) * _rank(row))
    padding, before = _padding(row.step.size.windows, True)
    times = _flag(f"depth_multiplier={own['multiplier']}", own["multiplier"] > 1)
    bias = _flag("use_bias=False", not own["bias"])
    return before + _call(f"DepthwiseConv{_rank(row)}D", *parts, padding, times, bias)


def _transposed(row: Row, own: Options) -> str:
    pad, rank = own["pad"], _rank(row)
    kernel, stride = (own[o] * rank if len(own[o]) == 1 else own[o] for o in ("kernel", "stride"))
    if any(own["output_pad"]) or set(own["dilation"]) != {1} or own["groups"] > 1:
        return ""
    if any(k < s for k, s in zip(kernel, stride, strict=True)):
        return ""
    parts = [str(own["filters"]), tupled(kernel)]
    parts.append(_flag(f"strides={tupled(stride)}", set(stride) != {1}))
    same = pad == "same"
    parts += [_flag('padding="same"', same), _flag("use_bias=False", not own["bias"])]
    module = _call(f"Conv{rank}DTranspose", *parts)
    if same or not any(pad):
        return module
    if len(pad) == 2 * rank:
        begins, ends = pad[::2], pad[1::2]
    else:
        begins = ends = pad * rank if len(pad) == 1 else pad
    return f"{module}, {_sides('Cropping', begins, ends)}"


def _max_pool(row: Row, own: Options) -> str:
    return "" if set(own["dilation"]) != {1} else _pool("MaxPooling", row, True)


def _avg_pool(row: Row, own: Options) -> str:
    windows = row.step.size.windows
    if own["count_padding"] or not any(w.begin + w.end for w in windows):
        return _pool("AveragePooling", row, False)
    module = _pool("AveragePooling", row, True)
    return "" if "ZeroPadding" in module else module


def _pool(name: str, row: Row, same: bool) -> str:
    windows = row.step.size.windows
    if any(w.grade is Grade.OVERHANG for w in windows):
        return ""  # Keras rounds down only
    parts = _sliding(row, tuple(w.kernel for w in windows))
    padding, before = _padding(windows, same)
    behind = " (right behind a relu: its padding is 0)" if before and name == "MaxPooling" else ""
    return f"{before}{_call(f'{name}{_rank(row)}D', *parts, padding)}{behind}"


def _dense(row: Row, own: Options) -> str:
    flat = "layers.Flatten(), " if _rank(row) else ""
    return flat + _call("Dense", str(own["units"]), _flag("use_bias=False", not own["bias"]))


def _norm(name: str, first: str = "") -> Callable[[Row, Options], str]:
    def write(row: Row, own: Options) -> str:
        plain = _flag("center=False, scale=False", not own["affine"])
        return _call(name, first or _flag(str(own.get("groups")), "groups" in own), plain)

    return write


def _layer_norm(row: Row, own: Options) -> str:
    axes = ", ".join(map(str, range(1, _rank(row) + 2)))
    over = _flag(f"axis=[{axes}]", own["axes"] == "all" and _rank(row) > 0)
    return _call("LayerNormalization", over, _flag("center=False, scale=False", not own["affine"]))


def _activation(name: str) -> Callable[[Row, Options], str]:
    return lambda row, own: f'layers.Activation("{name}")'


def _prelu(row: Row, own: Options) -> str:
    axes = ", ".join(map(str, range(1, _rank(row) + 1)))
    if own["slopes"] != "channel":
        return ""
    return _call("PReLU", f"shared_axes=[{axes}]" if axes else "")


def _upsample(row: Row, own: Options) -> str:
    if not own["scale"] or (_rank(row) != 2 and own["mode"] != "nearest"):
        return ""
    mode = _flag('interpolation="bilinear"', own["mode"] == "bilinear")
    return _call(f"UpSampling{_rank(row)}D", tupled(own["scale"]), mode)


_WORDS: dict[str, Callable[[Row, Options], str]] = {
    "conv": _conv,
    "depthwise_conv": _depthwise,
    "conv_transpose": _transposed,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "global_avg_pool": lambda row, own: f"layers.GlobalAveragePooling{_rank(row)}D(keepdims=True)",
    "global_max_pool": lambda row, own: f"layers.GlobalMaxPooling{_rank(row)}D(keepdims=True)",
    "fc": _dense,
    "batch_norm": _norm("BatchNormalization"),
    "group_norm": _norm("GroupNormalization"),
    "instance_norm": _norm("GroupNormalization", "-1"),
    "layer_norm": _layer_norm,
    "relu": lambda row, own: "layers.ReLU()",
    "relu6": lambda row, own: "layers.ReLU(max_value=6)",
    "leaky_relu": lambda row, own: f"layers.LeakyReLU({own['negative_slope']:g})",
    "prelu": _prelu,
    "elu": lambda row, own: f"layers.ELU({own['alpha']:g})",
    "selu": _activation("selu"),
    "gelu": _activation("gelu"),
    "silu": _activation("silu"),
    "mish": _activation("mish"),
    "hard_swish": _activation("hard_silu"),
    "hard_sigmoid": _activation("hard_sigmoid"),
    "sigmoid": _activation("sigmoid"),
    "tanh": _activation("tanh"),
    "softmax": lambda row, own: "layers.Softmax()",
    "dropout": lambda row, own: f"layers.Dropout({own['rate']:g})",
    "add": lambda row, own: f"layers.Add()([{', '.join(operands(len(row.inputs)))}])",
    "multiply": lambda row, own: f"layers.Multiply()([{', '.join(operands(len(row.inputs)))}])",
    "concat": lambda row, own: f"layers.Concatenate()([{', '.join(operands(len(row.inputs)))}])",
    "flatten": lambda row, own: "layers.Flatten()",
    "identity": lambda row, own: "layers.Identity()",
    "slice": lambda row, own: f"x[..., {own['start']}:{own['stop'] or row.inputs[0][-1]}]",
    "upsample": _upsample,
    "reshape": lambda row, own: f"layers.Reshape({own['shape']})",
}
