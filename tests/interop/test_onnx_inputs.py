"""Inputs of ONNX files that have numbers of their own, no axes, or numbers in another file."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import read

onnx = pytest.importorskip("onnx")

FLOAT, INTEGER, BOOL = 1, 7, 9


def info(name: str, shape: tuple[int | str, ...] | None, kind: int = FLOAT) -> Any:
    return onnx.helper.make_tensor_value_info(name, kind, shape)


def array(name: str, shape: tuple[int, ...], kind: int = FLOAT, number: float = 1.0) -> Any:
    count = 1
    for size in shape:
        count *= size
    return onnx.helper.make_tensor(name, kind, shape, [number] * count)


def outside(tensor: Any) -> Any:
    """The same tensor with its numbers in another file."""
    for field in ("float_data", "int32_data", "int64_data", "raw_data"):
        tensor.ClearField(field)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "numbers.bin"
    return tensor


CONV = ("Conv", ["x", "w"], ["y"])


def flat_of(nodes: list[Any], inputs: list[Any], arrays: list[Any]) -> Flat:
    make = onnx.helper
    made = [make.make_node(*node) if isinstance(node, tuple) else node for node in nodes]
    output = onnx.ValueInfoProto(name="y")
    output.type.tensor_type.elem_type = FLOAT
    graph = make.make_graph(made, "net", inputs, [output], arrays)
    opsets = [make.make_opsetid("", 17)]
    data = make.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
    return read("net.onnx", io.BytesIO(data))


X = ("x", (1, 3, 8, 8))


@pytest.mark.parametrize("shape", [(4, 3, 3, 3), ("a", 3, "k", "k"), None])
@pytest.mark.parametrize("first", [True, False])
def test_an_input_with_numbers_of_its_own_is_a_weight(shape: Any, first: bool) -> None:
    """As in files before IR version 4, and since then where somebody may give others."""
    inputs = [info(*X), info("w", shape)]
    flat = flat_of([CONV], inputs[:: -1 if first else 1], [array("w", (4, 3, 3, 3))])
    assert [item.output for item in flat.items] == [(8, 8, 3), (6, 6, 4)]


@pytest.mark.parametrize(
    ("shape", "kind", "said"),
    [
        ((5, 3, 3, 3), FLOAT, r"input w has the axes \(5, 3, 3, 3\), its tensor \(4, 3, 3, 3\)"),
        (("a", 3, 3), FLOAT, r"input w has the axes \(\?, 3, 3\), its tensor \(4, 3, 3, 3\)"),
        ((), FLOAT, r"input w has the axes \(\), its tensor \(4, 3, 3, 3\)"),
        ((4, 3, 3, 3), INTEGER, "input w is of int64, its tensor of float32"),
    ],
)
def test_numbers_that_are_not_what_their_input_says_are_refused(
    shape: Any, kind: int, said: str
) -> None:
    """onnxruntime: "Shape of initializer w does not match"."""
    with pytest.raises(UnreadableError, match=said):
        flat_of([CONV], [info(*X), info("w", shape, kind)], [array("w", (4, 3, 3, 3))])


def test_an_input_without_axes_is_not_one_without_a_shape() -> None:
    arrays = [array("w", (4, 3, 3, 3))]
    nodes = [("Mul", ["x", "k"], ["a"]), ("Conv", ["a", "w"], ["y"])]
    with pytest.raises(UnreadableError, match="input 'k' is one number without axes"):
        flat_of(nodes, [info(*X), info("k", ())], arrays)
    with pytest.raises(UnreadableError, match="input 'x' has no shape: export with one"):
        flat_of([CONV], [info("x", None)], arrays)


def test_a_factor_in_another_file_is_a_layer_of_unknown_number() -> None:
    arrays = [array("w", (4, 3, 3, 3)), array("k", (), number=0.5)]
    nodes = [("Conv", ["x", "w"], ["a"]), ("Mul", ["a", "k"], ["y"])]
    known = flat_of(nodes, [info(*X)], arrays)
    flat = flat_of(nodes, [info(*X)], [*map(outside, arrays)])
    assert [item.kind for item in flat.items] == [item.kind for item in known.items]
    assert flat.items[-1].kind == "scale"
    (note,) = flat.notes
    assert note == "a factor whose number is not in the file is written as 1: sizes are equal"


def test_an_if_whose_condition_is_in_another_file_is_refused() -> None:
    make = onnx.helper
    sides = [
        make.make_graph([make.make_node("Relu", ["x"], [name])], name, [], [info(name, None)])
        for name in ("then", "other")
    ]
    node = make.make_node("If", ["c"], ["y"], "if", then_branch=sides[0], else_branch=sides[1])
    with pytest.raises(UnsupportedError) as caught:
        flat_of([node], [info(*X)], [outside(array("c", (), BOOL))])
    assert caught.value.lines == ("If with a condition whose value is not in the file: if",)
