"""PyTorch of every bundled net: run on the meta device, checked as code, and read back."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.interop.flat import Flat
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import Asked, read
from convcalc.interop.write.pytorch.net import write as pytorch
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
    assert shapes == [found.network.steps[i].output for i in found.network.returned]
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


@pytest.mark.parametrize("alone", ["shift", "scale"])
def test_a_batch_norm_with_one_of_the_two_alone(alone: str) -> None:
    torch = pytest.importorskip("torch")
    found = one(f"  - batch_norm: {{affine: {alone}}}\n  - relu\n")
    assert found.totals.params == 8
    held(torch, found)
    flat = through_pt2(torch, found)
    assert [item.kind for item in flat.items] == ["input", "batch_norm", "relu"]
    assert flat.items[1].layer is not None and flat.items[1].layer.__dict__["affine"] == alone


def test_pytorch_reads_as_if_a_person_wrote_it() -> None:
    text = pytorch(analysis("resnet50"))
    assert "class Bottleneck(nn.Module):" in text
    assert "self.conv3_x = Stage(256, blocks=4, planes=128)\n" in text
    assert "for i in range(2, self.blocks + 1):\n" in text
    assert text.count("\n") <= 105
    assert max(map(len, text.split("\n"))) <= 100


#: how the code is checked: by ruff's own rules and more, and by mypy, torch taken for untyped
CHECKS = [
    ["ruff", "check", "--isolated", "--no-cache", "--line-length", "100",
     "--select", "E,F,W,I,N,B,UP,C4,SIM,RUF,D1,D2,D4",
     "--ignore", "D102,D107,D203,N812,RUF002", "."],
    ["mypy", "--strict", "--allow-subclassing-any", "--follow-imports", "skip",
     "--ignore-missing-imports", "--cache-dir", ".cache", "."],
]  # fmt: skip


@pytest.mark.parametrize("words", CHECKS, ids=["ruff", "mypy"])
def test_generated_code_is_clean(words: list[str], tmp_path: Path) -> None:
    for name in NAMES:
        folder = tmp_path / name.replace("-", "_")
        folder.mkdir()
        (folder / f"net_{folder.name}.py").write_text(pytorch(analysis(name)))
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    if "No module named" in done.stderr:
        pytest.skip(f"{words[0]} is not installed")
    assert done.returncode == 0, done.stdout


def through_pt2(torch: Any, found: Analysis) -> Flat:
    """Export to PyTorch, torch.export, import."""
    with torch.device("meta"):
        program = torch.export.export(module(torch, found), inputs_of(torch, found))
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    return read("net.pt2", file, Asked(format="pt2"))


@pytest.mark.parametrize("name", NAMES)
def test_pt2_of_the_code_is_the_same_net(name: str) -> None:
    torch = pytest.importorskip("torch")
    found = analysis(name)
    flat = through_pt2(torch, found)
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


#: code that torch.export writes as other operations: read as these, or not at all (the l2 pool)
OTHERWISE = ("l2_pool", "average", "conv3-8, [], relu")


@pytest.mark.parametrize("layers", [x for x in LAYERS if not any(w in x for w in OTHERWISE)])
def test_pt2_of_layers_keeps_every_option(layers: str) -> None:
    torch = pytest.importorskip("torch")
    found = one(layers)
    flat = through_pt2(torch, found)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


def test_a_mean_of_branches_comes_back_as_one() -> None:
    torch = pytest.importorskip("torch")
    flat = through_pt2(torch, one("  - average: {branches: [[], relu]}\n"))
    assert [item.kind for item in flat.items] == ["input", "relu", "average"]
