"""Parameters of a module that its forward pass never reads are named and counted."""

import io
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import Flat
from convcalc.interop.read.model import Asked, read

pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

SOURCE = """
import torch
from torch import nn

class Unread(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3)
        self.again = self.a
        self.aux = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
        self.twin = nn.Conv2d(3, 4, 3)
        self.lost = nn.Parameter(torch.zeros(5))
        self.head = nn.Linear(4, 2)
        self.head.extra = nn.Parameter(torch.zeros(7))

    def forward(self, x):
        self.twin(x)
        return self.head(self.a(x).mean((2, 3)))

class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1)
        self.b.weight, self.b.bias = self.a.weight, self.a.bias

    def forward(self, x):
        return self.b(self.a(x))
"""
#: 3 * 4 * 9 + 4 + 8 of aux, 3 * 4 * 9 + 4 of twin, 5 and 7
SAID = "left out, since no output needs them: lost, aux, twin, head.extra, 244 parameters"


def through_pt2(name: str, until: str = "") -> Flat:
    import torch

    names: dict[str, Any] = {}
    exec(SOURCE, names)
    file = io.BytesIO()
    torch.export.save(torch.export.export(names[name]().eval(), (torch.zeros(1, 3, 8, 8),)), file)
    file.seek(0)
    return read("net.pt2", file, Asked(format="pt2", until=until))


def test_of_a_file() -> None:
    assert SAID in through_pt2("Unread").notes
    assert SAID in through_pt2("Unread", "conv2d").notes  # not what comes after
    assert not through_pt2("Shared").notes


def test_of_a_module(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "unread_nets.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    made = convcalc.import_(torch="unread_nets:Unread", input="8x8x3")
    assert SAID in made.notes
    shared = convcalc.import_(torch="unread_nets:Shared", input="8x8x3")
    assert "params: 84," in shared.text and "weights: a" in shared.text
    assert not shared.notes
