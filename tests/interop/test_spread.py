"""A gate that the file spreads over a volume first; spread alone, it is no layer."""

import io
from pathlib import Path

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read

ONE_PLACE = "of one place over a map: a product spreads it by itself and is read, as is an"


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
            said = f"aten.expand_as {ONE_PLACE} `expand` that one reads: expand_as"
            assert caught.value.lines == (said,)
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
    assert caught.value.lines == (f"Expand {ONE_PLACE} Expand that a Mul reads: e",)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ((1, 3, 1, 1), "Tile of the channels 3 times: a Concat of the volume 3 times is read"),
        ((1, 1, 2, 2), "Tile of a map side by side: no layer tiles, Resize enlarges"),
        ((2, 1, 1, 1), "Tile of the batch: every image is counted alone"),
        ((1, 2), "Tile, which adds axes or repeats another number of them"),
        ((1, 1, 1, 1), ""),
    ],
)
def test_a_tile_of_onnx_says_what_is_read(times: tuple[int, ...], said: str) -> None:
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    sizes = [size * n for size, n in zip((1, 4, 9, 8), times, strict=False)]
    graph = make.make_graph(
        [make.make_node("Relu", ["x"], ["r"]), make.make_node("Tile", ["r", "s"], ["y"])],
        "net",
        [make.make_tensor_value_info("x", 1, (1, 4, 9, 8))],
        [make.make_tensor_value_info("y", 1, sizes)],
        [make.make_tensor("s", 7, (len(times),), times)],
    )
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    data = io.BytesIO(model.SerializeToString())
    if not said:
        assert [item.kind for item in read("net.onnx", data).items] == ["input", "relu"]
        return
    with pytest.raises(UnsupportedError) as caught:
        read("net.onnx", data)
    (line,) = caught.value.lines
    assert line.startswith(said)
