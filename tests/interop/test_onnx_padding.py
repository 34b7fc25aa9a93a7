"""Padding that is a node of its own in ONNX is a padded copy, as where a module writes it out."""

from math import inf
from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.kept_bytes import saved

torch: Any = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


def imported(module: Any, x: Any, file: Path) -> Any:
    torch.onnx.export(module.eval(), (x,), str(file), dynamo=False)
    return convcalc.import_(file)


@pytest.mark.parametrize("sides", [1, (0, 1, 0, 1), (1, 1, 2, 2)])
@pytest.mark.parametrize(
    ("kind", "number"),
    [(kind, 0.0) for kind in ("conv", "strided", "transposed", "max", "avg")] + [("max", -inf)],
)
def test_the_padded_copy_is_counted(kind: str, number: float, sides: Any, tmp_path: Path) -> None:
    reader = {
        "conv": torch.nn.Conv2d(8, 8, 5),
        "strided": torch.nn.Conv2d(8, 8, 5, stride=2),
        "transposed": torch.nn.ConvTranspose2d(8, 8, 5),
        "max": torch.nn.MaxPool2d(5, 2),
        "avg": torch.nn.AvgPool2d(5, 2),
    }[kind]
    before = (torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(inplace=True))
    module = torch.nn.Sequential(*before, torch.nn.ConstantPad2d(sides, number), reader)
    x = torch.randn(1, 3, 64, 64)
    made = imported(module, x, tmp_path / "net.onnx")
    kept = convcalc.analyze(made.text).memory.training.saved
    output = module(x).numel() * 4  # which the loss keeps
    assert abs(kept - output - saved(module.train(), x)) < 1024
    assert not made.notes
