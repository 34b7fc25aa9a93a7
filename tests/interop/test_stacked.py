"""`torch.stack` whose axis is taken away again is a sum, a mean or a maximum of volumes."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
onnx: Any = pytest.importorskip("onnx")

KINDS = {"sum": "add", "mean": "average", "amax": "maximum"}


def pt2(forward: Callable[[Any, list[Any]], Any]) -> Flat:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.convs = torch.nn.ModuleList(torch.nn.Conv2d(2, 4, 3) for _ in range(3))

        def forward(self, x: Any) -> Any:
            return forward(x, [conv(x) for conv in self.convs])

    file = io.BytesIO()
    torch.export.save(torch.export.export(Net().eval(), (torch.zeros(1, 2, 9, 8),)), file)
    return read("net.pt2", io.BytesIO(file.getvalue()))


def made(flat: Flat) -> list[tuple[str, tuple[int, ...] | None, int]]:
    return [(item.kind, item.output, len(item.inputs)) for item in flat.items if item.layer]


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("how", KINDS)
def test_a_stack_of_pytorch(how: str, axis: int) -> None:
    flat = pt2(lambda x, parts: getattr(torch.stack(parts, axis), how)(axis).relu())
    assert made(flat)[3:] == [(KINDS[how], (7, 6, 4), 3), ("relu", (7, 6, 4), 1)]
    assert any("a stack copies" in note for note in flat.notes)


@pytest.mark.parametrize(
    "forward",
    [
        lambda x, parts: torch.stack(parts),
        lambda x, parts: torch.stack(parts).sum(0, keepdim=True),
        lambda x, parts: torch.stack(parts).sum(1),
        lambda x, parts: torch.stack(parts).sum((0, 2)),
        lambda x, parts: (torch.stack(parts).sum(0), torch.stack(parts)[1]),
    ],
)
def test_what_does_not_take_the_axis_away_is_refused(forward: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError) as caught:
        pt2(forward)
    assert "along an axis that no volume has" in caught.value.lines[0]


def written(op: str, axis: int, keepdims: int = 0, joined: int | None = None) -> bytes:
    """Two branches as PyTorch's exporters write a stack of them."""
    make, info = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    nodes = [make("Relu", ["x"], ["a"]), make("Tanh", ["x"], ["b"])]
    nodes += [make("Unsqueeze", [v, "axis"], [f"{v}1"], name=f"u{v}") for v in "ab"]
    nodes += [
        make("Concat", ["a1", "b1"], ["c"], axis=axis if joined is None else joined, name="cat"),
        make(op, ["c", "axis"], ["y"], keepdims=keepdims, name="r"),
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "g",
        [info("x", 1, [1, 4, 6, 5])],
        [info("y", 1, None)],
        [onnx.helper.make_tensor("axis", 7, [1], [axis])],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
    return bytes(model.SerializeToString())


@pytest.mark.parametrize("axis", [0, 1, 4])
@pytest.mark.parametrize(
    ("op", "kind"), [("ReduceSum", "add"), ("ReduceMean", "average"), ("ReduceMax", "maximum")]
)
def test_a_stack_of_onnx(op: str, kind: str, axis: int) -> None:
    flat = read("net.onnx", io.BytesIO(written(op, axis)))
    assert made(flat)[2:] == [(kind, (6, 5, 4), 2)]


def test_a_stack_of_onnx_that_keeps_its_axis_is_refused() -> None:
    with pytest.raises(UnsupportedError) as caught:
        read("net.onnx", io.BytesIO(written("ReduceSum", 0, keepdims=1)))
    assert "Concat along an axis that no volume has" in caught.value.lines[0]
