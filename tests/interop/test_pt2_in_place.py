"""Whether an activation overwrites its input is read where an exported program says so."""

from pathlib import Path

import pytest

import convcalc
from tests.interop.kept_bytes import saved


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
@pytest.mark.parametrize("overwrites", [False, True])
@pytest.mark.parametrize("kind", ["LeakyReLU", "ELU", "SELU", "LeakyReLU -0.2", "ELU -0.5"])
def test_what_is_kept_is_what_pytorch_keeps(tmp_path: Path, kind: str, overwrites: bool) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    layers = [torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.BatchNorm2d(8)]
    name, *slope = kind.split()
    activation = getattr(torch.nn, name)(*map(float, slope), inplace=overwrites)
    layers += [activation, torch.nn.Conv2d(8, 8, 1)]
    module, x = torch.nn.Sequential(*layers), torch.randn(1, 3, 64, 64)
    torch.export.save(torch.export.export(module.eval(), (x,)), tmp_path / "net.pt2")
    text = convcalc.import_(tmp_path / "net.pt2").text
    if slope:  # which is not trained in place: it is not by default
        assert ("in_place: true" in text) is overwrites
    assert ("in_place: false" in text) is (not overwrites and not slope)
    found = convcalc.analyze(text).memory.training.saved
    loss = 4 * 8 * 64 * 64  # which keeps the last volume
    assert abs(found - loss - saved(module.train(), x)) < 1024
    decomposed = torch.export.export(module.eval(), (x,)).run_decompositions()
    torch.export.save(decomposed, tmp_path / "functions.pt2")
    assert "in_place" not in convcalc.import_(tmp_path / "functions.pt2").text
