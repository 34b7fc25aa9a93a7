"""No attribute of an ONNX operator is passed over: it is read, changes nothing, or is refused."""

from typing import Any

import pytest

from convcalc.interop.read.given import Given
from convcalc.interop.read.onnx import graph as onnx_graph
from convcalc.interop.read.onnx.node import Reading
from convcalc.interop.read.onnx.operators import OPERATORS as ONNX
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.read.onnx.quantized import MICROSOFT
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Tensor, Trace
from tests.interop.operands import ROW, STATES, X, weight


def numbers(*values: float) -> Tensor:
    return Tensor("n", (len(values),), values)


V, W = weight(4), weight(6, 4, 3, 3)
ONE = Tensor("one", (), (1.0,))
PARTS = Emitter(Trace("net.onnx", "", "a test")).op("sequence", [X], parts=[X, X])
Sample = tuple[list[Tensor | None], dict[str, Any]]

#: inputs and attributes with which an operator of ONNX is read; of others, the input alone
NODES: dict[str, Sample] = {
    "Conv": ([X, W], {}),
    "ConvTranspose": ([X, weight(4, 6, 3, 3)], {}),
    **dict.fromkeys(("MaxPool", "AveragePool", "LpPool"), ([X], {"kernel_shape": (2, 2)})),
    "Resize": ([X, None, numbers(1, 1, 2, 2)], {}),
    "Upsample": ([X, numbers(1, 1, 2, 2)], {}),
    **dict.fromkeys(("Add", "Sum", "Sub", "Mul", "Div", "Max", "Min", "Mean"), ([X, X], {})),
    "Pow": ([X, ONE], {}),
    "PRelu": ([X, weight(4, 1, 1)], {}),
    "BatchNormalization": ([X, V, V, V, V], {}),
    "InstanceNormalization": ([X, V, V], {}),
    "GroupNormalization": ([X, V, V], {"num_groups": 2}),
    "LayerNormalization": ([X, weight(8)], {}),
    "LRN": ([X], {"size": 3}),
    "MatMul": ([ROW, weight(4, 6)], {}),
    "Gemm": ([ROW, weight(4, 6)], {}),
    "Softmax": ([ROW], {}),
    "Slice": ([X, numbers(1), numbers(3), numbers(1)], {}),
    "Split": ([X], {}),
    "SequenceAt": ([PARTS, Tensor("at", (), (1,))], {}),
    "CastLike": ([X, Tensor("like", (), (1.0,), dtype="float32")], {}),
    "Reshape": ([X, numbers(1, -1)], {}),
    "Squeeze": ([Tensor("s", (1, 4, 1, 1))], {}),
    "Unsqueeze": ([ROW, numbers(2)], {}),
    "Concat": ([X, X], {"axis": 1}),
    "Pad": ([X, numbers(0, 0, 1, 1, 0, 0, 1, 1)], {}),
    "SpaceToDepth": ([X], {"blocksize": 2}),
    "DepthToSpace": ([X], {"blocksize": 2}),
    "Expand": ([X, numbers(1, 4, 8, 8)], {}),
    "Tile": ([X, numbers(1, 1, 1, 1)], {}),
    "Gather": ([V, Tensor("i", (2, 2), (0, 1, 2, 3))], {}),
    "Constant": ([], {"value_ints": (1, 2)}),
    "QLinearConv": ([X, ONE, ONE, W, ONE, ONE, ONE, ONE], {}),
    "ConvInteger": ([X, W], {}),
    "QLinearMatMul": ([ROW, ONE, ONE, weight(4, 6)], {}),
    "MatMulInteger": ([ROW, weight(4, 6)], {}),
    "QGemm": ([ROW, ONE, ONE, weight(4, 6), ONE, ONE], {}),
    **dict.fromkeys(("QLinearAdd", "QLinearMul"), ([X, ONE, ONE, X], {})),
    "QLinearConcat": ([ONE, ONE, X, ONE, ONE, X], {"axis": 1}),
}
#: refused whatever their attributes are
ALWAYS = {"If", "Where", "Range"}


def node(op: str, more: dict[str, Any]) -> str:
    """What a node is refused with; '' where it is read."""
    inputs, attrs = NODES.get(op, ([X], {}))
    trace = Trace("net.onnx", "", "a test")
    emitter = Emitter(trace)
    emitter.at("n", op)
    given = Given({**attrs, **more})
    made = OnnxNode("n", op, "", ("x",), ("y",), given, {})
    handler = MICROSOFT[op] if op in MICROSOFT and op not in ONNX else ONNX[op]
    onnx_graph.called(handler, Reading(made, inputs, emitter, 20), given)
    return next((o.attrs["why"] for o in trace.ops if o.kind == "unsupported"), "")


@pytest.mark.parametrize("op", sorted({*ONNX, *MICROSOFT} - ALWAYS))
def test_an_attribute_that_no_function_of_onnx_reads_is_refused(op: str) -> None:
    assert node(op, {}) == ""
    assert node(op, {STATES: 2}) == f"{op} with {STATES} = 2"


@pytest.mark.parametrize(
    ("op", "more", "why"),
    [
        ("Selu", {"alpha": 2.0}, "Selu with alpha = 2"),
        ("Gemm", {"transA": 1}, "Gemm with transA = 1"),
        ("HardSigmoid", {"beta": 0.1}, "HardSigmoid with beta = 0.1"),
        ("Conv", {"kernel_shape": (5, 5)}, "Conv with another kernel_shape than its weight's"),
        ("Resize", {"antialias": 1}, "Resize with antialias or exclude_outside"),
        (
            "Resize",
            {"keep_aspect_ratio_policy": "not_larger"},
            "Resize that keeps the aspect ratio",
        ),
        ("BatchNormalization", {"spatial": 0}, "BatchNormalization of each position"),
        ("Cast", {"to": 7}, "Cast to integers"),
    ],
)
def test_what_changes_the_numbers_of_onnx_is_refused(
    op: str, more: dict[str, Any], why: str
) -> None:
    assert node(op, more) == why
