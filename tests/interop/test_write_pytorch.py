"""PyTorch of every bundled net: run on the meta device, checked as code, and read back."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import Asked, read
from convcalc.interop.write.pytorch import CannotWriteError
from convcalc.interop.write.pytorch import write as pytorch
from tests.interop.nets import LAYERS, NAMES, analysis, faces, one


def module(torch: Any, found: Analysis) -> Any:
    """The module that the code of a net makes, without numbers."""
    names: dict[str, Any] = {}
    with torch.device("meta"):
        exec(compile(pytorch(found), "net.py", "exec"), names)
        return names["Net"]().eval()


def inputs_of(torch: Any, found: Analysis) -> tuple[Any, ...]:
    """Its inputs, channels first, a batch of 1."""
    shapes = [row.step.output or () for row in found.rows if row.step.kind == "input"]
    return tuple(torch.zeros(1, s[-1], *s[:-1], device="meta") for s in shapes)


def built(torch: Any, found: Analysis) -> tuple[Any, Any, int]:
    """The module of a net on the meta device, its outputs, and its MACs."""
    from torch.utils.flop_counter import FlopCounterMode

    model, counter = module(torch, found), FlopCounterMode(display=False)
    with counter:
        outputs = model(*inputs_of(torch, found))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return model, outputs, counter.get_total_flops() // 2


def held(torch: Any, found: Analysis) -> None:
    model, outputs, macs = built(torch, found)
    assert sum(p.numel() for p in model.parameters()) == found.totals.params
    assert macs == found.totals.macs
    shapes = [(*tuple(y.shape[2:]), y.shape[1]) for y in outputs]
    assert shapes == [found.network.steps[i].output for i in found.network.outputs]
    keys = {k.rpartition(".")[0] for k in model.state_dict()}
    learning = {
        row.step.name
        for row in found.rows
        if row.parameters and (row.parameters.learned or row.parameters.buffers)
    }
    assert keys == learning


@pytest.mark.parametrize("name", NAMES)
def test_pytorch_of_bundled_nets(name: str) -> None:
    torch = pytest.importorskip("torch")
    held(torch, analysis(name))


@pytest.mark.parametrize("layers", LAYERS)
def test_pytorch_of_layers(layers: str) -> None:
    torch = pytest.importorskip("torch")
    held(torch, one(layers))


def test_names_that_no_module_can_have() -> None:
    torch = pytest.importorskip("torch")
    found = one("  - {conv: {filters: 4, kernel: 1}, name: forward.1}\n")
    assert "self.forward_ = " in pytorch(found)
    assert built(torch, found)[2] == found.totals.macs


def test_a_batch_norm_with_one_of_the_two_alone() -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    found = one("  - batch_norm: {affine: shift}\n")
    flat = read("net.onnx", io.BytesIO(write(found)))
    assert counted(flat) == (8, 0)
    with pytest.raises(CannotWriteError, match="batch_norm1"):
        pytorch(found)


def test_what_cannot_be_written_is_named() -> None:
    found = one("  - locally_connected: {filters: 2, kernel: 3}\n")
    with pytest.raises(CannotWriteError, match="locally_connected1: PyTorch has no layer"):
        pytorch(found)


def test_pytorch_reads_as_if_a_person_wrote_it() -> None:
    text = pytorch(analysis("resnet50"))
    assert "class Bottleneck(nn.Module):" in text
    assert "    def __init__(self, in_channels: int, width: int, stride: int = 2) -> None:" in text
    assert "self.bottleneck1 = Bottleneck(256, 128)\n" in text
    assert max(map(len, text.split("\n")[6:])) <= 100


def test_generated_code_is_clean(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    for name in ("resnet18", "unet", "googlenet", "shufflenet_v2_x1_0", "vae-mnist"):
        (tmp_path / f"net_{name.replace('-', '_')}.py").write_text(pytorch(analysis(name)))
    for words in (["ruff", "check", "--isolated", "--no-cache", "."],):
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, check=False, capture_output=True
        )
        if b"No module named" in done.stderr:
            pytest.skip("ruff is not installed")
        assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("name", NAMES)
def test_pt2_of_the_code_is_the_same_net(name: str) -> None:
    """Export to PyTorch, torch.export, import: the spec's own graph."""
    torch = pytest.importorskip("torch")
    found = analysis(name)
    with torch.device("meta"):
        program = torch.export.export(module(torch, found), inputs_of(torch, found))
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    flat = read("net.pt2", file, Asked(format="pt2"))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))
