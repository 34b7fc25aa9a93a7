"""Layers that read a part of an array: a warning names the arrays, also where sums agree."""

from pathlib import Path
from typing import Any

import pytest

import convcalc

torch: Any = pytest.importorskip("torch")
F: Any = torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

IN_PART = (
    "read there in part alone: the rest is kept there too, with gradients in training (more memory "
    "than here)"
)


class Sliced(torch.nn.Module):  # type: ignore[misc]
    """Eight filters of which a function reads some."""

    def __init__(self, how: Any) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.rand(8, 3, 3, 3))
        self.b = torch.nn.Parameter(torch.rand(8))
        self.how = how

    def forward(self, x: Any) -> Any:
        return self.how(x, self.w, self.b)


def _warned(how: Any, folder: Path, name: str = "net.pt2") -> list[str]:
    """The warnings of the parameters of a net."""
    net, x = Sliced(how).eval(), torch.zeros(1, 3, 8, 8)
    if name.endswith(".onnx"):
        torch.onnx.export(net, (x,), folder / name, dynamo=True, optimize=False, verbose=False)
    else:
        torch.export.save(torch.export.export(net, (x,)), folder / name)
    found = convcalc.analyze(folder / name).findings
    return [one.message for one in found if one.code == "CC123"]


PARTS = [
    ("first filters", lambda x, w, b: F.conv2d(x, w[:4], b[:4]), 112, "w, b are"),
    ("last filters", lambda x, w, b: F.conv2d(x, w[4:], b[4:]), 112, "w, b are"),
    ("every second", lambda x, w, b: F.conv2d(x, w[::2], b[::2]), 112, "w, b are"),
    ("the middle", lambda x, w, b: F.conv2d(x, w[..., 1:2, 1:2], b), 32, "w is"),
    ("overlapping", lambda x, w, b: F.conv2d(x, w[:4], b[:4]) + F.conv2d(x, w[1:5], b[1:5]), 0,
     "w, b are"),
    ("turned", lambda x, w, b: F.conv2d(F.conv2d(x, w, b), w.transpose(0, 1)[:, :, :1, :1]), 248,
     ""),
    ("one factor", lambda x, w, b: F.conv2d(x, w) * b[0], 217, "b is"),
    ("after a view", lambda x, w, b: F.conv2d(x, w.view(4, 6, 9)[:, :3].reshape(4, 3, 3, 3), b[:4]),
     112, "w, b are"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "here", "named"), [case[1:] for case in PARTS], ids=[case[0] for case in PARTS]
)
def test_an_array_of_which_a_part_is_read_is_named(
    how: Any, here: int, named: str, tmp_path: Path
) -> None:
    found = _warned(how, tmp_path)
    here_too = f"{here:,}" if here else "as many by chance"
    (text,) = found
    assert text.startswith(f"the source has 224 learned parameters, the layers here {here_too}: ")
    assert (f"{named} {IN_PART}" in text) if named else IN_PART not in text
    assert "some are shared" not in text


def test_of_an_onnx_too(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    (text,) = _warned(lambda x, w, b: F.conv2d(x, w[:4], b[:4]), tmp_path, "net.onnx")
    assert text == (
        f"the source has 224 learned parameters, the layers here 112: w, b are {IN_PART}"
    )


def test_sums_that_agree_by_chance_are_told(tmp_path: Path) -> None:
    """The part that both read counts twice here, the other one not at all."""

    def how(x: Any, w: Any, b: Any) -> Any:
        return F.conv2d(x, w[:4], b[:4]) + F.conv2d(x, w[:4], b[4:])

    (text,) = _warned(how, tmp_path)
    assert text.startswith(
        "the source has 224 learned parameters, the layers here as many by chance: "
        "w is shared there by layers that do not share all they have; "
    )
    assert f"w is {IN_PART}" in text and f"b is {IN_PART}" not in text


@pytest.mark.parametrize(
    "how",
    [
        lambda x, w, b: F.conv2d(x, w[:4], b[:4]) + F.conv2d(x, w[4:], b[4:]),
        lambda x, w, b: torch.cat([F.conv2d(x, one) for one in w.chunk(2)], 1) * b[:, None, None],
        lambda x, w, b: F.conv2d(x, w.transpose(2, 3), b),
        lambda x, w, b: F.conv2d(F.conv2d(x, w[:3], b[:3]), w[3:], b[3:]),
    ],
)
def test_parts_that_are_all_read_are_no_difference(how: Any, tmp_path: Path) -> None:
    assert not _warned(how, tmp_path)
