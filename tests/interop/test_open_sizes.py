"""Sizes that a .pt2 leaves open: the example's, or what `--input` says, worked out to the end."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnreadableError
from convcalc.interop.read.model import Asked, read

torch = pytest.importorskip("torch")


class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Sizes are read, computed with, and used to pad and to enlarge."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x: Any) -> Any:
        batch, _, height, width = x.shape
        y = self.conv(x).view(batch, 4, height, width)
        y = torch.nn.functional.pad(y, (0, width, 0, height // 2))
        return torch.nn.functional.interpolate(y, size=(height * 2, width * 3))


def saved(tmp_path: Path, net: Any, **more: Any) -> Path:
    program = torch.export.export(net.eval(), (torch.zeros(2, 3, 32, 32),), **more)
    torch.export.save(program, tmp_path / "net.pt2")
    return tmp_path / "net.pt2"


def flat_of(file: Path, given: tuple[int, ...] | None = None) -> Flat:
    with file.open("rb") as stream:
        return read("net.pt2", stream, Asked(input=given))


def test_open_sizes_are_worked_out(tmp_path: Path) -> None:
    """They were taken for 1."""
    dim = torch.export.Dim
    file = saved(tmp_path, Net(), dynamic_shapes=({2: dim("h", min=8), 3: dim("w", min=8)},))
    flat = flat_of(file)
    assert [item.output for item in flat.items if item.kind in {"conv", "pad", "upsample"}] == [
        (32, 32, 4),
        (48, 64, 4),
        (64, 96, 4),
    ]
    flat = flat_of(file, (20, 24, 3))
    assert [item.output for item in flat.items if item.kind in {"conv", "pad", "upsample"}] == [
        (20, 24, 4),
        (30, 48, 4),
        (40, 72, 4),
    ]


def test_another_input_than_the_example_is_not_passed_over(tmp_path: Path) -> None:
    """`--input` was: the sizes were those of the example, without a word."""
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2, 1), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
    )
    file = saved(tmp_path, net)
    assert [item.output for item in flat_of(file).items[:2]] == [(32, 32, 3), (16, 16, 8)]
    assert [item.output for item in flat_of(file, (64, 48, 3)).items[:2]] == [
        (64, 48, 3),
        (32, 24, 8),
    ]
    with pytest.raises(UnreadableError, match=r"--input 64x48x4 does not fit .* 3x32x32"):
        flat_of(file, (64, 48, 4))
