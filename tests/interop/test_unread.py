"""No argument of a foreign operator is passed over: it is read, changes nothing, or is refused."""

import io
import json
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.given import Given
from convcalc.interop.read.keras.layers import CLASSES
from convcalc.interop.read.keras.shaping import PREPARING
from convcalc.interop.read.model import read
from convcalc.interop.read.onnx import graph as onnx_graph
from convcalc.interop.read.onnx.node import Reading
from convcalc.interop.read.onnx.operators import OPERATORS as ONNX
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.read.onnx.quantized import MICROSOFT
from convcalc.interop.read.pt2 import graph as pt2_graph
from convcalc.interop.read.pt2.node import Call
from convcalc.interop.read.pt2.operators import OPERATORS as ATEN
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Tensor, Trace

X = Tensor("x", (1, 4, 8, 8))
ROW = Tensor("row", (1, 4))
STATES = "unheard_of"


def weight(*shape: int) -> Tensor:
    return Tensor("w", shape, None, frozenset({f"w{shape}"}))


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


NUMBERS = {"self": X, "weight": V, "bias": V, "running_mean": V, "running_var": V}
#: arguments with which a function of ATen is read; of others, the input alone
CALLS: dict[str, dict[str, Any]] = {
    **{f"conv{n}d": {"input": Tensor("x", (1, 4, *[8] * n)), "weight": weight(6, 4, *[3] * n)}
       for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": {"input": Tensor("x", (1, 4, *[8] * n)),
                               "weight": weight(4, 6, *[3] * n)} for n in (1, 2, 3)},
    "convolution": {"input": X, "weight": W},
    **{f"{how}_pool{n}d{more}": {"self": Tensor("x", (1, 4, *[8] * n)), "kernel_size": [2]}
       for n in (1, 2, 3) for how, more in (("max", ""), ("max", "_with_indices"), ("avg", ""),
                                            ("lp", ""))},
    **{f"adaptive_{how}_pool{n}d": {"self": Tensor("x", (1, 4, *[8] * n)), "output_size": [2]}
       for n in (1, 2, 3) for how in ("avg", "max")},
    **{f"{how}{n}d": {"input": Tensor("x", (1, 4, *[8] * n)), "output_size": [16] * n}
       for hows, ranks in (("upsample_nearest _upsample_nearest_exact", (1, 2, 3)),
                           ("upsample_linear", (1,)), ("upsample_bilinear upsample_bicubic", (2,)),
                           ("upsample_trilinear", (3,))) for how in hows.split() for n in ranks},
    "pixel_shuffle": {"self": X, "upscale_factor": 2},
    "pixel_unshuffle": {"self": X, "downscale_factor": 2},
    "channel_shuffle": {"self": X, "groups": 2},
    "linear": {"input": ROW, "weight": weight(6, 4)},
    **{key: {"self": ROW, "mat2": weight(4, 6)} for key in ("mm", "bmm")},
    "matmul": {"self": ROW, "other": weight(4, 6)},
    "addmm": {"self": weight(6), "mat1": ROW, "mat2": weight(4, 6)},
    **dict.fromkeys(
        ("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm",
         "cudnn_batch_norm"), NUMBERS),
    "instance_norm": {"input": X, "weight": V, "bias": V},
    "group_norm": {"input": X, "weight": V, "bias": V, "num_groups": 2},
    "layer_norm": {"input": X, "normalized_shape": [8]},
    **{key: {"self": X, "weight": V} for key in ("prelu", "_prelu_kernel")},
    **{key: {"self": X, "other": X}
       for key in ("add", "sub", "rsub", "mul", "div", "max", "maximum", "min", "minimum")},
    **{key: {"self": X, "other": X} for key in ("expand_as", "type_as")},
    "pow": {"self": X, "exponent": 2},
    **{key: {"self": X, "unbiased": False} for key in ("var", "var_mean")},
    **{key: {"self": ROW, "dim": 1} for key in ("softmax", "_softmax")},
    **{key: {"tensors": [X, X], "dim": 1} for key in ("cat", "concat", "stack")},
    "split": {"self": X, "split_size": 2, "dim": 1},
    "split_with_sizes": {"self": X, "split_sizes": [1, 3], "dim": 1},
    "chunk": {"self": X, "chunks": 2, "dim": 1},
    "slice": {"self": X, "dim": 1, "start": 1},
    "narrow": {"self": X, "dim": 1, "start": 1, "length": 2},
    **{key: {"self": X, "size": [1, 256]} for key in ("view", "_unsafe_view")},
    "reshape": {"self": X, "shape": [1, 256]},
    "unflatten": {"self": X, "dim": 1, "sizes": [2, 2]},
    "unsqueeze": {"self": X, "dim": 0},
    "permute": {"self": X, "dims": [0, 2, 3, 1]},
    "transpose": {"self": X, "dim0": 2, "dim1": 3},
    "movedim": {"self": X, "source": [1], "destination": [3]},
    "pad": {"self": X, "pad": [1, 1]},
    "constant_pad_nd": {"self": X, "pad": [1, 1]},
    **{f"{how}_pad{n}d": {"self": X, "padding": [1, 1] * n}
       for n in (1, 2, 3) for how in ("reflection", "replication")},
    "expand": {"self": X, "size": [-1, -1, -1, -1]},
    "repeat": {"self": X, "repeats": [1, 1, 1, 1]},
    "tile": {"self": X, "dims": [1, 1]},
    "repeat_interleave": {"self": X, "repeats": 1, "dim": 1},
    "_native_batch_norm_legit": {"self": X, "training": True},
}  # fmt: skip


def call(target: str, more: dict[str, Any]) -> str:
    """What a call is refused with; '' where it is read."""
    trace = Trace("net.pt2", "", "a test")
    emitter = Emitter(trace)
    emitter.at("n", f"aten.{target}")
    given = Given({**CALLS.get(target, {"self": X}), **more})
    pt2_graph.called(ATEN[target], Call(target, given, emitter, 1))
    refused = (o.attrs["why"] for o in trace.ops if o.kind == "unsupported")
    return next((why for why in refused if not why.endswith("'s indices")), "")


@pytest.mark.parametrize("target", sorted(ATEN))
def test_an_argument_that_no_function_of_aten_reads_is_refused(target: str) -> None:
    assert call(target, {}) == ""
    assert call(target, {STATES: 2}) == f"aten.{target} with {STATES} = 2"
    assert call(target, {STATES: None, "inplace": True}) == ""


@pytest.mark.parametrize(
    ("target", "more", "why"),
    [
        ("softplus", {"beta": 2.0}, "softplus with its own beta or threshold"),
        ("div", {"rounding_mode": "floor"}, "aten.div with rounding_mode = floor"),
        ("avg_pool2d", {"divisor_override": 3}, "avg_pool2d with divisor_override"),
        ("addmm", {"alpha": 2}, "addmm with a factor"),
        ("add", {"alpha": 2}, "add with a factor"),
        ("elu", {"scale": 2.0}, "elu with a scale"),
        ("batch_norm", {"running_mean": None}, "batch_norm without running statistics"),
        ("linalg_vector_norm", {"ord": 1}, "linalg_vector_norm of another sort"),
        ("upsample_bilinear2d", {"scales_h": 1.9}, "upsample_bilinear2d by 1.9 to another size"),
    ],
)
def test_what_changes_the_numbers_is_refused(target: str, more: dict[str, Any], why: str) -> None:
    assert call(target, more) == why


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


#: entries with which a Keras layer is read, beside its name
CONFIGS: dict[str, dict[str, Any]] = {
    **{f"Conv{n}D": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": {"kernel_size": [3] * n} for n in (1, 2)},
    **{f"SeparableConv{n}D": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2)},
    **{f"{how}Pooling{n}D": {"pool_size": [2] * n}
       for n in (1, 2, 3) for how in ("Max", "Average")},
    **{f"Adaptive{how}Pooling{n}D": {"output_size": [2] * n}
       for n in (1, 2, 3) for how in ("Max", "Average")},
    "Dense": {"units": 3},
    "GroupNormalization": {"groups": 2},
    "PReLU": {"shared_axes": [1, 2]},
    "Activation": {"activation": "relu"},
    **{f"ZeroPadding{n}D": {"padding": 1} for n in (1, 2, 3)},
    **{f"Cropping{n}D": {"cropping": 1} for n in (1, 2, 3)},
    "Resizing": {"height": 16, "width": 16},
    "CenterCrop": {"height": 4, "width": 4},
    "Reshape": {"target_shape": [-1, 4]},
    "Permute": {"dims": [1, 2, 3]},
}  # fmt: skip
MERGES = {"Add", "Multiply", "Concatenate", "Subtract", "Maximum", "Average"}


def keras(cls: str, more: dict[str, Any]) -> str:
    """What a Keras layer is refused with; '' where it is read."""
    axes = next((n for n in (1, 2, 3) if f"{n}D" in cls), 2)
    shape = [None, *[8] * axes, 4]
    config = {"name": "l", "trainable": True, **CONFIGS.get(cls, {}), **more}
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}
    args = [[tensor, tensor]] if cls in MERGES else [tensor]
    first = {"class_name": "InputLayer", "name": "i", "inbound_nodes": [],
             "config": {"name": "i", "batch_shape": shape}}  # fmt: skip
    layer = {"class_name": cls, "module": "keras.layers", "name": "l", "config": config,
             "inbound_nodes": [{"args": args, "kwargs": {}}]}  # fmt: skip
    last = {"class_name": "ReLU", "module": "keras.layers", "name": "r", "config": {"name": "r"},
            "inbound_nodes": [{"args": [{**tensor, "config": {"keras_history": ["l", 0, 0]}}],
                               "kwargs": {}}]}  # fmt: skip
    model = {"name": "m", "layers": [first, layer, last], "input_layers": [["i", 0, 0]],
             "output_layers": [["r", 0, 0]]}  # fmt: skip
    data = json.dumps({"class_name": "Functional", "config": model}).encode()
    try:
        read("m.json", io.BytesIO(data))
    except UnsupportedError as error:
        return error.lines[0].partition(":")[0]
    return ""


@pytest.mark.parametrize("cls", sorted(set(CLASSES) - PREPARING))
def test_an_entry_that_no_function_of_keras_reads_is_refused(cls: str) -> None:
    assert keras(cls, {}) == ""
    assert keras(cls, {STATES: 2}) == f"{cls} with {STATES} = 2"
    assert keras(cls, {STATES: None, "seed": 3, "kernel_initializer": {"a": 1}}) == ""


def test_what_is_left_out_since_it_prepares_data_may_have_any_entry() -> None:
    assert all(keras(cls, {STATES: 2}) == "" for cls in PREPARING)


def test_every_argument_that_pytorch_has_is_read_or_known() -> None:
    """Functions of ATen as PyTorch declares them: their own defaults, written out, are read."""
    torch = pytest.importorskip("torch")
    for target in sorted(ATEN):
        packet = getattr(torch.ops.aten, target, None)
        if packet is None:
            continue
        schema = packet.default._schema if "default" in packet.overloads() else None
        if schema is None:
            continue
        given = CALLS.get(target, {"self": X})
        defaults = {a.name: a.default_value for a in schema.arguments
                    if a.default_value is not None and a.name not in given}  # fmt: skip
        assert call(target, defaults) == "", (target, defaults)
