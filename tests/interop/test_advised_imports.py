"""What PyTorch has and no layer kind does is refused with what to write in its place."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read


def refused(module: Any) -> str:
    torch = pytest.importorskip("torch")
    file = io.BytesIO()
    torch.export.save(torch.export.export(module.eval(), (torch.zeros(1, 3, 8, 8),)), file)
    with pytest.raises(UnsupportedError) as caught:
        read("net.pt2", io.BytesIO(file.getvalue()))
    (line,) = caught.value.lines
    return str(line)


def test_a_stack_that_nothing_joins_is_refused_with_what_joins_it() -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(3, 4, 3)

        def forward(self, x: Any) -> Any:
            return torch.stack([self.a(x), self.b(x)], 1)

    advice = "(write `a + b`, `(a + b)/2` or `torch.cat` along the channels)"
    assert advice in refused(Net())


def test_images_that_are_joined_along_the_batch_are_refused_with_what_shares_the_layers() -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, joined: bool) -> None:
            super().__init__()
            self.joined, self.f = joined, torch.nn.Conv2d(3, 4, 3)

        def forward(self, x: Any) -> Any:
            if self.joined:
                return self.f(torch.cat([x, x * 2]))
            return self.f(x), self.f(x * 2)

    text = refused(Net(joined=True))
    assert "along the batch, which a spec counts image by image" in text
    assert "(call the layers that follow on each of them, `f(a), f(b)`" in text
    file = io.BytesIO()
    torch.export.save(torch.export.export(Net(joined=False), (torch.zeros(1, 3, 8, 8),)), file)
    made = read("net.pt2", io.BytesIO(file.getvalue()))
    assert [item.shares is None for item in made.items if item.kind == "conv"] == [True, False]


def test_other_modes_of_padding_are_named() -> None:
    torch = pytest.importorskip("torch")
    text = refused(torch.nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"))
    assert (
        "mode circular (zeros, reflect and edge (PyTorch's replicate) are the modes here)" in text
    )
