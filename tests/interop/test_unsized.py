"""What reads something without a kind has no size: nothing asks how it works."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import model

onnx = pytest.importorskip("onnx")
torch = pytest.importorskip("torch")

Forward = Callable[[Any], Any]


def exported(forward: Forward) -> io.BytesIO:
    class Net(torch.nn.Module):  # type: ignore[name-defined, misc]
        def forward(self, x: Any) -> Any:
            return forward(x)

    program = torch.export.export(Net().eval(), (torch.zeros(1, 2, 18, 8),))
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    return file


def unknown(x: Any) -> Any:
    """A volume of the input's size that no layer kind makes."""
    return torch.stack([x, x.tanh()]).prod(0)


def cuts(x: Any) -> list[Any]:
    return [x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)]


AFTER: dict[str, Forward] = {
    "cat": lambda x: torch.cat([x, unknown(x)], 1),
    "cat of one": lambda x: torch.cat([unknown(x)], 1),
    "cat of four": lambda x: torch.cat(cuts(unknown(x)), 1),
    "means": lambda x: unknown(x).mean(2).mean(2) + x.mean((2, 3)),
    "transposes": lambda x: unknown(x).permute(0, 2, 3, 1).flatten(1) @ torch.zeros(288, 3),
    "pads": lambda x: (
        torch.nn.functional.max_pool2d(torch.nn.functional.pad(unknown(x), (1,) * 4), 3) + x.mean()
    ),
    "pixels": lambda x: torch.nn.functional.pixel_unshuffle(unknown(x), 2).softmax(1),
    "chunks": lambda x: torch.cat(unknown(x).chunk(2, 1)[::-1], 1) + x,
    "upsampling": lambda x: torch.nn.functional.interpolate(unknown(x), scale_factor=2).softmax(1),
}


@pytest.mark.parametrize("name", AFTER)
def test_what_follows_in_pytorch(name: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        read("net.pt2", exported(AFTER[name]))
    assert caught.value.lines[0].startswith("aten.stack along an axis that no volume has")


def test_what_follows_in_onnx() -> None:
    make = onnx.helper.make_node
    nodes = [
        make("Sin", ["x"], ["s"], name="sin"),
        make("Concat", ["s", "x"], ["c"], axis=1),
        make("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]),
        make("Concat", ["x", "t"], ["u"], axis=1),
        make("Softmax", ["u"], ["y"], axis=1),
    ]
    with pytest.raises(UnsupportedError) as caught:
        read("net.onnx", io.BytesIO(model(nodes, (1, 4, 8, 8), [])))
    assert caught.value.lines == ("Sin: sin",)
