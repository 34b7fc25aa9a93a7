"""Quantized operators of ONNX as their float forms, and the domain of most of them."""

from collections.abc import Iterable

from convcalc.interop.read.onnx import arithmetic as a
from convcalc.interop.read.onnx import shaping as s
from convcalc.interop.read.onnx import windows as w
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.read.onnx.typed import quantize

#: the domain of those that are not ONNX's own
DOMAIN = "com.microsoft"


def left_out(operators: Iterable[str]) -> list[str]:
    """What to say of a file whose numbers are quantized; nothing of any other."""
    if not any(found in _QUANTIZED for found in operators):
        return []
    text = "it is quantized: its scales and roundings are left out, so that numbers are others here"
    return [f"{text}; `--dtype int8` counts a byte for each"]


def _with(n: Reading, *indices: int) -> Reading:
    """The node with some of its inputs, in this order."""
    return Reading(n.node, [n.get(i) for i in indices], n.emitter, n.opset)


def _qlinear_conv(n: Reading) -> Result:
    return w.convolution(n, n.tensor(3), n.get(8))


def _conv_integer(n: Reading) -> Result:
    return w.convolution(n, n.tensor(1), None)


def _qlinear_matmul(n: Reading) -> Result:
    return a.matmul(_with(n, 0, 3))


def _qgemm(n: Reading) -> Result:
    return a.gemm(_with(n, 0, 3, 6))


def _qlinear_binary(name: str) -> Handler:
    return lambda n: a.binary(name)(_with(n, 0, 3))


def _qlinear_concat(n: Reading) -> Result:
    parts = [n.get(i) for i in range(2, len(n.inputs), 3)]
    return s.concat(Reading(n.node, parts, n.emitter, n.opset))


def _qlinear_average(n: Reading) -> Result:
    if n.integer("channels_last", 0):
        return n.unsupported("QLinearGlobalAveragePool with the channels last")
    return w.global_pool(n)


TABLE: dict[str, Handler] = {
    "QLinearConv": _qlinear_conv,
    "ConvInteger": _conv_integer,
    "QLinearMatMul": _qlinear_matmul,
    "MatMulInteger": lambda n: a.matmul(_with(n, 0, 1)),
}

MICROSOFT: dict[str, Handler] = {
    "QGemm": _qgemm,
    "QLinearAdd": _qlinear_binary("add"),
    "QLinearMul": _qlinear_binary("mul"),
    "QLinearConcat": _qlinear_concat,
    "QLinearGlobalAveragePool": _qlinear_average,
    "QLinearSigmoid": lambda n: n.op("unary", [n.x], f="sigmoid"),
    "QLinearLeakyRelu": a.leaky_relu,
    "Gelu": lambda n: n.op("unary", [n.x], f="gelu"),
    # of the names that ONNX has too
    "DequantizeLinear": quantize,
    "Pad": s.pad,
    "QLinearConv": _qlinear_conv,
    "QuantizeLinear": quantize,
}

_QUANTIZED = {*TABLE, *MICROSOFT, "DynamicQuantizeLinear"} - {"Gelu", "Pad"}
