"""Norms and learned factors as ONNX operators."""

from convcalc.analysis.record import Row
from convcalc.interop.write.onnx.node import Graph, Writer, axes_of, options_of
from convcalc.shapes import Shape


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
    if axes_of(row):
        return g.node("InstanceNormalization", [*inputs, scale, shift], epsilon=1e-5)
    # of a vector: onnxruntime has it for positions alone
    opened = g.node("Reshape", [*inputs, g.integers([0, *channels, 1])])
    norm = g.node("InstanceNormalization", [opened, scale, shift], epsilon=1e-5)
    return g.node("Reshape", [norm, g.integers([0, *channels])])


def _group_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    groups, shape = options_of(row)["groups"], row.inputs[0]
    flat = g.node("Reshape", [*inputs, g.integers([0, groups, -1])])
    ones, zeros = g.filled((groups,), 1.0), g.filled((groups,), 0.0)
    norm = g.node("InstanceNormalization", [flat, ones, zeros], epsilon=1e-5)
    back = g.node("Reshape", [norm, g.integers([0, shape[-1], *shape[:-1]])])
    return _affine(g, row, back, (shape[-1], *(1,) * axes_of(row)))


def _affine(g: Graph, row: Row, value: str, shape: Shape) -> str:
    """A scale and a shift of one number a channel, where the layer has them."""
    for name, operator in (("weight", "Mul"), ("bias", "Add")):
        array = g.array(row, name, shape)
        if array:
            value = g.node(operator, [value, array])
    return value


def _layer_norm(g: Graph, row: Row, inputs: list[str]) -> str:
    own, rank = options_of(row), axes_of(row) + 2
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
    own, size = options_of(row), options_of(row)["size"]
    alpha = own["alpha"] if own["alpha_over"] == "size" else own["alpha"] * size
    (value,), (*spatial, channels) = inputs, row.inputs[0]
    if not size % 2:
        return _even_lrn(g, row, value, alpha)
    turned = len(spatial) != 2  # onnxruntime has it for two axes alone
    if turned:
        value = g.node("Reshape", [value, g.integers([0, channels, 1, -1])])
    value = g.node("LRN", [value], size=size, alpha=alpha, beta=own["beta"], bias=own["k"])
    return g.node("Reshape", [value, g.integers([0, channels, *spatial])]) if turned else value


def _even_lrn(g: Graph, row: Row, value: str, alpha: float) -> str:
    """LRN over an even number of channels, written out as PyTorch does.

    The window of ONNX's operator reaches further to the other side, and onnxruntime refuses it.
    """
    own, size, (*spatial, channels) = options_of(row), options_of(row)["size"], row.inputs[0]
    squares = g.node("Mul", [value, value])
    line = g.node("Reshape", [squares, g.integers([0, 1, channels, -1])])
    sides = g.integers([0, 0, size // 2, 0, 0, 0, (size - 1) // 2, 0])
    padded = g.node("Pad", [line, sides])
    mean = g.node("AveragePool", [padded], kernel_shape=[size, 1], strides=[1, 1])
    energy = g.node("Reshape", [mean, g.integers([0, channels, *spatial])])
    weighed = g.node("Mul", [energy, g.number(alpha)])
    divisor = g.node("Pow", [g.node("Add", [weighed, g.number(own["k"])]), g.number(own["beta"])])
    return g.node("Div", [value, divisor])


def _scale(g: Graph, row: Row, inputs: list[str]) -> str:
    own, axes = options_of(row), axes_of(row)
    (value,) = inputs
    if own.get("by") is not None:
        return g.node("Mul", [value, g.number(own["by"])])
    channels = 1 if own["factors"] == "one" else row.inputs[0][-1]
    return _affine(g, row, value, (channels, *(1,) * axes) if channels > 1 else (1,))


TABLE: dict[str, Writer] = {
    "batch_norm": _batch_norm,
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "lrn": _lrn,
    "scale": _scale,
}
