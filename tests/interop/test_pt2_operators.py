"""Operators of exported PyTorch with several forms: each as what it computes."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


class Net(nn.Module):  # type: ignore[misc]
    """Two convolutions of one image, and what is made of them."""

    def __init__(self, how: Any) -> None:
        super().__init__()
        self.a, self.b, self.how = nn.Conv2d(3, 8, 3), nn.Conv2d(3, 8, 3), how

    def forward(self, x: Any) -> Any:
        return self.how(self.a(x), self.b(x))


def exported(how: Any) -> tuple[Flat, tuple[int, ...]]:
    """The net as it is read, and the shape of what it makes, channels last."""
    data, x, net = io.BytesIO(), torch.zeros(1, 3, 8, 10), Net(how).eval()
    torch.export.save(torch.export.export(net, (x,)), data)
    data.seek(0)
    shape = tuple(net(x).shape)
    return read("net.pt2", data), (*shape[2:], shape[1])


READ = {
    "of two": (torch.max, ["conv", "conv", "maximum"]),
    "pooled": (
        lambda a, b: a.max(-1, keepdim=True)[0].max(-2, keepdim=True)[0],
        ["conv", "global_max_pool"],
    ),
    "glu": (
        lambda a, b: nn.functional.glu(a, 1),
        ["conv", "slice", "slice", "sigmoid", "multiply"],
    ),
    "glu over the width": (
        lambda a, b: nn.functional.glu(a),
        ["conv", "crop", "crop", "sigmoid", "multiply"],
    ),
}


@pytest.mark.parametrize(("how", "kinds"), READ.values(), ids=READ)
def test_read(how: Any, kinds: list[str]) -> None:
    flat, shape = exported(how)
    assert [item.kind for item in flat.items[1:]] == kinds
    assert flat.items[flat.outputs[0]].output == shape


REFUSED = {
    "places": (lambda a, b: a.max(-1)[1].float(), "max's indices"),
    "all": (lambda a, b: a.max().reshape(1, 1, 1, 1), "max of all numbers"),
    "least along an axis": (lambda a, b: a.min(-1)[0], "min along an axis"),
    "over channels": (lambda a, b: a.max(1, keepdim=True)[0], "maximum over the channels"),
}


@pytest.mark.parametrize(("how", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(how: Any, why: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        exported(how)
    assert why in caught.value.lines[0]
