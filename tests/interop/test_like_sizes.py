"""Sizes of a resize that are another volume's: read as such where a program is exported so."""

import io
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn
resized: Any = torch.nn.functional.interpolate

SOURCE = """
from torch import nn
from torch.nn.functional import interpolate

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, 2, 1)
        self.deep = nn.Conv2d(4, 4, 3, 2, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        low = self.stem(x)
        y = self.deep(low)
        y = y + interpolate(self.pool(y), size=y.shape[-2:], mode="bilinear")
        y = low + interpolate(y, size=low.shape[-2:])
        return interpolate(y, size=x.shape[-2:])
"""


def net() -> Any:
    made: dict[str, Any] = {}
    exec(SOURCE, made)
    return made["Net"]().eval()


def flat_of(module: Any, size: int, open_sizes: bool) -> Flat:
    data = io.BytesIO()
    auto = torch.export.Dim.AUTO
    dynamic = ({2: auto, 3: auto},) if open_sizes else None
    program = torch.export.export(module, (torch.zeros(1, 3, size, size),), dynamic_shapes=dynamic)
    torch.export.save(program, data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


def ways(flat: Flat) -> list[str]:
    found = [item.layer for item in flat.items if item.kind == "upsample"]
    return [layer.describe() for layer in found if layer is not None]


def test_open_sizes_follow_the_volumes_that_have_them() -> None:
    flat = flat_of(net(), 64, open_sizes=True)
    assert ways(flat) == ["upsample to deep bilinear", "upsample to stem", "upsample to input"]
    assert [flat.items[i.like].name for i in flat.items if i.like is not None] == [
        *("deep", "stem", "input")
    ]
    assert not flat.notes


def test_numbers_that_another_volume_has_are_said_once() -> None:
    flat = flat_of(net(), 64, open_sizes=False)
    assert ways(flat) == ["upsample x16 bilinear", "upsample x2", "upsample x2"]
    (note,) = flat.notes
    listed = "upsample_bilinear2d, upsample_nearest2d, upsample_nearest2d_1"
    assert note.startswith(f"the size of {listed} is read as a number")
    assert "with an input of 64x64" in note
    assert not flat.inexact


@pytest.mark.parametrize(
    "layer",
    [nn.Upsample(scale_factor=2), nn.Upsample(size=(7, 7)), nn.Upsample(size=24), nn.MaxPool2d(2)],
)
@pytest.mark.parametrize("open_sizes", [True, False])
def test_other_nets_have_no_note(layer: Any, open_sizes: bool) -> None:
    flat = flat_of(nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), layer), 24 // 2, open_sizes)
    assert not flat.notes


def test_a_number_among_open_sizes_is_one() -> None:
    """`Upsample(size=24)` makes 24x24 of every input: no factor."""
    assert ways(flat_of(nn.Upsample(size=24), 12, open_sizes=True)) == ["upsample to 24x24"]
    assert ways(flat_of(nn.Upsample(size=24), 12, open_sizes=False)) == ["upsample x2"]


def test_a_module_is_exported_with_open_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--torch` has no file that could say so: the spec's sizes are PyTorch's with other inputs."""
    (tmp_path / "like_net.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    made = convcalc.import_(torch="like_net:Net", input="64x64x3")
    assert not made.notes
    assert made.text.count("like:") == 3
    for size in (64, 49, 30):
        text = made.text.replace("64x64x3", f"{size}x{size}x3").partition("expect:")[0]
        (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
        own = convcalc.analyze(tmp_path / "net.yaml")
        wanted = net()(torch.zeros(1, 3, size, size)).shape
        assert own.layers[-1].output == (*wanted[2:], wanted[1])
