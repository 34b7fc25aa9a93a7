"""Means and maxima over axes that no layer takes together: the refusal says over which."""

import pytest

from tests.interop.onnx_files import array, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

IMAGE = (2, 4, 6, 6)
VIDEO = (2, 4, 3, 6, 6)


def _reduced(op: str, axes: list[int], shape: tuple[int, ...]) -> bytes:
    make = onnx.helper.make_node
    node = make(op, ["r"], ["y"], name="y", axes=axes, keepdims=1)
    return model([make("Relu", ["x"], ["r"]), node], shape, [], 13)


@pytest.mark.parametrize(
    ("axes", "shape", "over"),
    [
        ([0], IMAGE, "the batch"),
        ([1], IMAGE, "the channels"),
        ([3], IMAGE, "one axis of several"),
        ([0, 2, 3], IMAGE, "the batch and the positions"),
        ([1, 2, 3], IMAGE, "the channels and the positions"),
        ([0, 2], IMAGE, "the batch and one axis of several"),
        ([1, 3], IMAGE, "the channels and one axis of several"),
        ([0, 1, 2, 3], IMAGE, "the batch, the channels and the positions"),
        ([3, 4], VIDEO, "2 axes of 3"),
        ([0, 2, 3], VIDEO, "the batch and 2 axes of 3"),
        ([0], (2, 5), "the batch"),
        ([1], (2, 5), "the channels"),
    ],
)
def test_what_is_reduced_is_said(axes: list[int], shape: tuple[int, ...], over: str) -> None:
    for op, word in (("ReduceMean", "mean"), ("ReduceMax", "maximum")):
        assert refusal(_reduced(op, axes, shape)) == (f"{op}: {word} over {over}: y",)


def test_all_positions_are_a_global_pool() -> None:
    for axes, shape in (([2, 3], IMAGE), ([2, 3, 4], VIDEO)):
        assert flat_of(_reduced("ReduceMean", axes, shape)).items[-1].kind == "global_avg_pool"


def _norm(axes: list[int], last: str) -> bytes:
    make = onnx.helper.make_node
    nodes = [
        make("ReduceMean", ["x"], ["kept"], axes=axes, keepdims=1),
        make("Sub", ["x", "kept"], ["c"]),
        make("Mul", ["c", "c"], ["q"]),
    ]
    if last == "BatchNormalization":  # as PyTorch exports one that keeps no statistics
        nodes += [
            make("ReduceMean", ["x"], ["m"], axes=axes, keepdims=0),
            make("ReduceMean", ["q"], ["v"], axes=axes, keepdims=0),
            make("BatchNormalization", ["x", "w", "b", "m", "v"], ["y"], name="y"),
        ]
    else:
        nodes += [
            make("ReduceMean", ["q"], ["v"], axes=axes, keepdims=1),
            make("Add", ["v", "e"], ["a"]),
            make("Sqrt", ["a"], ["s"]),
            make("Div", ["c", "s"], ["y"], name="y"),
        ]
    arrays = [array("w", (4,), [2.0] * 4), array("b", (4,), [1.0] * 4), array("e", (), [1e-5])]
    return model(nodes, IMAGE, arrays, 13)


@pytest.mark.parametrize("last", ["BatchNormalization", "Div"])
def test_a_batch_norm_without_running_statistics_is_called_so(last: str) -> None:
    said = "BatchNormalization" if last == "BatchNormalization" else "Div: batch norm"
    assert refusal(_norm([0, 2, 3], last)) == (f"{said} without running statistics: y",)


def test_statistics_of_other_axes_are_no_batch_norm() -> None:
    assert flat_of(_norm([2, 3], "Div")).items[-1].kind == "instance_norm"
    assert all("mean over the batch" in line for line in refusal(_norm([0], "Div")))
