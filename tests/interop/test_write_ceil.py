"""Convolutions whose last window hangs over the edge: other tools have no rounding there."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.interop.same_numbers import as_numpy_does, in_onnxruntime, made
from tests.interop.test_write_keras import built
from tests.interop.test_write_pytorch import held

HANGING = [
    ("10x9x3", "conv: {filters: 4, kernel: 3, stride: 2}"),
    ("10x10x4", "conv: {filters: 4, kernel: 4, stride: 3, pad: 1, groups: 2, bias: false}"),
    ("12x13x3", "conv: {filters: 4, kernel: 3, stride: 4, pad: [1, 0, 0, 1]}"),
    ("10x9x3", "depthwise_conv: {kernel: 3, stride: 2, multiplier: 2}"),
    ("12x4", "conv: {filters: 3, kernel: 3, stride: 2, pad: 1}"),
    ("12x4", "depthwise_conv: {kernel: 3, stride: 2}"),
    ("4x6x5x2", "conv: {filters: 3, kernel: 3, stride: 2}"),
    ("4x6x5x2", "depthwise_conv: {kernel: 3, stride: 2}"),
]
#: Keras has no convolution with a stride and a dilation
DILATED = [("11x12x3", "conv: {filters: 4, kernel: 3, stride: 2, dilation: [2, 3]}")]


def text(shape: str, layer: str) -> str:
    return f"input: {shape}\nrounding: ceil\nlayers:\n  - {layer}\n"


def sized(shape: str, layer: str) -> Analysis:
    found = analyze(load("net.yaml", text(shape, layer).encode()))
    assert any(w.overhang for w in found.rows[-1].step.size.windows)
    return found


@pytest.mark.parametrize(("shape", "layer"), HANGING + DILATED)
def test_pytorch_pads_what_hangs_over(shape: str, layer: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    analysis = sized(shape, layer)
    held(torch, analysis)
    net, x, y = made(torch, analysis)
    as_numpy_does(text(shape, layer), net, x, y, tmp_path)


@pytest.mark.parametrize(("shape", "layer"), HANGING)
def test_keras_pads_what_hangs_over(shape: str, layer: str, keras: Any) -> None:
    torch = pytest.importorskip("torch")
    analysis = sized(shape, layer)
    net, x, y = made(torch, analysis)
    model = built(keras, analysis, "cpu")
    weight, *bias = (value.detach() for value in net.parameters())
    (kernel, *_) = model.weights
    turned = weight.movedim((0, 1), (-1, -2))  # positions, channels in, filters
    arrays = [turned.reshape(tuple(kernel.shape)), *bias]
    model.set_weights([array.numpy() for array in arrays])
    found = model(x.movedim(1, -1).contiguous().numpy()).cpu()
    assert torch.allclose(found, y.movedim(1, -1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("shape", "layer"), HANGING + DILATED)
def test_onnx_pads_what_hangs_over(
    shape: str, layer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_onnxruntime(text(shape, layer), tmp_path, capsys)
