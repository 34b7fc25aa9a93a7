"""What is taken for a layer that a file writes out: those numbers and no others, with its sizes."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

onnx = pytest.importorskip("onnx")

Shape = tuple[int, ...]
Nodes = list[tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]]
Arrays = dict[str, tuple[Shape, list[float]]]
IMAGE = (1, 4, 9, 9)


def net(nodes: Nodes, arrays: Arrays, shape: Shape = IMAGE) -> bytes:
    """A file of these nodes; arrays that hold integers alone are such (sizes, axes)."""
    make = onnx.helper
    kept = []
    for name, (dims, values) in arrays.items():
        whole = all(isinstance(value, int) for value in values)
        kept.append(make.make_tensor(name, 7 if whole else 1, dims, values))
    output = onnx.ValueInfoProto(name="y")
    output.type.tensor_type.elem_type = 1
    made = [
        make.make_node(op, inputs.split(), [out], **dict(*more)) for op, inputs, out, *more in nodes
    ]
    graph = make.make_graph(
        made, "net", [make.make_tensor_value_info("x", 1, shape)], [output], kept
    )
    opsets = [make.make_opsetid("", 17)]
    data: bytes = make.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    return data


def flat_of(nodes: Nodes, arrays: Arrays, shape: Shape = IMAGE) -> Flat:
    return read("net.onnx", io.BytesIO(net(nodes, arrays, shape)))


def kinds(nodes: Nodes, arrays: Arrays, shape: Shape = IMAGE) -> list[str]:
    """The kinds after the input; ``refused`` where it is."""
    try:
        return [item.kind for item in flat_of(nodes, arrays, shape).items[1:]]
    except UnsupportedError:
        return ["refused"]


def number(value: float) -> tuple[Shape, list[float]]:
    return (), [value]


@pytest.mark.parametrize(
    ("square", "expected"),
    [
        (("Pow", "d p", "q"), "layer_norm"),
        (("Mul", "d d", "q"), "layer_norm"),
        (("Mul", "d x", "q"), "refused"),
        (("Mul", "x x", "q"), "refused"),
        (("Pow", "d c", "q"), "refused"),
    ],
)
def test_a_norm_squares_what_it_centred(square: Any, expected: str) -> None:
    nodes: Nodes = [
        ("ReduceMean", "x", "m", {"axes": [1]}),
        ("Sub", "x m", "d"),
        square,
        ("ReduceMean", "q", "v", {"axes": [1]}),
        ("Add", "v e", "w"),
        ("Sqrt", "w", "s"),
        ("Div", "d s", "y"),
    ]
    found = kinds(nodes, {"p": number(2.0), "c": number(3.0), "e": number(1e-5)})
    assert found == [expected]


def test_readers_are_looked_up_again_only_where_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from convcalc.interop.trace.tensors import Trace

    asked: list[int] = []
    readers = Trace.readers
    monkeypatch.setattr(Trace, "readers", lambda trace: asked.append(1) or readers(trace))
    flat = read("net.onnx", io.BytesIO(net([("Relu", "x", "y")], {})))
    assert [item.kind for item in flat.items] == ["input", "relu"]
    assert len(asked) == 2  # for the patterns, and for the layers


@pytest.mark.parametrize(
    ("scale", "expected"), [([1.0, 1.0], "group_norm"), ([2.0, 3.0], "refused")]
)
def test_groups_that_are_scaled_themselves_are_no_group_norm(
    scale: list[float], expected: str
) -> None:
    """A scale for each group was dropped without a word."""
    nodes: Nodes = [
        ("Reshape", "x s", "a"),
        ("InstanceNormalization", "a g b", "c"),
        ("Reshape", "c t", "y"),
    ]
    arrays: Arrays = {
        "s": ((3,), [0, 2, -1]),
        "t": ((4,), [1, 4, 9, 9]),
        "g": ((2,), scale),
        "b": ((2,), [0.0, 0.0]),
    }
    assert kinds(nodes, arrays) == [expected]


@pytest.mark.parametrize(("cube", "expected"), [(0.044715, "gelu"), (0.5, "refused")])
def test_the_tanh_form_of_gelu_has_its_own_numbers_and_is_said(cube: float, expected: str) -> None:
    nodes: Nodes = [
        ("Pow", "x three", "p"),
        ("Mul", "p cube", "c"),
        ("Add", "x c", "a"),
        ("Mul", "a root", "b"),
        ("Tanh", "b", "t"),
        ("Add", "t one", "u"),
        ("Mul", "x u", "h"),
        ("Mul", "h half", "y"),
    ]
    values = {"three": 3.0, "cube": cube, "root": 0.7978845, "one": 1.0, "half": 0.5}
    arrays = {name: number(value) for name, value in values.items()}
    assert kinds(nodes, arrays) == [expected]
    if expected == "gelu":
        note = "gelu is the tanh approximation in the source: sizes are equal"
        assert flat_of(nodes, arrays).notes == (note,)


def test_a_bound_after_relu6_keeps_relu6() -> None:
    bounds = {"zero": number(0.0), "six": number(6.0)}
    nodes: Nodes = [("Clip", "x zero six", "a"), ("Clip", "a zero", "y")]
    assert kinds(nodes, bounds) == ["relu6"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Relu x", "Clip a zero six", ["relu", "relu6"]),  # PyTorch's ReLU and ReLU6
        ("Clip x zero six", "Clip a zero six", ["relu6", "relu6"]),
        ("Relu x", "Relu a", ["relu", "relu"]),
        ("Clip x zero six", "Relu a", ["relu6", "relu"]),
        ("Dropout x", "Dropout a", ["dropout", "dropout"]),
        ("Relu x", "Min a six", ["relu6"]),  # one that is written out
        ("Max x zero", "Min a six", ["relu6"]),
        ("Clip x zero", "Min a six", ["relu6"]),
        ("Relu x", "Clip a none six", ["relu6"]),
    ],
)
def test_two_activations_are_two_layers(first: str, second: str, expected: list[str]) -> None:
    bounds = {"zero": number(0.0), "six": number(6.0), "none": number(-1e38)}
    nodes: Nodes = [
        (kind, " ".join(reads), made)
        for (kind, *reads), made in ((first.split(), "a"), (second.split(), "y"))
    ]
    assert [words.split()[0] for words in kinds(nodes, bounds)] == expected


@pytest.mark.parametrize("size", range(6, 12))
@pytest.mark.parametrize("pool", ["MaxPool", "AveragePool"])
def test_zeros_before_a_pool_that_rounds_up_keep_its_size(pool: str, size: int) -> None:
    """A last window may start in zeros of a layer of their own, never in a pool's padding."""
    onnxruntime = pytest.importorskip("onnxruntime")
    numpy = pytest.importorskip("numpy")
    window = {"kernel_shape": [2, 2], "strides": [3, 3], "ceil_mode": 1}
    nodes: Nodes = [("Relu", "x", "r"), ("Pad", "r p", "t"), (pool, "t", "y", window)]
    arrays: Arrays = {"p": ((8,), [0, 0, 1, 1, 0, 0, 1, 1])}
    shape = (1, 4, size, size)
    options = (
        onnxruntime.SessionOptions()
    )  # optimised, onnxruntime merges them too, and loses a row
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        net(nodes, arrays, shape), options, providers=["CPUExecutionProvider"]
    )
    made = session.run(None, {"x": numpy.ones(shape, numpy.float32)})[0].shape
    assert flat_of(nodes, arrays, shape).items[-1].output == (*made[2:], made[1])


def test_every_second_row_of_a_part_is_no_space_to_depth() -> None:
    nodes: Nodes = [
        *(("Slice", f"x s{i} e a t", f"p{i}") for i in range(4)),
        ("Concat", "p0 p1 p2 p3", "y", {"axis": 1}),
    ]
    starts = {f"s{i}": ((2,), [i // 2, i % 2]) for i in range(4)}
    rest: Arrays = {"a": ((2,), [2, 3]), "t": ((2,), [2, 2])}
    whole: Arrays = {**starts, **rest, "e": ((2,), [8, 8])}
    assert kinds(nodes, whole, (1, 3, 8, 8)) == ["space_to_depth"]
    part: Arrays = {**starts, **rest, "e": ((2,), [6, 8])}
    assert flat_of(nodes, part, (1, 3, 8, 8)).items[-1].output == (3, 4, 12)


def test_a_bias_that_is_added_with_the_channels_last_is_the_convolution_s() -> None:
    nodes: Nodes = [
        ("Conv", "x w", "c"),
        ("Transpose", "c", "r", {"perm": [0, 2, 3, 1]}),
        ("Add", "r b", "s"),
        ("Relu", "s", "y"),
    ]
    arrays: Arrays = {"w": ((6, 4, 3, 3), [1.0] * 216), "b": ((6,), [1.0] * 6)}
    assert kinds(nodes, arrays) == ["conv", "relu"]
    assert flat_of(nodes, arrays).counts.params == 222
    twice: Nodes = [*nodes[:2], ("Add", "r b", "s"), ("Add", "r s", "y")]
    assert kinds(twice, arrays) == ["refused"]


def test_a_sequence_as_an_image_of_one_row() -> None:
    """What tf2onnx makes of a Conv1D: an axis of 1, a convolution of two axes, and back."""
    nodes: Nodes = [
        ("Unsqueeze", "x one", "u"),
        ("Transpose", "u", "t", {"perm": [0, 3, 1, 2]}),
        ("Conv", "t w", "c"),
        ("Transpose", "c", "d", {"perm": [0, 2, 3, 1]}),
        ("Squeeze", "d one", "e"),
        ("Relu", "e", "f"),
        ("Unsqueeze", "f one", "g"),
        ("Transpose", "g", "h", {"perm": [0, 3, 1, 2]}),
        ("Conv", "h v", "y"),
    ]
    arrays: Arrays = {
        "one": ((1,), [1]),
        "w": ((8, 3, 1, 3), [1.0] * 72),
        "v": ((5, 8, 1, 2), [1.0] * 80),
    }
    flat = flat_of(nodes, arrays, (1, 50, 3))
    assert [item.kind for item in flat.items] == ["input", "reshape", "conv", "relu", "conv"]
    assert flat.items[-1].output == (1, 47, 5)
    assert flat.counts.params == 152
