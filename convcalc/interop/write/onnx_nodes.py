"""The one table of kinds as ONNX operators: each adds its nodes, channels first, batch ``N``."""

from collections.abc import Callable
from typing import Any, Protocol

from convcalc.analysis.record import Row
from convcalc.explain.pytorch import around
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.cut import Crop
from convcalc.shapes import Shape
from convcalc.window import Grade


class Graph(Protocol):
    """What a writer adds nodes and constants to; every method gives a name to read."""

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str: ...
    def array(self, row: Row, name: str, shape: Shape | None = None) -> str: ...
    def arrays(self, row: Row) -> list[str]: ...
    def filled(self, shape: Shape, number: float) -> str: ...
    def integers(self, numbers: list[int]) -> str: ...
    def number(self, number: float) -> str: ...
    def refuse(self, row: Row, why: str) -> None: ...


Writer = Callable[[Graph, Row, list[str]], str]


def _axes(row: Row) -> int:
    return len(row.inputs[0]) - 1


def _pads(row: Row) -> list[int]:
    windows = row.step.size.windows
    return [w.begin for w in windows] + [w.end for w in windows]


def _own(row: Row) -> dict[str, Any]:
    layer = row.step.layer
    return layer.__dict__ if layer is not None else {}


def _conv(g: Graph, row: Row, inputs: list[str]) -> str:
    own, windows = _own(row), row.step.size.windows
    groups = row.inputs[0][-1] if row.step.kind == "depthwise_conv" else own["groups"]
    return g.node(
        "Conv",
        [*inputs, *g.arrays(row)],
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        dilations=[w.dilation for w in windows],
        pads=_pads(row),
        group=groups,
    )


def _conv_transpose(g: Graph, row: Row, inputs: list[str]) -> str:
    own, layer, axes = _own(row), row.step.layer, _axes(row)
    assert isinstance(layer, ConvTranspose)
    found = layer.axes_of(row.inputs[0][:-1])
    assert not isinstance(found, SizeFinding), "a sized layer has axes"
    # (size, kernel, stride, begin, end, dilation, extra)
    return g.node(
        "ConvTranspose",
        [*inputs, *g.arrays(row)],
        kernel_shape=[axis[1] for axis in found],
        strides=[axis[2] for axis in found],
        dilations=[axis[5] for axis in found],
        pads=[axis[3] for axis in found] + [axis[4] for axis in found],
        output_padding=[axis[6] for axis in found][:axes],
        group=own["groups"],
    )


def _pool(name: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        own, windows = _own(row), row.step.size.windows
        more: dict[str, Any] = {}
        if name == "AveragePool":
            more["count_include_pad"] = int(own["count_padding"])
        if name == "LpPool":
            more["p"] = 2
        if name == "MaxPool":
            more["dilations"] = [w.dilation for w in windows]
        return g.node(
            name,
            inputs,
            kernel_shape=[w.kernel for w in windows],
            strides=[w.stride for w in windows],
            pads=_pads(row),
            ceil_mode=int(any(w.grade is Grade.OVERHANG for w in windows)),
            **more,
        )

    return write


def _adaptive(how: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        before, after = row.inputs[0][:-1], (row.step.output or ())[:-1]
        if set(after) == {1}:
            return g.node(f"Global{how}Pool", inputs)
        if any(a % b for a, b in zip(before, after, strict=True)):
            g.refuse(row, "ONNX has no adaptive pool to sizes that do not divide the input's")
            return inputs[0]
        window = [a // b for a, b in zip(before, after, strict=True)]
        return g.node(f"{how}Pool", inputs, kernel_shape=window, strides=window)

    return write


def _fc(g: Graph, row: Row, inputs: list[str]) -> str:
    if _axes(row):
        inputs = [g.node("Flatten", inputs, axis=1)]
    return g.node("Gemm", [*inputs, *g.arrays(row)], transB=1)


def _batch_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    channels = row.inputs[0][-1:]
    scale = g.array(row, "weight") or g.filled(channels, 1.0)
    shift = g.array(row, "bias") or g.filled(channels, 0.0)
    running = [g.array(row, "running_mean"), g.array(row, "running_var")]
    return g.node("BatchNormalization", [*inputs, scale, shift, *running], epsilon=1e-5)


def _instance_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    channels = row.inputs[0][-1:]
    scale = g.array(row, "weight") or g.filled(channels, 1.0)
    shift = g.array(row, "bias") or g.filled(channels, 0.0)
    return g.node("InstanceNormalization", [*inputs, scale, shift], epsilon=1e-5)


def _group_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    groups, shape = _own(row)["groups"], row.inputs[0]
    flat = g.node("Reshape", [*inputs, g.integers([0, groups, -1])])
    ones, zeros = g.filled((groups,), 1.0), g.filled((groups,), 0.0)
    norm = g.node("InstanceNormalization", [flat, ones, zeros], epsilon=1e-5)
    back = g.node("Reshape", [norm, g.integers([0, shape[-1], *shape[:-1]])])
    return _affine(g, row, back, (shape[-1], *(1,) * _axes(row)))


def _affine(g: Graph, row: Row, value: str, shape: Shape) -> str:
    """A scale and a shift of one number a channel, where the layer has them."""
    for name, operator in (("weight", "Mul"), ("bias", "Add")):
        array = g.array(row, name, shape)
        if array:
            value = g.node(operator, [value, array])
    return value


def _layer_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    own, rank = _own(row), _axes(row) + 2
    whole = own["axes"] == "all"
    (value,) = inputs
    if not whole and rank > 2:
        value = g.node("Transpose", [value], perm=[0, *range(2, rank), 1])
    *spatial, channels = row.inputs[0]
    shape = (channels, *spatial) if whole else (channels,)
    scale = g.array(row, "weight") or g.filled(shape, 1.0)
    names = [value, scale, *filter(None, [g.array(row, "bias")])]
    value = g.node("LayerNormalization", names, axis=1 if whole else -1, epsilon=1e-5)
    if not whole and rank > 2:
        value = g.node("Transpose", [value], perm=[0, rank - 1, *range(1, rank - 1)])
    return value


def _lrn(g: Graph, row: Row, inputs: list[str]) -> str:
    own = _own(row)
    return g.node(
        "LRN", inputs, size=own["size"], alpha=own["alpha"], beta=own["beta"], bias=own["k"]
    )


def _scale(g: Graph, row: Row, inputs: list[str]) -> str:
    own, axes = _own(row), _axes(row)
    (value,) = inputs
    if own.get("by") is not None:
        return g.node("Mul", [value, g.number(own["by"])])
    channels = 1 if own["factors"] == "one" else row.inputs[0][-1]
    return _affine(g, row, value, (channels, *(1,) * axes) if channels > 1 else (1,))


def _prelu(g: Graph, row: Row, inputs: list[str]) -> str:
    slopes = 1 if _own(row)["slopes"] == "one" else row.inputs[0][-1]
    shape = (slopes, *(1,) * _axes(row))
    return g.node("PRelu", [*inputs, g.array(row, "weight", shape)])


def _simple(name: str, **attributes: Any) -> Writer:
    return lambda g, row, inputs: g.node(name, inputs, **attributes)


def _with(name: str, option: str) -> Writer:
    return lambda g, row, inputs: g.node(name, inputs, alpha=_own(row)[option])


def _relu6(g: Graph, row: Row, inputs: list[str]) -> str:
    return g.node("Clip", [*inputs, g.number(0.0), g.number(6.0)])


def _silu(g: Graph, row: Row, inputs: list[str]) -> str:
    return g.node("Mul", [*inputs, g.node("Sigmoid", inputs)])


def _gelu(g: Graph, row: Row, inputs: list[str]) -> str:
    inner = g.node("Erf", [g.node("Div", [*inputs, g.number(2**0.5)])])
    whole = g.node("Mul", [*inputs, g.node("Add", [inner, g.number(1.0)])])
    return g.node("Mul", [whole, g.number(0.5)])


def _dropout(g: Graph, row: Row, inputs: list[str]) -> str:
    return g.node("Dropout", [*inputs, g.number(_own(row)["rate"])])


def _merge(name: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        if name in {"Sum", "Max", "Mean"} and len(inputs) != 2:
            return g.node(name, inputs)
        value = inputs[0]
        operator = "Add" if name == "Sum" else name
        if name in {"Max", "Mean"} or len(inputs) == 1:
            return g.node(name if name in {"Max", "Mean"} else "Identity", inputs)
        for other in inputs[1:]:
            value = g.node(operator, [value, other])
        return value

    return write


def _slice(g: Graph, row: Row, inputs: list[str]) -> str:
    own = _own(row)
    stop = own["stop"] or row.inputs[0][-1]
    bounds = [g.integers([own["start"]]), g.integers([stop]), g.integers([1])]
    return g.node("Slice", [*inputs, *bounds])


def _crop(g: Graph, row: Row, inputs: list[str]) -> str:
    layer = row.step.layer
    assert isinstance(layer, Crop)
    cuts = layer.cuts(row.inputs)
    assert not isinstance(cuts, SizeFinding), "a sized layer has cuts"
    spatial = row.inputs[0][:-1]
    starts = [begin for begin, _ in cuts]
    stops = [size - end for size, (_, end) in zip(spatial, cuts, strict=True)]
    axes = list(range(2, len(spatial) + 2))
    return g.node("Slice", [inputs[0], g.integers(starts), g.integers(stops), g.integers(axes)])


def _pad(g: Graph, row: Row, inputs: list[str]) -> str:
    own, axes = _own(row), _axes(row)
    before, after = around(own["sides"], axes)
    channels = own["channels"]
    front, back = (channels * 2)[:2] if len(channels) == 1 else channels
    pads = [0, front, *before, 0, back, *after]
    mode = {"zeros": "constant", "reflect": "reflect", "edge": "edge"}.get(
        own.get("mode", "zeros"), "constant"
    )
    return g.node("Pad", [*inputs, g.integers(pads)], mode=mode)


def _upsample(g: Graph, row: Row, inputs: list[str]) -> str:
    *spatial, channels = row.step.output or ()
    sizes = g.integers([1, channels, *spatial])
    if _own(row)["mode"] == "nearest":
        more = {"mode": "nearest", "nearest_mode": "floor"}
        more["coordinate_transformation_mode"] = "asymmetric"
    else:
        more = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    return g.node("Resize", [inputs[0], "", "", sizes], **more)


def _reshape(g: Graph, row: Row, inputs: list[str]) -> str:
    (value,) = inputs[:1]
    rank, shape = _axes(row) + 2, row.step.output or ()
    if rank > 2:
        value = g.node("Transpose", [value], perm=[0, *range(2, rank), 1])
    value = g.node("Reshape", [value, g.integers([0, *shape])])
    if len(shape) > 1:
        last = len(shape)
        value = g.node("Transpose", [value], perm=[0, last, *range(1, last)])
    return value


def _channel_shuffle(g: Graph, row: Row, inputs: list[str]) -> str:
    groups = _own(row)["groups"]
    *spatial, channels = row.inputs[0]
    split = g.integers([0, groups, channels // groups, *spatial])
    opened = g.node("Reshape", [*inputs, split])
    order = [0, 2, 1, *range(3, len(spatial) + 3)]
    turned = g.node("Transpose", [opened], perm=order)
    return g.node("Reshape", [turned, g.integers([0, channels, *spatial])])


def _shuffle(name: str, **more: Any) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        if _axes(row) != 2:
            g.refuse(row, f"ONNX's {name} is for two axes")
            return inputs[0]
        return g.node(name, inputs, blocksize=_own(row)["factor"], **more)

    return write


#: kinds by their operators; a kind that is missing has none
TABLE: dict[str, Writer] = {
    "conv": _conv,
    "depthwise_conv": _conv,
    "conv_transpose": _conv_transpose,
    "max_pool": _pool("MaxPool"),
    "avg_pool": _pool("AveragePool"),
    "l2_pool": _pool("LpPool"),
    "global_avg_pool": _simple("GlobalAveragePool"),
    "global_max_pool": _simple("GlobalMaxPool"),
    "adaptive_avg_pool": _adaptive("Average"),
    "adaptive_max_pool": _adaptive("Max"),
    "fc": _fc,
    "batch_norm": _batch_norm,
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "lrn": _lrn,
    "scale": _scale,
    "relu": _simple("Relu"),
    "relu6": _relu6,
    "leaky_relu": _with("LeakyRelu", "negative_slope"),
    "prelu": _prelu,
    "elu": _with("Elu", "alpha"),
    "selu": _simple("Selu"),
    "gelu": _gelu,
    "silu": _silu,
    "mish": _simple("Mish"),
    "hard_swish": _simple("HardSwish"),
    "hard_sigmoid": _simple("HardSigmoid", alpha=1 / 6, beta=0.5),
    "sigmoid": _simple("Sigmoid"),
    "tanh": _simple("Tanh"),
    "abs": _simple("Abs"),
    "softmax": _simple("Softmax", axis=1),
    "dropout": _dropout,
    "add": _merge("Sum"),
    "multiply": _merge("Mul"),
    "subtract": _merge("Sub"),
    "maximum": _merge("Max"),
    "average": _merge("Mean"),
    "concat": lambda g, row, inputs: g.node("Concat", inputs, axis=1),
    "flatten": _simple("Flatten", axis=1),
    "identity": _simple("Identity"),
    "slice": _slice,
    "pad": _pad,
    "crop": _crop,
    "upsample": _upsample,
    "reshape": _reshape,
    "pixel_shuffle": _shuffle("DepthToSpace", mode="CRD"),
    "space_to_depth": _shuffle("SpaceToDepth"),
    "channel_shuffle": _channel_shuffle,
}
