"""What ONNX cannot say of memory: which layers overwrite, what is a view, what is left out."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.program_nets import Net, conv, functional, nets, torch

pytest.importorskip("onnx")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


def analyzed(module: Any, file: Path) -> Any:
    torch.onnx.export(module.eval(), (torch.randn(1, 3, 16, 16),), file, dynamo=False)
    return convcalc.analyze(file)


@pytest.mark.parametrize("name", ["res2net", "unet", "shufflenet", "maxout", "normalised"])
def test_what_is_cut_or_left_out_is_named(name: str, tmp_path: Path) -> None:
    found = analyzed(nets()[name], tmp_path / "net.onnx")
    notes = found.analysis.network.notes
    assert "the peak of inference is an estimate: what is cut out" in notes
    assert "/Slice" in notes or "/Sub" in notes


@pytest.mark.parametrize("name", ["res2net", "scaled", "wavenet", "no biases"])
def test_what_is_taken_to_overwrite_is_named(name: str, tmp_path: Path) -> None:
    text = str(analyzed(nets()[name], tmp_path / "net.onnx"))
    assert "an estimate, overwritten by" in text
    assert "ONNX does not say what overwrites its input" in text


def test_nothing_is_said_where_nothing_can_be_otherwise(tmp_path: Path) -> None:
    net = Net(lambda net, x: functional.softmax(net.a(x), 1), a=conv(3, 4))
    found = analyzed(net, tmp_path / "net.onnx")
    assert "estimate" not in str(found) + found.analysis.network.notes


@pytest.mark.parametrize(("sides", "estimate"), [((-1, -1, -1, -1), False), ((-1, 1, 0, 0), True)])
def test_padding_by_less_than_nothing_is_a_copy(
    sides: tuple[int, ...], estimate: bool, tmp_path: Path
) -> None:
    """A module's negative padding copies, as a crop here; beside other sides it cuts views."""
    net = Net(lambda net, x: functional.pad(net.a(x), sides), a=conv(3, 4))
    found = analyzed(net, tmp_path / "net.onnx")
    assert ("estimate" in found.analysis.network.notes) is estimate
