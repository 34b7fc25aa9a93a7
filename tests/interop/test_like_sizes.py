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


FROZEN = """
import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, max_pool2d, pad

class Net(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.how = how
        self.a, self.b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 16, 3)
        self.up, self.c = nn.ConvTranspose2d(16, 8, 2, 2), nn.Conv2d(16, 4, 3)

    def forward(self, x):
        x = self.a(x)
        y = self.up(self.b(max_pool2d(x, 2)))
        height, width = x.shape[2] - y.shape[2], x.shape[3] - y.shape[3]
        if self.how == "crop":
            x = x[:, :, : y.shape[2], : y.shape[3]]
        elif self.how == "centre":
            x = x.narrow(2, height // 2, y.shape[2]).narrow(3, width // 2, y.shape[3]).relu()
        elif self.how == "pool":
            x = adaptive_avg_pool2d(x, y.shape[2:])
        elif self.how == "sides":
            x = x[:, :, 2:-2, 2:-2]
        elif self.how == "pad":
            y = pad(y, [width // 2, width - width // 2, height // 2, height - height // 2])
        return self.c(torch.cat([x, y], 1))
"""


@pytest.mark.parametrize(
    ("how", "name"),
    [("crop", "slice_2"), ("centre", "narrow_1"), ("pool", "adaptive_avg_pool2d"), ("pad", "pad")],
)
@pytest.mark.parametrize("form", ["pt2", "onnx"])
@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_cuts_and_pools_to_the_size_of_what_they_meet_are_said(
    how: str, name: str, form: str, tmp_path: Path
) -> None:
    made: dict[str, Any] = {}
    exec(FROZEN, made)
    net = made["Net"](how).eval()
    if form == "pt2":
        notes: Any = flat_of(net, 16, open_sizes=False).notes
        assert not flat_of(made["Net"]("sides").eval(), 16, open_sizes=False).notes
    else:
        pytest.importorskip("onnxscript")
        if how == "pool":
            pytest.skip("the exporter has no pool of 14 to 10 positions")
        file, name = tmp_path / "net.onnx", "/Pad" if how == "pad" else "/Slice_1"
        torch.onnx.export(net, (torch.zeros(1, 3, 16, 16),), file, dynamo=False)
        notes = convcalc.import_(file).notes
    (said,) = [note for note in notes if "as a number" in note]
    assert said.startswith(
        f"the size of {name} is read as a number, which what it is merged with has with an input "
        "of 16x16"
    )


def test_paddings_and_cuts_of_other_sorts_have_no_note() -> None:
    """Mirrored edges, a pool to a few sizes, a shortcut by padded channels, channels in two."""

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)
            self.c = nn.Conv2d(8, 16, 3, 2, 1)

        def forward(self, x: Any) -> Any:
            pad = torch.nn.functional.pad
            x = self.a(pad(x, (1, 1, 1, 1), mode="reflect"))
            x = x + self.b(pad(x, (1, 1, 1, 1), mode="reflect"))
            pooled = resized(torch.nn.functional.adaptive_avg_pool2d(x, 2), size=x.shape[2:])
            left, right = (x + pooled).chunk(2, 1)
            x = torch.cat([left, right.relu()], 1)
            return self.c(x) + pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 4, 4))

    notes = flat_of(Net().eval(), 16, open_sizes=False).notes
    assert [note for note in notes if "number" in note] == [
        note for note in notes if note.startswith("the size of upsample_nearest2d is read")
    ]


def test_a_shift_and_a_padding_for_an_unpadded_window_have_no_note() -> None:
    """A row cut and padded again, as TSM shifts, or 2 rows for a 3x3: so for every input."""

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)

        def forward(self, x: Any) -> Any:
            pad = torch.nn.functional.pad
            x = self.a(x)
            left, right = x.chunk(2, 1)
            shifted = torch.cat([pad(left[:, :, 1:], (0, 0, 0, 1)), right], 1)
            return x + pad(self.b(shifted).relu(), (1, 1, 1, 1))

    assert not flat_of(Net().eval(), 16, open_sizes=False).notes


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
