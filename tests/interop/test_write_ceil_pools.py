"""Pools where one axis is rounded up and the last window of another would start in the padding.

PyTorch and convcalc leave that window out; ONNX's `ceil_mode` is for all axes, and counts it.
"""

from pathlib import Path

import pytest

from convcalc.interop.read.model import read
from tests.interop.nets import one
from tests.interop.same_numbers import in_onnxruntime, made

POOLS = [
    ("11x9x1", "max_pool: {kernel: [2, 3], pad: 1, stride: 3, rounding: ceil}"),
    ("11x9x2", "max_pool: {kernel: [2, 2], pad: 1, stride: 3, dilation: [1, 2], rounding: ceil}"),
    ("11x9x1", "avg_pool: {kernel: [2, 3], pad: 1, stride: 3, rounding: ceil}"),
    (
        "11x9x1",
        "avg_pool: {kernel: [2, 3], pad: 1, stride: 3, rounding: ceil, count_padding: false}",
    ),
    ("21x19x2", "l2_pool: {kernel: [1, 2], stride: 3, rounding: ceil}"),
    ("21x19x2", "avg_pool: {kernel: [1, 2], stride: 3, rounding: ceil}"),
    ("21x21x2", "avg_pool: {kernel: [1, 3], stride: 3, pad: [0, 0, 1, 1], rounding: ceil}"),
    ("9x21x19x2", "max_pool: {kernel: [2, 1, 2], stride: 3, rounding: ceil}"),
]


@pytest.mark.parametrize(("shape", "layer"), POOLS)
def test_onnx_adds_no_window_in_the_padding(
    shape: str, layer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = one(f"  - {layer}\n", shape)
    windows = found.rows[-1].step.size.windows
    assert any(w.overhang for w in windows) and not all(w.overhang or w.exact for w in windows)
    file = in_onnxruntime(f"input: {shape}\nrounding: floor\nlayers:\n  - {layer}\n  - fc-2\n",
                          tmp_path, capsys)  # fmt: skip
    with file.open("rb") as opened:
        flat = read(file.name, opened)
    assert flat.items[-2].output == found.rows[-1].step.output


@pytest.mark.parametrize(("shape", "layer"), POOLS)
def test_pytorch_adds_no_window_either(shape: str, layer: str) -> None:
    torch = pytest.importorskip("torch")
    found = one(f"  - {layer}\n", shape)
    _, _, y = made(torch, found)
    *sizes, channels = found.rows[-1].step.output or ()
    assert tuple(y.shape[1:]) == (channels, *sizes)
