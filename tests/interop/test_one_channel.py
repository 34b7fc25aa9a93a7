"""Volumes of one channel whose positions are reshaped: numbers stay in the file's order."""

import pytest

from tests.interop.onnx_files import array, flat_of, model, refusal

onnx = pytest.importorskip("onnx")


def _net(shape: tuple[int, ...], target: tuple[int, ...], then: str) -> bytes:
    """A reshape to `target`, and a layer."""
    sizes = onnx.helper.make_tensor("sizes", onnx.TensorProto.INT64, (len(target),), target)
    arrays = [sizes, array("w", (2, target[1], 1, 1))]
    more = ["w"] if then == "Conv" else []
    nodes = [
        onnx.helper.make_node("Reshape", ["x", "sizes"], ["r"], name="r"),
        onnx.helper.make_node(then, ["r", *more], ["y"], name="y"),
    ]
    return model(nodes, shape, arrays)


def test_rows_that_become_channels_are_no_reshape_of_what_lies_here() -> None:
    """Rows and columns would change places: the file's numbers are those of 6x4x1."""
    data = _net((1, 1, 6, 4), (1, 6, 4, 1), "Relu")
    assert [(item.kind, item.output) for item in flat_of(data).items] == [
        ("input", (6, 4, 1)),
        ("relu", (6, 4, 1)),
    ]
    why = ("Conv over axes that are not channels and positions: y",)
    assert refusal(_net((1, 1, 6, 4), (1, 6, 4, 1), "Conv")) == why


def test_a_line_that_becomes_channels_is_one() -> None:
    """As the gates of ECA have it: one order, wherever the channels are."""
    flat = flat_of(_net((1, 1, 6, 1), (1, 6, 1, 1), "Conv"))
    assert [(item.kind, item.output) for item in flat.items[1:]] == [
        ("reshape", (1, 1, 6)),
        ("conv", (1, 1, 2)),
    ]
