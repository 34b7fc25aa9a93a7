"""Activations and dropout as ONNX operators."""

from convcalc.analysis.record import Row
from convcalc.interop.read.onnx.arithmetic import UNARY
from convcalc.interop.write.onnx.node import Graph, Writer, axes_of, options_of, simple


def _prelu(g: Graph, row: Row, inputs: list[str]) -> str:
    slopes = 1 if options_of(row)["slopes"] == "one" else row.inputs[0][-1]
    shape = (slopes, *(1,) * axes_of(row))
    return g.node("PRelu", [*inputs, g.array(row, "weight", shape)])


def _with(name: str, option: str) -> Writer:
    return lambda g, row, inputs: g.node(name, inputs, alpha=options_of(row)[option])


def _relu6(g: Graph, row: Row, inputs: list[str]) -> str:
    return g.node("Clip", [*inputs, g.number(0.0), g.number(6.0)])


def _silu(g: Graph, row: Row, inputs: list[str]) -> str:
    return g.node("Mul", [*inputs, g.node("Sigmoid", inputs)])


def _gelu(g: Graph, row: Row, inputs: list[str]) -> str:
    inner = g.node("Erf", [g.node("Div", [*inputs, g.number(2**0.5)])])
    whole = g.node("Mul", [*inputs, g.node("Add", [inner, g.number(1.0)])])
    return g.node("Mul", [whole, g.number(0.5)])


def _dropout(g: Graph, row: Row, inputs: list[str]) -> str:
    rate = options_of(row)["rate"]
    if rate >= 1:
        g.refuse(row, "ONNX takes a dropout's ratio below 1")
    return g.node("Dropout", [*inputs, g.number(rate)])


#: kinds that are one operator of opset 18, by the name that the reader knows it by
_BARE = ("relu", "selu", "mish", "hard_swish", "sigmoid", "tanh", "abs")
_OPERATORS = {kind: operator for operator, kind in UNARY.items()}

TABLE: dict[str, Writer] = {
    **{kind: simple(_OPERATORS[kind]) for kind in _BARE},
    "relu6": _relu6,
    "leaky_relu": _with("LeakyRelu", "negative_slope"),
    "prelu": _prelu,
    "elu": _with("Elu", "alpha"),
    "gelu": _gelu,
    "silu": _silu,
    "hard_sigmoid": simple("HardSigmoid", alpha=1 / 6, beta=0.5),
    "softmax": simple("Softmax", axis=1),
    "dropout": _dropout,
}
