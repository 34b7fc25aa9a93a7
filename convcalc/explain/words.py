"""How each kind is written in other tools: the one table of it, asked by kind and tool.

A kind's entry has for every tool a function of its row and its options, or the sentence why that
tool has nothing that computes the same. A function may answer '' for options that the tool lacks.
`pytorch/` and `keras.py` hold the functions that are longer than a line.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from convcalc.analysis.record import Row
from convcalc.explain import keras as k
from convcalc.explain.code import operands
from convcalc.explain.pytorch import arithmetic, norms, shaping, windows

Writer = Callable[[Row, Mapping[str, Any]], str]


class Words(NamedTuple):
    """A kind in PyTorch's and in Keras's words, or why there are none."""

    pytorch: Writer | str
    keras: Writer | str


TOOLS = Words._fields


def in_words(row: Row, tool: str) -> str:
    """The layer as code of a tool (one of `TOOLS`); '' where there is none that does the same."""
    layer = row.step.layer
    write = getattr(TABLE[row.step.kind], tool) if layer else ""
    return write(row, layer.__dict__) if layer and callable(write) else ""


def _inputs(row: Row) -> str:
    return ", ".join(operands(len(row.inputs)))


def _merged(name: str) -> Writer:
    return lambda row, own: f"layers.{name}()([{_inputs(row)}])"


_NO_LOCAL = "locally connected layers were taken out"
_PLAIN = "no layer does it; it is a reshape and a transpose"

TABLE: Mapping[str, Words] = {
    "conv": Words(windows.conv, k.conv),
    "depthwise_conv": Words(windows.depthwise, k.depthwise),
    "conv_transpose": Words(windows.transposed, k.transposed),
    "locally_connected": Words("PyTorch has no layer without parameter sharing", _NO_LOCAL),
    "max_pool": Words(windows.pool("MaxPool"), k.max_pool),
    "avg_pool": Words(windows.pool("AvgPool"), k.avg_pool),
    "l2_pool": Words(windows.pool("LPPool"), "Keras pools by maximum and mean only"),
    "fractional_max_pool": Words(windows.fractional, "Keras has no fractional pooling"),
    "global_avg_pool": Words(windows.to_size("AdaptiveAvgPool"), k.global_pool("Average")),
    "global_max_pool": Words(windows.to_size("AdaptiveMaxPool"), k.global_pool("Max")),
    "adaptive_avg_pool": Words(windows.to_size("AdaptiveAvgPool"), k.adaptive_pool("Average")),
    "adaptive_max_pool": Words(windows.to_size("AdaptiveMaxPool"), k.adaptive_pool("Max")),
    "fc": Words(arithmetic.linear, k.dense),
    "batch_norm": Words(norms.batch_norm, k.norm("BatchNormalization")),
    "instance_norm": Words(norms.instance_norm, k.norm("GroupNormalization", "-1")),
    "group_norm": Words(norms.group_norm, k.norm("GroupNormalization")),
    "layer_norm": Words(norms.layer_norm, k.layer_norm),
    "lrn": Words(norms.lrn, "Keras has no local response normalization"),
    "scale": Words(arithmetic.scale, k.scale),
    "relu": Words(arithmetic.activation("ReLU"), lambda row, own: "layers.ReLU()"),
    "relu6": Words(arithmetic.activation("ReLU6"), lambda row, own: "layers.ReLU(max_value=6)"),
    "leaky_relu": Words(
        arithmetic.activation("LeakyReLU", ("negative_slope", "negative_slope")), k.leaky_relu
    ),
    "prelu": Words(arithmetic.prelu, k.prelu),
    "elu": Words(
        arithmetic.activation("ELU", ("alpha", "alpha")),
        lambda row, own: f"layers.ELU({own['alpha']:.12g})",
    ),
    "selu": Words(arithmetic.activation("SELU"), k.activation("selu")),
    "gelu": Words(lambda row, own: "nn.GELU()", k.activation("gelu")),
    "silu": Words(arithmetic.activation("SiLU"), k.activation("silu")),
    "mish": Words(arithmetic.activation("Mish"), k.activation("mish")),
    "hard_swish": Words(arithmetic.activation("Hardswish"), k.activation("hard_silu")),
    "hard_sigmoid": Words(arithmetic.activation("Hardsigmoid"), k.activation("hard_sigmoid")),
    "sigmoid": Words(lambda row, own: "nn.Sigmoid()", k.activation("sigmoid")),
    "tanh": Words(lambda row, own: "nn.Tanh()", k.activation("tanh")),
    "abs": Words(lambda row, own: "torch.abs(x)", lambda row, own: "keras.ops.abs(x)"),
    "softmax": Words(lambda row, own: "nn.Softmax(dim=1)", lambda row, own: "layers.Softmax()"),
    "dropout": Words(
        arithmetic.activation("Dropout", ("rate", "p")),
        lambda row, own: f"layers.Dropout({own['rate']:.12g})",
    ),
    "add": Words(arithmetic.add, _merged("Add")),
    "subtract": Words(
        lambda row, own: arithmetic.between("-", row),
        lambda row, own: f"layers.Subtract()([{_inputs(row)}])" if len(row.inputs) == 2 else "",
    ),
    "multiply": Words(lambda row, own: arithmetic.between("*", row), _merged("Multiply")),
    "maximum": Words(arithmetic.maximum, _merged("Maximum")),
    "average": Words(
        lambda row, own: f"({' + '.join(operands(len(row.inputs)))}) / {len(row.inputs)}",
        _merged("Average"),
    ),
    "concat": Words(
        lambda row, own: f"torch.cat([{_inputs(row)}], dim=1)",
        _merged("Concatenate"),
    ),
    "flatten": Words(lambda row, own: "nn.Flatten()", lambda row, own: "layers.Flatten()"),
    "identity": Words(lambda row, own: "nn.Identity()", lambda row, own: "layers.Identity()"),
    "slice": Words(
        shaping.slice,
        lambda row, own: f"x[..., {own['start']}:{own['stop'] or row.inputs[0][-1]}]",
    ),
    "pad": Words(shaping.pad, k.pad),
    "crop": Words(shaping.crop, k.crop),
    "upsample": Words(shaping.upsample, k.upsample),
    "reshape": Words(shaping.reshape, lambda row, own: f"layers.Reshape({own['shape']})"),
    "pixel_shuffle": Words(shaping.shuffle("PixelShuffle"), _PLAIN),
    "space_to_depth": Words(shaping.shuffle("PixelUnshuffle"), _PLAIN),
    "channel_shuffle": Words(
        lambda row, own: f"nn.ChannelShuffle({own['groups']})" if len(row.inputs[0]) > 1 else "",
        _PLAIN,
    ),
}
