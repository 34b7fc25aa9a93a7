"""The one table of ONNX operators, and the quantized ones as their float forms."""

from collections.abc import Callable

from convcalc.interop.read.onnx import arithmetic as a
from convcalc.interop.read.onnx import shaping as s
from convcalc.interop.read.onnx import windows as w
from convcalc.interop.read.onnx.node import Reading
from convcalc.interop.trace.tensors import Tensor

Result = Tensor | list[Tensor]
Handler = Callable[[Reading], Result]

#: the domains whose operators are read: ONNX's own and that of quantized operators
DOMAINS = frozenset({"", "ai.onnx"})
QUANTIZED = "com.microsoft"


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


OPERATORS: dict[str, Handler] = {
    "Conv": w.conv,
    "ConvTranspose": w.conv_transpose,
    "MaxPool": w.pool,
    "AveragePool": w.pool,
    "LpPool": w.pool,
    "GlobalAveragePool": w.global_pool,
    "GlobalMaxPool": w.global_pool,
    "Resize": w.resize,
    "Upsample": w.resize,
    **dict.fromkeys(a.UNARY, a.unary),
    "LeakyRelu": a.leaky_relu,
    "Elu": a.elu,
    "HardSigmoid": a.hard_sigmoid,
    "Clip": a.clip,
    "PRelu": a.prelu,
    "Softmax": a.softmax,
    "Add": a.binary("add"),
    "Sum": a.binary("add"),
    "Sub": a.binary("sub"),
    "Mul": a.binary("mul"),
    "Div": a.binary("div"),
    "Pow": a.binary("pow"),
    "Max": a.binary("max"),
    "Min": a.binary("min"),
    "Mean": a.binary("mean"),
    "BatchNormalization": a.batch_norm,
    "InstanceNormalization": a.instance_norm,
    "GroupNormalization": a.group_norm,
    "LayerNormalization": a.layer_norm,
    "LRN": a.lrn,
    "MatMul": a.matmul,
    "Gemm": a.gemm,
    "ReduceMean": a.reduce,
    "ReduceMax": a.reduce,
    "ReduceSum": a.reduce,
    "ReduceMin": a.reduce,
    "ReduceL2": a.reduce,
    "Dropout": a.dropout,
    "Identity": s.identity,
    "Cast": s.identity,
    "CastLike": s.identity,
    "QuantizeLinear": s.identity,
    "DequantizeLinear": s.identity,
    "DynamicQuantizeLinear": s.identity,
    "Concat": s.concat,
    "Split": s.split,
    "Slice": s.slice_,
    "Reshape": s.reshape,
    "Flatten": s.flatten,
    "Squeeze": s.squeeze,
    "Unsqueeze": s.squeeze,
    "Transpose": s.transpose,
    "Pad": s.pad,
    "DepthToSpace": s.depth_to_space,
    "SpaceToDepth": s.depth_to_space,
    "Expand": s.expand,
    "Gather": s.gather,
    "Constant": s.constant,
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
}
