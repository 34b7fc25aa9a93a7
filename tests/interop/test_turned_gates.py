"""A gate of channels as a sequence (ECA), in the forms in which it is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.study.imported import UnsupportedOperatorsError

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

#: from 1x16x1x1 through a convolution over 16 channels, and back
FORMS: dict[str, Callable[[Any, Any], Any]] = {
    "transpose": lambda e, y: e(y.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1),
    "permute": lambda e, y: e(y.squeeze(3).permute(0, 2, 1)).permute(0, 2, 1).unsqueeze(-1),
    "flatten": lambda e, y: e(y.flatten(2).transpose(1, 2)).transpose(1, 2).unsqueeze(-1),
    "view": lambda e, y: e(y.view(y.size(0), 1, -1)).view(y.size(0), -1, 1, 1),
    "vector": lambda e, y: e(y.flatten(1).unsqueeze(1)).squeeze(1)[:, :, None, None],
    "swapped": lambda e, y: e(y.transpose(1, 3).squeeze(1)).unsqueeze(1).transpose(1, 3),
}


def gated(form: Callable[[Any, Any], Any]) -> Any:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 16, 3)
            self.line = torch.nn.Conv1d(1, 1, 3, padding=1, bias=False)

        def forward(self, x: Any) -> Any:
            x = self.conv(x)
            y = torch.nn.functional.adaptive_avg_pool2d(x, 1)
            return x * form(self.line, y).sigmoid()

    return Net().eval()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", ["pt2", "onnx"])
def test_every_form_of_the_gate_is_read(form: str, ending: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    module, x = gated(FORMS[form]), torch.zeros(1, 3, 20, 20)
    file = tmp_path / f"net.{ending}"
    if ending == "pt2":
        torch.export.save(torch.export.export(module, (x,)), file)
    else:
        torch.onnx.export(module, (x,), file, dynamo=False)
    found = convcalc.analyze(convcalc.import_(file).text)
    assert [layer.output for layer in found.layers][-1] == (18, 18, 16)
    assert found.totals.params == 3 * 16 * 9 + 16 + 3
    assert found.totals.macs == 3 * 16 * 9 * 18 * 18 + 3 * 16


def test_axes_that_no_layer_reads_are_refused(tmp_path: Path) -> None:
    """Height becomes the channels of a convolution over two axes: no volume lies so."""

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.line = torch.nn.Conv2d(3, 16, 3), torch.nn.Conv1d(6, 4, 1)

        def forward(self, x: Any) -> Any:
            return self.line(self.conv(x).mean(3).transpose(1, 2)).transpose(1, 2)

    program = torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),))
    torch.export.save(program, tmp_path / "net.pt2")
    with pytest.raises(UnsupportedOperatorsError):
        convcalc.import_(tmp_path / "net.pt2")
