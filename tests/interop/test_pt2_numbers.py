"""Numbers that a volume is taken from, in exported programs."""

import io
from typing import Any

import pytest

from convcalc.interop.read.model import read


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_a_gate_and_what_it_leaves() -> None:
    torch: Any = pytest.importorskip("torch")

    class Gated(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.gate, self.a = torch.nn.Conv2d(4, 4, 1), torch.nn.Conv2d(4, 4, 3, padding=1)

        def forward(self, x: Any) -> Any:
            g = torch.sigmoid(self.gate(x))
            return g * self.a(x) + (1 - g) * x

    file = io.BytesIO()
    torch.export.save(torch.export.export(Gated().eval(), (torch.zeros(1, 4, 8, 8),)), file)
    file.seek(0)
    flat = read("net.pt2", file)
    kinds = [item.kind for item in flat.items]
    assert kinds[1:] == ["conv", "sigmoid", "conv", "multiply", "scale", "multiply", "add"]
    assert flat.notes == ("a number that a volume is taken from is left out",)


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
@pytest.mark.parametrize("stds", [False, True])
def test_a_mean_behind_a_division_is_the_input_s(stds: bool) -> None:
    """``(x / 255 - mean) / std`` of a buffer, as in many a model of pictures, had no kind."""
    torch: Any = pytest.importorskip("torch")

    class Pictures(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, 3)
            self.register_buffer("mean", torch.rand(1, 3, 1, 1))
            self.register_buffer("std", torch.rand(1, 3, 1, 1))

        def forward(self, x: Any) -> Any:
            x = x / 255 - self.mean
            return self.conv(x / self.std if stds else x)

    data = io.BytesIO()
    torch.export.save(torch.export.export(Pictures().eval(), (torch.zeros(1, 3, 8, 8),)), data)
    flat = read("net.pt2", io.BytesIO(data.getvalue()))
    kinds = [item.kind for item in flat.items]
    assert kinds == ["input", "scale", *(["scale"] if stds else []), "conv"]
    assert flat.notes[0].startswith("a number a channel is added to the input")
