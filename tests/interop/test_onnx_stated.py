"""Sizes that an ONNX file states of volumes: compared where `Shape` is asked, for onnxruntime may
answer with them."""

from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx import skim
from tests.interop.onnx_files import array, flat_of, model

onnx = pytest.importorskip("onnx")

SHAPE = (1, 3, 8, 8)
TRUE = (1, 4, 6, 6)


def stating(axes: Any, asks: bool = True, name: str = "h") -> bytes:
    """`h` is a convolution, said to have these axes; y is reshaped by its shape."""
    make = onnx.helper.make_node
    nodes = [make("Conv", ["x", "w"], ["h"])]
    if asks:
        nodes += [make("Shape", ["h"], ["s"]), make("Reshape", ["h", "s"], ["y"])]
    else:
        nodes += [make("Relu", ["h"], ["y"])]
    found = onnx.ModelProto.FromString(model(nodes, SHAPE, [array("w", (4, 3, 3, 3))]))
    where = found.graph.output if name == "y" else found.graph.value_info
    del found.graph.output[0 if name == "y" else 1 :]
    where.append(onnx.helper.make_tensor_value_info(name, 1, axes))
    data: bytes = found.SerializeToString()
    return data


@pytest.mark.parametrize("axes", [TRUE, ("N", 4, "H", "W"), (None, 4, 6, None), None])
def test_sizes_that_are_true_or_open_are_no_matter(axes: Any) -> None:
    assert flat_of(stating(axes)).items[-1].output == (6, 6, 4)


def test_sizes_that_nobody_asks_for_are_no_matter() -> None:
    assert flat_of(stating((1, 4, 1, 6), asks=False)).items[-1].output == (6, 6, 4)


def opened(data: bytes, *axes: int) -> bytes:
    proto = onnx.ModelProto.FromString(data)
    for axis in axes:
        proto.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = f"d{axis}"
    found: bytes = proto.SerializeToString()
    return found


def test_behind_an_open_batch_that_of_an_example_may_be_stated() -> None:
    """`dynamic_axes` of PyTorch's older exporter leaves the example's batch in outputs."""
    assert flat_of(opened(stating((2, 4, 6, 6)), 0)).items[-1].output == (6, 6, 4)
    with pytest.raises(UnreadableError, match="states that h has the axes"):
        flat_of(opened(stating((2, 4, 1, 6)), 0))


def test_branches_of_the_same_names_state_their_own() -> None:
    make, info = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    nodes, x = [], "x"
    for at, size in enumerate((6, 4)):
        inner = [make("Conv", [x, "w"], ["h"]), make("Shape", ["h"], ["s"])]
        inner.append(make("Reshape", ["h", "s"], ["o"]))
        side = onnx.helper.make_graph(inner, "side", [], [onnx.ValueInfoProto(name="o")])
        side.value_info.append(info("h", 1, (1, 3, size, size)))
        nodes.append(make("If", ["c"], [f"y{at}"], then_branch=side, else_branch=side))
        x = f"y{at}"
    nodes.append(make("Relu", [x], ["y"]))
    condition = onnx.helper.make_tensor("c", 9, (), [True])
    flat = flat_of(model(nodes, SHAPE, [condition, array("w", (3, 3, 3, 3))]))
    assert flat.items[-1].output == (4, 4, 3)


@pytest.mark.parametrize("name", ["h", "y"])
@pytest.mark.parametrize("axes", [(1, 4, 1, 6), (1, 4, 0, 6), (1, 4, 36), ("N", 5, "H", "W")])
def test_where_a_shape_is_asked_for_no_other_sizes_may_be_stated(name: str, axes: Any) -> None:
    with pytest.raises(UnreadableError, match=rf"states that {name} has the axes .* value_info"):
        flat_of(stating(axes, name=name))


def test_statements_that_are_not_kept_are_refused_where_a_shape_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(skim, "_MOST_STATED", 5)
    assert flat_of(stating(TRUE, asks=False)).items[-1].output == (6, 6, 4)
    with pytest.raises(UnreadableError, match="in more bytes than are compared"):
        flat_of(stating(TRUE))


def test_statements_inside_of_a_branch_are_compared() -> None:
    make = onnx.helper.make_node
    stated = onnx.helper.make_tensor_value_info("h", 1, (1, 4, 1, 6))
    inner = [
        make("Conv", ["x", "w"], ["h"]),
        make("Shape", ["h"], ["s"]),
        make("Reshape", ["h", "s"], ["o"]),
    ]
    side = onnx.helper.make_graph(inner, "side", [], [onnx.ValueInfoProto(name="o")])
    side.value_info.append(stated)
    node = make("If", ["c"], ["y"], then_branch=side, else_branch=side)
    condition = onnx.helper.make_tensor("c", 9, (), [True])
    with pytest.raises(UnreadableError, match="states that h has the axes"):
        flat_of(model([node], SHAPE, [condition, array("w", (4, 3, 3, 3))]))
