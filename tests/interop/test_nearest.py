"""Nearest neighbours of any size: PyTorch's, here and in the ONNX file, in every rounding."""

from pathlib import Path

import pytest

from convcalc.analysis.walk import analyze
from convcalc.backend.resize import upsample
from convcalc.layers.upsample import nearest
from convcalc.spec.load import load

_LARGEST = 40


@pytest.mark.parametrize("width", range(1, _LARGEST + 1))
def test_every_size_repeats_what_pytorch_repeats(width: int) -> None:
    torch = pytest.importorskip("torch")
    import numpy as np

    from convcalc.backend.arrays import Scratch

    line = torch.arange(width, dtype=torch.float32)
    for count in range(1, _LARGEST + 1):
        theirs = torch.nn.functional.interpolate(line[None, None], size=count, mode="nearest")
        assert nearest(width, count) == tuple(map(int, theirs.flatten()))
        x = line.numpy().reshape(1, width, 1)
        own = upsample(x, (), (count,), False, Scratch())
        np.testing.assert_array_equal(own.ravel(), theirs.flatten().numpy())


@pytest.mark.parametrize("width", range(1, _LARGEST + 1))
def test_an_exported_file_repeats_the_same(width: int, tmp_path: Path) -> None:
    """onnxruntime divides by the factor, which rounds 48 of these sizes otherwise."""
    ort = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    import numpy as np

    from convcalc.interop.write.onnx.graph import write

    counts = range(1, _LARGEST + 1)
    layers = "".join(
        f"  - {{upsample: {{size: [{count}, 2]}}, from: input, name: to{count}}}\n"
        for count in counts
    )
    names = [f"to{count}" for count in counts]
    spec = f"input: {width}x1x1\noutputs: [{', '.join(names[:-1])}]\nlayers:\n{layers}"
    analysis = analyze(load("net.yaml", spec.encode()))
    assert not analysis.broken, analysis.findings
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(write(analysis), options, providers=["CPUExecutionProvider"])
    x = np.arange(width, dtype="float32").reshape(1, 1, width, 1)
    for count, found in zip(counts, session.run(names, {"input": x}), strict=True):
        assert found.shape == (1, 1, count, 2)
        assert tuple(map(int, found[0, 0, :, 1])) == nearest(width, count)


def test_a_file_with_such_a_size_is_read_back(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    from io import BytesIO

    from convcalc.interop.read.model import read
    from convcalc.interop.write.onnx.graph import write

    spec = "input: 20x20x3\nlayers:\n  - upsample: {size: 24}\n"
    file = BytesIO(write(analyze(load("net.yaml", spec.encode()))))
    flat = read("net.onnx", file)
    assert [item.kind for item in flat.items] == ["input", "upsample", "upsample"]
    assert flat.items[-1].output == (24, 24, 3)
