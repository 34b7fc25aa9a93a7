"""What tests of exported code ask: whether it computes what the NumPy backend does."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.cli import run
from convcalc.interop.write.pytorch.net import write as pytorch


def made(torch: Any, analysis: Analysis) -> tuple[Any, Any, Any]:
    """The PyTorch module of a net with random weights, an input and its output."""
    names: dict[str, Any] = {}
    exec(compile(pytorch(analysis), "net.py", "exec"), names)
    generator = torch.Generator().manual_seed(0)
    net = names["Net"]().eval()
    for parameter in net.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator)
    *sizes, channels = analysis.network.steps[0].output or ()
    x = torch.randn(2, channels, *sizes, generator=generator)
    return net, x, net(x).detach()


def as_numpy_does(spec: str, net: Any, x: Any, y: Any, folder: Path) -> None:
    """Check what a PyTorch module made of an input against `verify` with its weights."""
    import numpy as np

    file, weights = folder / "net.yaml", net.state_dict()
    file.write_text(spec)
    np.savez(folder / "w.npz", **{k: v.numpy() for k, v in weights.items()})
    np.save(folder / "x.npy", x.movedim(1, -1).numpy())
    words = ["--array", str(folder / "x.npy"), "--save", str(folder / "y.npz"), "-q"]
    words += ["--weights", str(folder / "w.npz")] if weights else []
    assert run(["verify", str(file), *words]) == 0
    kept = np.load(folder / "y.npz")
    (ours,) = (kept[name] for name in kept.files)
    theirs = y.movedim(1, -1).numpy()
    assert ours.size == theirs.size
    assert np.abs(ours.reshape(theirs.shape) - theirs).max() <= 1e-5 * np.abs(theirs).max()


def in_onnxruntime(spec: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Check the numbers of an exported ONNX file, run by onnxruntime, against `verify`.

    Gives the file.
    """
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    file, model = folder / "net.yaml", folder / "net.onnx"
    file.write_text(spec)
    words = ["--random-weights", "3", "--to", "onnx", "-o", str(model)]
    assert run(["export", str(file), *words]) == 0
    onnx.checker.check_model(onnx.load(str(model)), full_check=True)
    assert run(["verify", str(file), "--against", str(model)]) == 0, capsys.readouterr().out
    return model
