"""Modules and inputs of imported programs whose names YAML parsers read apart: `0_2`, `no`."""

from pathlib import Path
from typing import Any

import pytest

import convcalc

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


class Net(nn.Module):  # type: ignore[misc]
    """A layer that is read by its name, and once more with other numbers."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.called = name
        self.add_module(name, nn.Conv2d(3, 3, 3, padding=1))
        self.c = nn.Conv2d(3, 3, 1)

    def forward(self, x: Any, no: Any) -> Any:
        layer = getattr(self, self.called)
        y = layer(x)
        return y + self.c(y), layer(x + no), y


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("name", ["0", "010", "no", "1_2", "0x1F", "1e999", "1" * 20, "null", "a"])
def test_a_name_is_the_models_own(name: str, flat: bool, tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    x = torch.zeros(1, 3, 9, 9)
    torch.export.save(torch.export.export(Net(name).eval(), (x, x)), file)
    made = convcalc.import_(file, flat=flat)
    shown = str(convcalc.analyze(made.text))
    assert convcalc.load(made.text).layers
    assert {name, "no"} <= set(shown.split())


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
def test_a_pad_and_its_convolution_in_one_module(mode: str, tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode=mode)).eval()
    torch.export.save(torch.export.export(net, (torch.zeros(1, 3, 9, 9),)), file)
    text = convcalc.import_(file, flat=True).text
    assert 'name: "0_2"' in text
    assert convcalc.analyze(text).totals.params == 112
