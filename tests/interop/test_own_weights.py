"""The weights of the very model that was imported load, whatever it calls its arrays."""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run

pytest.importorskip("torch")
np = pytest.importorskip("numpy")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

NETS = """
import torch
from torch import nn
from torch.nn import functional as F

class Last(nn.Module):
    '''Linear layers and a bare factor on channels last.'''
    def __init__(self, axes):
        super().__init__()
        conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1]
        self.conv, self.norm = conv(3, 4, 3, padding=1), nn.LayerNorm(4)
        self.up, self.down = nn.Linear(4, 4), nn.Linear(4, 6)
        self.gamma = nn.Parameter(torch.rand(6))
    def forward(self, x):
        y = self.norm(self.conv(x).movedim(1, -1))
        return (self.down(F.gelu(self.up(y))) * self.gamma).movedim(-1, 1)

class Bare(nn.Module):
    '''Parameters of no module, one of them read by columns.'''
    def __init__(self, axes):
        super().__init__()
        self.w, self.b = nn.Parameter(torch.rand(4, 3, *[3] * axes)), nn.Parameter(torch.rand(4))
        self.scale = nn.Parameter(torch.rand(1, 4, *[1] * axes))
        self.shift = nn.Parameter(torch.rand(4, *[1] * axes))
        self.proj, self.slope = nn.Parameter(torch.rand(4, 4)), nn.Parameter(torch.rand(4) - 0.5)
        self.aux = nn.Linear(5, 5)
        self.axes = axes
    def forward(self, x):
        x = (F.conv1d, F.conv2d, F.conv3d)[self.axes - 1](x, self.w, self.b)
        x = F.prelu(x * self.scale + self.shift, self.slope)
        return x.flatten(2).mean(-1) @ self.proj

class Tied(nn.Module):
    '''Two layers with one weight and biases of their own.'''
    def __init__(self, axes):
        super().__init__()
        conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1]
        self.a, self.b = conv(3, 3, 3, padding=1), conv(3, 3, 3, padding=1)
        self.b.weight = self.a.weight
    def forward(self, x):
        return self.b(torch.relu(self.a(x)))
"""


def files(name: str, axes: int, folder: Path) -> Any:
    """A net's .pt2 and .onnx, its weights, an input and its output, channels last."""
    import torch

    names: dict[str, Any] = {}
    exec(NETS, names)
    torch.manual_seed(0)
    net = names[name](axes).eval()
    x = torch.rand(1, 3, *[6] * axes)
    torch.export.save(torch.export.export(net, (x,)), folder / "net.pt2")
    np.savez(folder / "w.npz", **{k: v.numpy() for k, v in net.state_dict().items()})
    np.save(folder / "x.npy", x.movedim(1, -1).numpy())
    return net, x, net(x).detach().movedim(1, -1).numpy()


def agree(model: Path, y: Any) -> None:
    """Check what `verify` computes with the weights beside a file."""
    folder = model.parent
    words = ["--weights", str(folder / "w.npz"), "--array", str(folder / "x.npy")]
    assert run(["verify", str(model), *words, "--save", str(folder / "y.npz"), "-q"]) == 0
    kept = np.load(folder / "y.npz")
    (ours,) = (kept[name] for name in kept.files)
    assert np.abs(ours.reshape(y.shape) - y).max() <= 1e-5 * np.abs(y).max()


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("name", ["Last", "Bare", "Tied"])
def test_of_a_pt2(name: str, axes: int, tmp_path: Path) -> None:
    _, _, y = files(name, axes, tmp_path)
    agree(tmp_path / "net.pt2", y)


@pytest.mark.parametrize("dynamo", [False, True])
@pytest.mark.parametrize("name", ["Last", "Bare"])
def test_of_an_onnx(name: str, dynamo: bool, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript" if dynamo else "onnx")
    import torch

    net, x, y = files(name, 2, tmp_path)
    more = {} if dynamo else {"do_constant_folding": False}
    torch.onnx.export(net, (x,), tmp_path / "net.onnx", dynamo=dynamo, verbose=False, **more)
    if name == "Bare":  # exporters keep no array that nothing reads, and give this one a new name
        kept = dict(np.load(tmp_path / "w.npz"))
        if dynamo:
            kept["node_prelu.weight"] = kept.pop("slope")
        np.savez(tmp_path / "w.npz", **{k: v for k, v in kept.items() if "aux" not in k})
    agree(tmp_path / "net.onnx", y)


def test_of_a_spec(tmp_path: Path) -> None:
    """A spec of those layers takes the weights that its names allow, and says how others load."""
    _, _, y = files("Last", 2, tmp_path)
    spec = tmp_path / "net.yaml"
    assert run(["import", str(tmp_path / "net.pt2"), "--flat", "-o", str(spec)]) == 0
    kept = dict(np.load(tmp_path / "w.npz"))
    words = ["verify", str(spec), "--weights", str(tmp_path / "w.npz"), "--format", "json"]
    np.savez(tmp_path / "w.npz", **{k: v for k, v in kept.items() if k != "gamma"})
    assert run(words) == 1
    kept["mul.weight"] = kept.pop("gamma")  # of no module, so of no layer's name
    np.savez(tmp_path / "w.npz", **kept)
    agree(spec, y)


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An array that the model works out anew, and a kernel whose axes are others."""
    import torch

    class Made(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w, self.g = (torch.nn.Parameter(torch.rand(2, 3, 3, 3)) for _ in "wg")

        def forward(self, x: Any) -> Any:
            return torch.nn.functional.conv2d(x, self.w * self.g)

    net = Made().eval()
    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(net, (torch.zeros(1, 3, 5, 5),)), file)
    np.savez(tmp_path / "w.npz", **{k: v.numpy() for k, v in net.state_dict().items()})
    words = ["verify", str(file), "--weights", str(tmp_path / "w.npz")]
    assert run([*words, "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert "has no array conv2d.weight of 2x3x3x3" in finding["message"]
    says = "the model works it out of g, w: save what it makes of that as conv2d.weight"
    assert finding["help"] == [says]
    made = (net.w * net.g).detach().numpy()
    np.savez(tmp_path / "w.npz", **{"conv2d.weight": made, "w": made, "g": made})
    assert run([*words, "-q"]) == 0


def test_other_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`convert` writes them as its spec takes them, `demo` shows a layer's numbers."""
    _, _, y = files("Bare", 2, tmp_path)
    model, weights = str(tmp_path / "net.pt2"), str(tmp_path / "w.npz")
    spec = tmp_path / "net.yaml"
    capsys.readouterr()
    out = ["--weights", weights, "-o", str(tmp_path / "out.npz")]
    assert run(["convert", model, "--fc-to-conv", *out]) == 0
    spec.write_text(capsys.readouterr().out)
    (tmp_path / "out.npz").rename(weights)
    assert sorted(np.load(weights).files) == sorted(
        ["conv2d.bias", "conv2d.weight", "add.bias", "add.weight", "prelu.weight", "matmul.weight"]
    )
    agree(spec, y)
    files("Last", 2, tmp_path)
    capsys.readouterr()
    assert run(["demo", model, "up", "--weights", weights, "--at", "0,0,0"]) == 0
    factor = f"{np.load(weights)['up.weight'][0, 0]:.3g}"[:4]
    assert factor in capsys.readouterr().out


@pytest.mark.parametrize("shape", [(4, 3, 3), (4, 1, 3), (3, 4, 1), (1, 4, 3)])
def test_other_axes_are_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 9x3\nlayers: [{conv: {filters: 4, kernel: 1, bias: false}, name: c}]")
    np.savez(tmp_path / "w.npz", **{"c.weight": np.ones(shape, np.float32)})
    assert run(["verify", str(spec), "--weights", str(tmp_path / "w.npz"), "-q"]) == 1
