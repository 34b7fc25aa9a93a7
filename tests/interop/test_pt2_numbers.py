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
