"""`x[:, :, -1]`: one position of an axis, which goes, is a crop."""

import io
from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import Asked, read
from tests.interop.test_own_weights import agree

torch = pytest.importorskip("torch")
np = pytest.importorskip("numpy")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

TAKEN: dict[str, tuple[int, Any]] = {
    "first": (1, lambda y: y[:, :, 0]),
    "last": (1, lambda y: y[..., -1]),
    "last of a sequence": (1, lambda y: y.transpose(1, 2)[:, -1]),
    "in the middle": (1, lambda y: y[:, :, 4]),
    "corner": (2, lambda y: y[:, :, 0, -1]),
    "row": (2, lambda y: y[:, :, -1].mean(-1)),
    "column": (2, lambda y: y[..., 2].amax(-1)),
    "corner of three": (3, lambda y: y[:, :, 1, 0, -1]),
    "mean of a plane": (3, lambda y: y[:, :, 1].mean((-1, -2))),
}


def net(name: str) -> tuple[Any, Any]:
    axes, taken = TAKEN[name]

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            conv = (torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d)[axes - 1]
            self.conv, self.fc = conv(3, 4, 3, padding=1), torch.nn.Linear(4, 2)

        def forward(self, x: Any) -> Any:
            return self.fc(taken(self.conv(x)))

    torch.manual_seed(0)
    return Net().eval(), torch.rand(1, 3, *(6, 5, 7)[:axes])


@pytest.mark.parametrize("form", ["pt2", "onnx"])
@pytest.mark.parametrize("name", TAKEN)
def test_the_same_numbers(name: str, form: str, tmp_path: Path) -> None:
    module, x = net(name)
    file = tmp_path / f"net.{form}"
    if form == "pt2":
        torch.export.save(torch.export.export(module, (x,)), file)
    else:
        pytest.importorskip("onnx")
        torch.onnx.export(module, (x,), file, dynamo=False)
    np.savez(tmp_path / "w.npz", **{k: v.numpy() for k, v in module.state_dict().items()})
    np.save(tmp_path / "x.npy", x.movedim(1, -1).numpy())
    agree(file, module(x).detach().numpy())


@pytest.mark.parametrize("taken", [lambda y: y[0], lambda y: y[:, 0]])
def test_of_the_batch_or_the_channels(taken: Any) -> None:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, 3)

        def forward(self, x: Any) -> Any:
            return torch.relu(taken(self.conv(x)).mean(-1))

    file = io.BytesIO()
    torch.export.save(torch.export.export(Net().eval(), (torch.rand(1, 3, 6, 5),)), file)
    file.seek(0)
    with pytest.raises(UnsupportedError):
        read("net.pt2", file, Asked(format="pt2"))
