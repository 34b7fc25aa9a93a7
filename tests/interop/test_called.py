"""Names of the source's own layers come first: calls of shared layers get those that are free."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.called import called
from convcalc.interop.flat import Builder

np = pytest.importorskip("numpy")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

CONV = {"filters": 4, "kernel": 3, "pad": 1}


def _shared(second: str) -> Any:
    """A net that calls `conv` twice before another layer."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(4, 4, 3, padding=1)
            setattr(self, second, torch.nn.Conv2d(4, 4, 3, padding=1))

        def forward(self, x: Any) -> Any:
            return getattr(self, second)(self.conv(torch.relu(self.conv(x))))

    return Net().eval()


def _weights_load(net: Any, model: Path) -> list[str]:
    """The names of the model's flat spec, which takes the net's own weights as the file does."""
    folder = model.parent
    np.savez(folder / "w.npz", **{k: v.numpy() for k, v in net.state_dict().items()})
    (folder / "net.yaml").write_text(convcalc.import_(model, flat=True).text)
    assert convcalc.verify(model, weights=folder / "w.npz").ok
    assert convcalc.verify(folder / "net.yaml", weights=folder / "w.npz").ok
    names = [layer.name for layer in convcalc.analyze(folder / "net.yaml").layers]
    assert [layer.name for layer in convcalc.analyze(model).layers] == names
    return names


@pytest.mark.parametrize(("second", "call"), [("conv_2", "conv_3"), ("conv_1", "conv_2")])
def test_a_second_call_leaves_a_module_its_name(second: str, call: str, tmp_path: Path) -> None:
    net = _shared(second)
    import torch

    x = torch.zeros(1, 4, 8, 8)
    torch.export.save(torch.export.export(net, (x,)), tmp_path / "net.pt2")
    names = _weights_load(net, tmp_path / "net.pt2")
    assert names[-4:] == ["conv", "relu", call, second]


@pytest.mark.parametrize("dynamo", [False, True])
def test_of_an_onnx_too(dynamo: bool, tmp_path: Path) -> None:
    net = _shared("conv_2")
    pytest.importorskip("onnxscript" if dynamo else "onnx")
    import torch

    x = torch.zeros(1, 4, 8, 8)
    torch.onnx.export(net, (x,), tmp_path / "net.onnx", dynamo=dynamo, verbose=False)
    assert _weights_load(net, tmp_path / "net.onnx")[-1] == "conv_2"


def test_a_function_leaves_a_module_its_name(tmp_path: Path) -> None:
    """The node of the function is called as the module is, and comes first."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.rand(4, 4, 1, 1))
            self.conv2d = torch.nn.Conv2d(4, 4, 3)

        def forward(self, x: Any) -> Any:
            return self.conv2d(torch.nn.functional.conv2d(x, self.w))

    program = torch.export.export(Net().eval(), (torch.zeros(1, 4, 8, 8),))
    torch.export.save(program, tmp_path / "net.pt2")
    layers = convcalc.analyze(tmp_path / "net.pt2").layers
    assert [(layer.name, layer.params) for layer in layers[-2:]] == [
        ("conv2d_2", 16),
        ("conv2d", 148),
    ]


@pytest.mark.filterwarnings("ignore:__array__")
def test_the_second_call_of_a_keras_layer_leaves_others_their_names(
    keras: Any, tmp_path: Path
) -> None:
    i = keras.Input((8, 8, 3))
    a, b, c = (
        keras.layers.Conv2D(3, 3, padding="same", name=f"conv2d{n}") for n in ("", "_1", "_2")
    )
    model = keras.Model(i, c(b(a(keras.layers.ReLU(name="re_lu")(a(i))))))
    model.save(tmp_path / "m.keras")
    found = convcalc.analyze(tmp_path / "m.keras")
    params = {layer.name: layer.params for layer in found.layers}
    for layer in model.layers[1:]:
        assert params[layer.name] == layer.count_params()
    assert params["conv2d_3"] == 0


def test_a_size_is_taken_from_the_layer_under_its_last_name() -> None:
    builder = Builder()
    x = builder.input("x", (8, 8, 4))
    conv = builder.add("conv", CONV, (x,), "c")
    again = builder.add("conv", CONV, (conv,), "c", shares=conv)
    small = builder.add("max_pool", {"kernel": 2}, (again,), "p")
    builder.add("upsample", {}, (small,), "u", like=again)
    builder.add("conv", CONV, (again,), "c_2")
    items = called(builder.items)
    assert [item.name for item in items] == ["input", "c", "c_3", "p", "u", "c_2"]
    assert items[4].layer is not None and items[4].layer.__dict__["like"] == "c_3"
