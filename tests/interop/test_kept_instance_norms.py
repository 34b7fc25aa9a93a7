"""Instance norms that run by running statistics: batch norms in all but counts and training."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convcalc

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own exports

NOTE = "an instance norm that runs by its running statistics is written as batch_norm"


def norms(tracked: bool) -> Any:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.InstanceNorm2d(8, affine=True, track_running_stats=tracked),
        nn.ReLU(),
        nn.InstanceNorm2d(8, track_running_stats=tracked),
    ).eval()


def exported(net: Any, form: str, file: Path) -> Any:
    x = torch.randn(1, 3, 16, 16)
    if "onnx" in form:
        for package in ("onnx", "onnxscript"):
            pytest.importorskip(package)
        new = form == "onnx, dynamo"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(net, (x,), file, dynamo=new, verbose=False, opset_version=18)
        return convcalc.import_(file)
    program = torch.export.export(net, (x,))
    torch.export.save(program.run_decompositions() if form == "decomposed" else program, file)
    return convcalc.import_(file)


@pytest.mark.parametrize("form", ["pt2", "decomposed", "onnx", "onnx, dynamo"])
def test_the_note_says_what_differs(form: str, tmp_path: Path) -> None:
    file = tmp_path / ("net.onnx" if "onnx" in form else "net.pt2")
    (said,) = [note for note in exported(norms(True), form, file).notes if NOTE in note]
    assert said.endswith("are a batch norm's (2 times)")
    assert "(`--as`)" in said and "training" in said


@pytest.mark.parametrize("form", ["pt2", "onnx"])
def test_neither_another_instance_norm_nor_a_batch_norm_has_it(form: str, tmp_path: Path) -> None:
    file = tmp_path / ("net.onnx" if "onnx" in form else "net.pt2")
    batch = nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 4, 1)).eval()
    for net in (norms(False), batch):
        assert not [note for note in exported(net, form, file).notes if NOTE in note]


def at(folder: Path, spec: str) -> Path:
    file = folder / "net.yaml"
    file.write_text(spec, encoding="utf-8")
    return file


def test_a_state_with_running_statistics_says_which_kind_runs_by_them(tmp_path: Path) -> None:
    net = norms(True)
    arrays = {name: value.numpy() for name, value in net.state_dict().items()}
    np.savez(tmp_path / "net.npz", **arrays)
    spec = (
        "input: 16x16x3\nlayers:\n  - conv: {filters: 8, kernel: 3, pad: 0}\n    name: '0'\n"
        "  - instance_norm: {affine: true}\n    name: '1'\n  - relu\n"
        "  - instance_norm: {}\n    name: '3'\n"
    )
    with pytest.raises(convcalc.NetError) as raised:
        convcalc.verify(at(tmp_path, spec), weights=tmp_path / "net.npz")
    help = [finding.help for finding in raised.value.findings]
    said = "InstanceNorm with track_running_stats runs by it in eval: write "
    assert help == [(f"{said}batch_norm",)] * 2 + [(f"{said}`batch_norm: {{affine: false}}`",)] * 2
    kept = spec.replace("instance_norm: {affine: true}", "batch_norm: {}")
    kept = kept.replace("instance_norm: {}", "batch_norm: {affine: false}")
    assert convcalc.verify(at(tmp_path, kept), weights=tmp_path / "net.npz").ok
