"""Padding that a module of PyTorch writes out is copied: what is kept is what PyTorch keeps."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.kept_bytes import saved

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


def net(padding: Any, reader: Any) -> Any:
    before = (torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(inplace=True))
    return torch.nn.Sequential(*before, padding, reader)


def imported(module: Any, file: Path) -> Any:
    x = torch.randn(1, 3, 64, 64)
    torch.export.save(torch.export.export(module.eval(), (x,)), file)
    made = convcalc.import_(file)
    kept = convcalc.analyze(made.text).memory.training.saved
    output = module(x).numel() * 4  # which the loss keeps
    return made, kept - output - saved(module.train(), x)


@pytest.mark.parametrize("sides", [1, (0, 1, 0, 1), (1, 1, 2, 2)])
@pytest.mark.parametrize("kind", ["conv", "strided", "max", "avg"])
def test_the_padded_copy_is_counted(kind: str, sides: Any, tmp_path: Path) -> None:
    reader = {
        "conv": torch.nn.Conv2d(8, 8, 5),
        "strided": torch.nn.Conv2d(8, 8, 5, stride=2),
        "max": torch.nn.MaxPool2d(5, 2),
        "avg": torch.nn.AvgPool2d(5, 2),
    }[kind]
    made, more = imported(net(torch.nn.ZeroPad2d(sides), reader), tmp_path / "net.pt2")
    assert abs(more) < 1024
    # a layer holds what it pads, the program lets it go
    assert all("inference peaks at" in note for note in made.notes)


def test_padding_of_another_number_is_the_pools_own_with_a_note(tmp_path: Path) -> None:
    padding = torch.nn.ConstantPad2d(1, -torch.inf)
    module = net(padding, torch.nn.MaxPool2d(3, 2))
    module[1] = torch.nn.Hardswish(inplace=True)
    made, more = imported(module, tmp_path / "net.pt2")
    assert "pool3s2p1" in made.text
    assert more < -1024
    copy = "its padded copy of 66x66x8, 34,848 numbers an image, is not counted in training"
    assert any(copy in note for note in made.notes)


def test_what_no_maximum_takes_is_zeros_where_no_number_is_below_0(tmp_path: Path) -> None:
    padding = torch.nn.ConstantPad2d(1, -torch.inf)
    module = net(padding, torch.nn.MaxPool2d(3, 2))
    made, more = imported(module, tmp_path / "net.pt2")
    assert "pad: {sides: 1}" in made.text
    assert abs(more) < 1024
    assert not made.notes


def test_a_kernel_that_pads_itself_copies_nothing(tmp_path: Path) -> None:
    module = net(torch.nn.Identity(), torch.nn.Conv2d(8, 8, 3, padding=1))
    made, more = imported(module, tmp_path / "net.pt2")
    assert abs(more) < 1024
    assert "pad:" not in made.text.replace("pad: 1", "")


@pytest.mark.parametrize(
    "reader",
    [
        torch.nn.Conv2d(8, 8, 1, padding_mode="reflect"),
        torch.nn.Conv2d(8, 8, 1, padding_mode="replicate"),
        torch.nn.Sequential(torch.nn.ZeroPad2d(0), torch.nn.MaxPool2d(3)),
        torch.nn.Sequential(torch.nn.ConstantPad2d(0, -torch.inf), torch.nn.MaxPool2d(3)),
        torch.nn.Sequential(torch.nn.ConstantPad2d(0, 1.0), torch.nn.AvgPool2d(3)),
        torch.nn.Sequential(torch.nn.ZeroPad2d(0), torch.nn.Conv2d(8, 8, 1)),
    ],
)
def test_padding_by_nothing_is_a_copy_as_well(reader: Any, tmp_path: Path) -> None:
    """As of a factory that passes `padding_mode` to all its convolutions, those of 1x1 too."""
    made, more = imported(net(torch.nn.Identity(), reader), tmp_path / "net.pt2")
    assert "  - pad" in made.text
    assert abs(more) < 1024
    assert not made.notes
    assert "def forward" in convcalc.export(made.text, to="pytorch")
