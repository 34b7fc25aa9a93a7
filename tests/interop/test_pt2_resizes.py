"""Resizes and l2 pools of exported programs whose numbers a layer here cannot have."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read

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
