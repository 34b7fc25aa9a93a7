"""Resizes and l2 pools of exported programs whose numbers a layer here cannot have."""

import io
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read
from tests.interop.live_peak import live_peak

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


def imported(layer: Any, *sizes: int) -> Flat:
    data = io.BytesIO()
    net = nn.Sequential(layer).eval()
    torch.export.save(torch.export.export(net, (torch.zeros(1, 3, *sizes),)), data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scale_factor": 1.5, "mode": "bilinear"}, "bilinear with a factor of 1.5 for 5 to 7"),
        ({"scale_factor": 2.3}, "nearest with a factor of 2.3 for 5 to 11"),
        ({"scale_factor": (2.0, 1.3)}, "nearest with a factor of 1.3 for 5 to 6"),
        ({"scale_factor": 1.5, "mode": "bicubic"}, "bicubic"),
        ({"scale_factor": 1.5, "mode": "bilinear", "align_corners": True}, "bilinear with align"),
        ({"scale_factor": 2.3, "recompute_scale_factor": True}, ""),
        ({"scale_factor": (1.6, 1.2)}, ""),
        ({"size": (7, 7), "mode": "bilinear"}, ""),
    ],
)
def test_a_factor_that_the_sizes_do_not_have_is_noted(options: dict[str, Any], said: str) -> None:
    """PyTorch works out places by the factor that is given, a layer here by the sizes."""
    flat = imported(nn.Upsample(**options), 5, 5)
    assert [item.kind for item in flat.items] == ["input", "upsample"]
    assert [note.startswith(said) for note in flat.notes] == [True] * bool(said)
    assert flat.inexact == flat.notes


EXACT = "nearest-exact upsampling is written as nearest: sizes are equal"


@pytest.mark.parametrize(
    ("options", "noted"),
    [
        ({"scale_factor": 2}, False),
        ({"size": (15, 5)}, False),
        ({"scale_factor": (1.0, 3.0)}, False),
        ({"scale_factor": 1.5}, True),
        ({"size": (10, 7)}, True),  # one axis is enough
        ({"scale_factor": (2.0, 2.1)}, True),  # to twice the size, but not by 2
    ],
)
def test_nearest_exact_is_noted_where_it_takes_other_pixels(
    options: dict[str, Any], noted: bool
) -> None:
    assert imported(nn.Upsample(**options, mode="nearest-exact"), 5, 5).notes == (EXACT,) * noted


def test_nearest_exact_by_whole_factors_is_nearest() -> None:
    line = {size: torch.arange(size, dtype=torch.float32)[None, None] for size in range(1, 41)}
    resized = torch.nn.functional.interpolate
    for x in line.values():
        for factor in range(1, 41):
            found = [resized(x, x.shape[2] * factor, mode=m) for m in ("nearest-exact", "nearest")]
            assert torch.equal(*found)


@pytest.mark.parametrize("sizes", [(6,), (4, 6), (4, 4, 6)])
def test_nearest_exact_is_read_on_every_rank_to_the_byte(
    sizes: tuple[int, ...], tmp_path: Path
) -> None:
    net = nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest-exact"), nn.Tanh()).eval()
    x = torch.zeros(1, 3, *sizes)
    torch.export.save(torch.export.export(net, (x,)), tmp_path / "net.pt2")
    found = convcalc.analyze(tmp_path / "net.pt2")
    assert found.layers[-1].output == (*(2 * size for size in sizes), 3)
    assert found.memory.inference.peak == live_peak(net, x)
    assert not found.findings


@pytest.mark.parametrize(
    ("kernel", "sizes", "over"),
    [(3, (8, 8), True), (3, (8,), True), (3, (6, 6, 8), True), (2, (8, 8), False)],
)
def test_an_l2_pool_over_the_edge_is_noted(kernel: int, sizes: tuple[int, ...], over: bool) -> None:
    """LPPool2d(2, 3, 2, ceil_mode=True) of ones has 3 at the edge too, where 4 of 9 are there."""
    pool = getattr(nn, f"LPPool{len(sizes)}d")(2, kernel, 2, ceil_mode=True)
    assert (pool(torch.ones(1, 3, *sizes)).flatten()[-1] ** 2).round() == kernel ** len(sizes)
    flat = imported(pool, *sizes)
    assert flat.items[1].kind == "l2_pool"
    note = "windows of an l2 pool over the edge are scaled to whole ones: sizes are equal"
    assert flat.notes == ((note,) if over else ())
    assert flat.inexact == flat.notes


def test_an_adaptive_pool_that_changes_nothing_here_is_kept() -> None:
    """VGG's at 224x224: PyTorch copies the volume, and another input needs the pool."""
    flat = imported(nn.AdaptiveAvgPool2d((7, 7)), 7, 7)
    assert [item.kind for item in flat.items] == ["input", "adaptive_avg_pool"]
    assert imported(nn.AdaptiveMaxPool2d(5), 5, 5).items[-1].kind == "adaptive_max_pool"
