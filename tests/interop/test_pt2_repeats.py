"""`repeat`, `tile` and `repeat_interleave` of activations are refused with what is read instead."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.trace.repeats import repeated

torch = pytest.importorskip("torch")


def _said(call: Callable[[Any], Any], folder: Path) -> str:
    class Net(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)

        def forward(self, x: Any) -> Any:
            return call(self.conv(x))

    path = folder / "net.pt2"
    torch.export.save(torch.export.export(Net().eval(), (torch.randn(1, 3, 6, 6),)), path)
    return "; ".join(finding.message for finding in convcalc.check(str(path)).findings)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda x: x * x.mean((2, 3), keepdim=True).repeat(1, 1, 6, 6),
            "aten.repeat of one place over a map: a product spreads it by itself",
        ),
        (lambda x: x.repeat(1, 3, 1, 1), "aten.repeat of the channels 3 times: `torch.cat"),
        (lambda x: x.tile(2), "aten.tile of a map side by side"),
        (lambda x: x.repeat(2, 1, 1, 1), "aten.repeat of the batch"),
        (lambda x: x.repeat(2, 1, 1, 1, 1), "aten.repeat, which adds axes"),
        (lambda x: x.repeat_interleave(2, 2), "aten.repeat_interleave: `interpolate("),
    ],
)
def test_the_refusal_says_what_is_read(
    call: Callable[[Any], Any], said: str, tmp_path: Path
) -> None:
    assert f"no layer kind for {said}" in _said(call, tmp_path)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: torch.cat([x] * 3, 1),
        lambda x: x * x.mean((2, 3), keepdim=True).expand(-1, -1, 6, 6),
        lambda x: x * x.mean((2, 3), keepdim=True),
        lambda x: torch.nn.functional.interpolate(x, scale_factor=2),
    ],
)
def test_what_it_names_is_read(call: Callable[[Any], Any], tmp_path: Path) -> None:
    assert "no layer kind" not in _said(call, tmp_path)


def test_an_unknown_shape_has_a_reason_too() -> None:
    assert repeated("aten.repeat", None, (1, 2)).startswith("aten.repeat, which adds axes")
