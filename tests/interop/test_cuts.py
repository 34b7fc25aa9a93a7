"""Padding by negative sides, and means over one axis after the other, as what they are together."""

import io
from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import array, executed, flat_of, model, net, refusal

onnx = pytest.importorskip("onnx")


def pads(*sides: int) -> Any:
    return onnx.helper.make_tensor("p", 7, (8,), sides)


@pytest.mark.parametrize(
    ("sides", "kinds"),
    [
        ((0, 0, -1, -2, 0, 0, 0, -1), ["crop"]),
        ((0, -1, 0, 0, 0, -1, 0, 0), ["slice"]),
        ((0, 0, -1, 2, 0, 0, -1, 0), ["crop", "pad"]),
        ((0, 0, -1, 0, 0, 0, 3, 0), ["crop", "pad"]),
        ((0, 1, -1, 0, 0, 0, 0, 0), ["crop", "pad"]),
        ((0, 0, 1, 0, 0, 0, 0, 1), ["pad"]),
    ],
)
def test_a_pad_of_negative_sides_is_a_crop(sides: tuple[int, ...], kinds: list[str]) -> None:
    data = net("Pad", "x p", (1, 4, 9, 8), [pads(*sides)])
    flat = flat_of(data)
    assert [item.kind for item in flat.items[1:]] == kinds
    assert flat.items[-1].output == executed(data, (1, 4, 9, 8))


@pytest.mark.parametrize("mode", ["reflect", "edge"])
def test_a_cut_and_a_mode_are_told_apart(mode: str) -> None:
    cut = net("Pad", "x p", (1, 4, 9, 8), [pads(0, 0, -1, 0, 0, 0, 0, 0)], mode=mode)
    assert [item.kind for item in flat_of(cut).items[1:]] == ["crop"]
    both = net("Pad", "x p", (1, 4, 9, 8), [pads(0, 0, -1, 0, 0, 0, 2, 0)], mode=mode)
    assert refusal(both) == (f"Pad with mode {mode} and negative sides: y",)


def test_pytorch_cuts_before_it_reflects_and_that_is_refused(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return torch.nn.functional.pad(x, (-1, 2, 0, 0), mode="reflect")

    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),)), file)
    with pytest.raises(UnsupportedError) as caught:
        read("net.pt2", io.BytesIO(file.read_bytes()))
    assert caught.value.lines[0].startswith("pad with mode reflect and negative sides")


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("axes", [((2,), (3,)), ((3,), (2,)), ((-1,), (2,))])
@pytest.mark.parametrize("op", ["ReduceMean", "ReduceMax"])
def test_a_mean_over_rows_then_columns_is_a_global_one(
    op: str, axes: tuple[tuple[int], tuple[int]], keep: int
) -> None:
    second = axes[1] if keep else (2,)
    nodes = [
        onnx.helper.make_node(op, ["x"], ["a"], axes=axes[0], keepdims=keep),
        onnx.helper.make_node(op, ["a"], ["y"], axes=second, keepdims=keep),
    ]
    flat = flat_of(model(nodes, (1, 4, 9, 8), [], 13))
    kind = {"ReduceMean": "global_avg_pool", "ReduceMax": "global_max_pool"}[op]
    assert [item.kind for item in flat.items[1:]] == ([kind] if keep else [kind, "flatten"])
    assert flat.items[1].output == (1, 1, 4)


@pytest.mark.parametrize("case", ["read", "mixed", "output"])
def test_other_means_over_one_axis_are_refused(case: str) -> None:
    make = onnx.helper.make_node
    nodes = [
        make("ReduceMean", ["x"], ["a"], axes=[2], keepdims=1),
        make("ReduceMax" if case == "mixed" else "ReduceMean", ["a"], ["b"], axes=[3], keepdims=1),
        make("Mul", ["x", "a" if case == "read" else "b"], ["c"]),
        make("Conv", ["c", "w"], ["y"]),
    ]
    if case == "output":
        nodes = [nodes[0], make("Conv", ["a", "w"], ["y"])]
    lines = refusal(model(nodes, (1, 4, 9, 8), [array("w", (4, 4, 1, 1))], 13))
    assert lines[0].startswith("ReduceMean: mean over one axis of several: a")
