"""Model files whose numbers are not float32: the file says so, since memory is the settings'."""

from pathlib import Path

import pytest

import convcalc
from tests.interop.live_peak import live_peak

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


@pytest.mark.parametrize("form", ["pt2", "onnx"])
@pytest.mark.parametrize("dtype", ["float16", "float64", "float32"])
def test_another_type_is_said_with_the_option_that_counts_it(
    dtype: str, form: str, tmp_path: Path
) -> None:
    nn, kind = torch.nn, getattr(torch, dtype)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1)).eval().to(kind)
    x, file = torch.randn(1, 3, 16, 16).to(kind), tmp_path / f"net.{form}"
    if form == "pt2":
        torch.export.save(torch.export.export(net, (x,)), file)
    else:
        pytest.importorskip("onnxscript")
        torch.onnx.export(net, (x,), file, dynamo=True, verbose=False)
    note = f"its numbers are {dtype}: `--dtype {dtype}` counts their bytes"
    assert (note in convcalc.import_(file).notes) is (dtype != "float32")
    if form == "pt2":
        counted = convcalc.analyze(convcalc.load(file), dtype=dtype)
        peak = live_peak(torch.export.load(file).module(), x)
        assert counted.memory.inference.peak == peak


def test_an_instance_norm_with_running_statistics_makes_none(tmp_path: Path) -> None:
    nn = torch.nn
    norm = nn.InstanceNorm2d(8, affine=True, track_running_stats=True)
    net, x = nn.Sequential(nn.Conv2d(3, 8, 3), norm).eval(), torch.randn(2, 3, 32, 32)
    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(net, (x,)), file)
    peak = live_peak(torch.export.load(file).module(), x)
    assert convcalc.analyze(convcalc.load(file), batch=2).memory.inference.peak == peak
