"""Several outputs stay in their order: in the net, in its spec, and in what is exported."""

import io
import itertools
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import Flat
from convcalc.interop.fold.spec import flat_text, write
from convcalc.interop.network import network_of
from convcalc.interop.read.model import read
from convcalc.network.record import Network
from convcalc.spec.load import load


def widths(network: Network) -> list[int]:
    """The channels of what a net gives back, in its order."""
    return [network.steps[i].output[-1] for i in network.returned]


def everywhere(flat: Flat) -> list[list[int]]:
    """Those of the net itself, of its folded text, and of its long one."""
    texts = [write(flat).text, flat_text(flat)]
    loaded = [load("net.yaml", text.encode()) for text in texts]
    return [widths(net) for net in (network_of(flat), *loaded)]


def onnx_file(outputs: list[str]) -> bytes:
    """Convolutions of 4, 5 and 6 channels in turn, and of 7 and 8 that both read the third."""
    onnx = pytest.importorskip("onnx")
    make, nodes, arrays, before, channels = onnx.helper, [], [], "x", 3
    for i in (4, 5, 6, 7, 8):
        nodes.append(make.make_node("Conv", [before, f"w{i}"], [f"c{i}"], name=f"conv{i}"))
        nodes.append(make.make_node("Relu", [f"c{i}"], [f"y{i}"], name=f"relu{i}"))
        size = i * channels * 9
        arrays.append(make.make_tensor(f"w{i}", 1, (i, channels, 3, 3), [1.0] * size))
        before, channels = (f"y{i}", i) if i < 6 else ("y6", 6)
    given = make.make_tensor_value_info("x", 1, (1, 3, 16, 16))
    ends = [onnx.ValueInfoProto(name=name) for name in outputs]
    for end in ends:
        end.type.tensor_type.elem_type = 1
    graph = make.make_graph(nodes, "net", [given], ends, arrays)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


ORDERS = [*itertools.permutations((4, 7, 8)), (8, 6, 7), (5, 8), (8, 5), (3, 8), (8, 3)]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_of_an_onnx_file(order: tuple[int, ...]) -> None:
    """3 is the image itself."""
    names = ["x" if i == 3 else f"y{i}" for i in order]
    flat = read("net.onnx", io.BytesIO(onnx_file(names)))
    assert everywhere(flat) == [list(order)] * 3


@pytest.mark.parametrize("order", [(8, 4, 7), (8, 7, 4)], ids=str)
def test_of_what_is_exported(order: tuple[int, ...], tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    (tmp_path / "net.onnx").write_bytes(onnx_file([f"y{i}" for i in order]))
    (tmp_path / "net.yaml").write_text(convcalc.import_(tmp_path / "net.onnx").text)
    data = convcalc.export(tmp_path / "net.yaml", to="onnx")
    assert isinstance(data, bytes)
    ends = onnx.load_from_string(data).graph.output
    assert [end.type.tensor_type.shape.dim[1].dim_value for end in ends] == list(order)


def test_of_a_pt2() -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(4, 5, 3)

        def forward(self, x: Any) -> Any:
            x = self.a(x)
            return self.b(x), x

    file = io.BytesIO()
    torch.export.save(torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),)), file)
    assert everywhere(read("net.pt2", io.BytesIO(file.getvalue()))) == [[5, 4]] * 3


def test_of_a_keras_model(keras: Any) -> None:
    x = keras.Input((8, 8, 3))
    a = keras.layers.Conv2D(4, 3)(x)
    b = keras.layers.Conv2D(5, 3)(a)
    text = keras.Model(x, [b, a]).to_json()
    assert everywhere(read("net.json", io.BytesIO(text.encode()))) == [[5, 4]] * 3


def test_of_a_caffe_net() -> None:
    """Caffe gives its outputs in the order of their names."""
    text = 'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
    for top, filters in (("m", 4), ("z", 5), ("a", 6)):
        options = f"convolution_param {{ num_output: {filters} kernel_size: 3 }}"
        text += (
            f'layer {{ name: "{top}" type: "Convolution" bottom: "x" top: "{top}" {options} }}\n'
        )
    assert everywhere(read("net.prototxt", io.BytesIO(text.encode()))) == [[6, 4, 5]] * 3
