"""A gate that the file spreads over a volume first; spread alone, it is no layer."""

import io
from pathlib import Path

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read


@pytest.mark.parametrize("word", ["expand_as", "expand", "alone"])
def test_a_gate_that_is_spread_first_is_a_gate(word: str, tmp_path: Path) -> None:
    """The older squeeze-and-excitation: x * gate.expand_as(x)."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x):  # type: ignore[no-untyped-def]
            gate = x.mean((2, 3), keepdim=True)
            if word == "alone":
                return gate.expand_as(x)
            spread = gate.expand_as(x) if word == "expand_as" else gate.expand(1, 4, 9, 8)
            return x * spread

    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(Net().eval(), (torch.zeros(1, 4, 9, 8),)), file)
    with file.open("rb") as stream:
        if word == "alone":
            with pytest.raises(UnsupportedError) as caught:
                read("net.pt2", stream)
            assert caught.value.lines == ("aten.expand_as: expand_as",)
            return
        flat = read("net.pt2", stream)
    assert [item.kind for item in flat.items] == ["input", "global_avg_pool", "multiply"]
    assert flat.items[-1].output == (9, 8, 4)


@pytest.mark.parametrize("gated", [True, False])
def test_an_expand_of_onnx_is_read_through_where_it_changes_nothing(gated: bool) -> None:
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    nodes = [
        make.make_node("GlobalAveragePool", ["x"], ["g"]),
        make.make_node("Expand", ["g", "s"], ["e"]),
        make.make_node("Mul", ["x", "e"], ["y"]) if gated else make.make_node("Relu", ["e"], ["y"]),
    ]
    graph = make.make_graph(
        nodes,
        "net",
        [make.make_tensor_value_info("x", 1, (1, 4, 9, 8))],
        [make.make_tensor_value_info("y", 1, (1, 4, 9, 8))],
        [make.make_tensor("s", 7, (4,), [1, 4, 9, 8])],
    )
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    data = io.BytesIO(model.SerializeToString())
    if gated:
        kinds = [item.kind for item in read("net.onnx", data).items]
        assert kinds == ["input", "global_avg_pool", "multiply"]
        return
    with pytest.raises(UnsupportedError) as caught:
        read("net.onnx", data)
    assert caught.value.lines == ("Expand: e",)
