"""Writes into a part or a view of a volume: a program reads the whole by its own name after it."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")


def fill(y: Any) -> Any:
    y[:, :2] = 0
    return y


def add_at(y: Any) -> Any:
    y[..., 0].add_(1)
    return y


def copy(y: Any) -> Any:
    y[:, :3].copy_(y[:, 1:4].sigmoid())
    return y.relu()


def part(y: Any) -> Any:
    torch.relu_(y[:, :4])
    return y.sigmoid()


def view(y: Any) -> Any:
    y.view(1, -1).mul_(2)
    return y


def into_a_constant(y: Any) -> Any:
    mask = torch.zeros(1, 8, 8, 8)
    mask[:, :4] = y[:, :4]
    return mask + y


class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self, then: Callable[[Any], Any]) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)
        self.then = then

    def forward(self, x: Any) -> Any:
        return self.then(self.conv(x))


def flat_of(then: Callable[[Any], Any]) -> Flat:
    data = io.BytesIO()
    program = torch.export.export(Net(then).eval(), (torch.zeros(1, 3, 8, 8),))
    torch.export.save(program, data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


@pytest.mark.parametrize("then", [fill, add_at, copy, part, view, into_a_constant])
def test_a_write_that_is_read_elsewhere_is_refused(then: Callable[[Any], Any]) -> None:
    """It was left out, "since no output needs" it."""
    with pytest.raises(UnsupportedError, match="into a part or a view of what is read again"):
        flat_of(then)


def kept(y: Any) -> Any:
    return torch.relu_(y.flatten(1))


def old_name(y: Any) -> Any:
    z = torch.relu_(y)
    return y.sigmoid() * z


def part_alone(y: Any) -> Any:
    return torch.relu_(y[:, :4])


@pytest.mark.parametrize(
    ("then", "kinds"),
    [
        (kept, ["conv", "relu", "flatten"]),
        (old_name, ["conv", "relu", "silu"]),
        (part_alone, ["conv", "slice", "relu"]),
    ],
)
def test_a_write_that_nothing_else_reads_is_a_layer(
    then: Callable[[Any], Any], kinds: list[str]
) -> None:
    assert [item.kind for item in flat_of(then).items[1:]] == kinds
