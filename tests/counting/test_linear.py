"""A Linear that is applied at every position is counted as the Linear it was, not as a 1x1 conv."""

import io
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.interop.network import network_of
from convcalc.interop.read.model import Asked, read

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


def net(axes: int) -> Any:
    nn = torch.nn

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[axes - 1]
            self.conv, self.pointwise = conv(3, 8, 3, padding=1), conv(8, 8, 1)
            self.up, self.act, self.down = nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 5, bias=False)

        def forward(self, x: Any) -> Any:
            x = self.pointwise(self.conv(x)).movedim(1, -1)
            return self.down(self.act(self.up(x)))

    return Net().eval()


def analysis(axes: int, form: str) -> tuple[Analysis, Any, Any]:
    module, x, file = net(axes), torch.zeros(1, 3, *[6] * axes), io.BytesIO()
    if form == "pt2":
        torch.export.save(torch.export.export(module, (x,)), file)
    else:
        pytest.importorskip("onnx")
        torch.onnx.export(module, (x,), file, dynamo=False)
    file.seek(0)
    flat = read(f"net.{form}", file, Asked(format=form))
    return analyze(network_of(flat)), module, x


@pytest.mark.parametrize("form", ["pt2", "onnx"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_as_the_tools_count(axes: int, form: str) -> None:
    torchinfo = pytest.importorskip("torchinfo")
    thop = pytest.importorskip("thop")
    found, module, x = analysis(axes, form)
    for batch in (1, 2) if form == "pt2" else (1,):
        counter = Counter(found, batch)
        wide = x.expand(batch, *x.shape[1:])
        theirs = torchinfo.summary(module, input_data=wide, verbose=0)
        ours = counter.count(find("torchinfo"))
        assert (ours.operations, ours.memory) == (theirs.total_mult_adds, theirs.total_output_bytes)
        macs, _ = thop.profile(net(axes), (wide,), verbose=False)
        assert counter.count(find("thop")).operations == macs


def test_of_older_and_other_tools() -> None:
    """ptflops 0.6.9 and calflops 0.3.2, as they count a Linear of 8 to 16 at 36 positions."""
    found, _, _ = analysis(2, "pt2")
    index = [row.step.name for row in found.rows].index("up")
    tools = {"ptflops@0.6": 8 * 16 * 36 + 16, "calflops": 2 * 8 * 16 * 36, "thop": 8 * 16 * 36}
    for tool, operations in tools.items():
        assert Counter(found).count(find(tool)).layers()[index] == operations
    notes = Counter(found).count(find("ptflops-aten")).notes
    assert [note.layers for note in notes if "bias of a Linear" in note.text] == [("up",)]
