"""Layers that the other tool does not have: what is written for them computes what NumPy does."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.keras.net import write as keras_code
from convcalc.interop.write.onnx.graph import write as onnx_file
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.interop.write.words import CannotWriteError
from convcalc.spec.load import load
from tests.every_kind import NETS, text_of
from tests.interop.nets import one
from tests.interop.same_numbers import as_numpy_does, in_onnxruntime, made
from tests.interop.test_write_keras import built
from tests.interop.test_write_pytorch import CHECKS, held

#: on one, two and three axes, and with options that PyTorch's own layer lacks
OWN = [
    ("9x8x3", "locally_connected: {filters: 4, kernel: 3, stride: 2, pad: 1}"),
    ("9x8x3", "locally_connected: {filters: 2, kernel: [2, 3], pad: [0, 1, 1, 0], bias: false}"),
    ("10x4", "locally_connected: {filters: 4, kernel: 3}"),
    ("5x4x6x2", "locally_connected: {filters: 3, kernel: 2, stride: 2}"),
    ("6x7x4", "conv_transpose: {filters: 6, kernel: 3, stride: 2, pad: same}"),
    ("5x6x4", "conv_transpose: {filters: 4, kernel: 4, stride: 2, pad: [0, 1, 2, 0], groups: 2}"),
    ("6x7x4", "conv_transpose: {filters: 2, kernel: 1, stride: 2, pad: same, bias: false}"),
    ("8x3", "space_to_depth: {factor: 2, order: dcr}"),
    ("4x6x3", "space_to_depth: {factor: 2, order: dcr}"),
    ("4x6x2x3", "space_to_depth: {factor: 2}"),
    ("4x12", "pixel_shuffle: {factor: 3}"),
    ("4x5x8", "pixel_shuffle: {factor: 2, order: dcr}"),
    ("2x3x2x16", "pixel_shuffle: {factor: 2}"),
    ("12", "channel_shuffle: {groups: 3}"),
    ("10x12x3", "l2_pool: {kernel: [3, 2], stride: 2, pad: 1, rounding: ceil}"),
    ("10x12x3", "avg_pool: {kernel: 3, stride: 2, pad: 1, rounding: ceil}"),
    ("10x9x3", "avg_pool: {kernel: 3, stride: 2, pad: [0, 1, 1, 0], rounding: ceil}"),
    ("9x8x3", "avg_pool: {kernel: 4, stride: 3, pad: [1, 2, 0, 1], count_padding: false}"),
    ("9x3", "avg_pool: {kernel: 3, stride: 1, pad: 2, count_padding: false}"),
    (
        "4x9x8x3",
        "avg_pool: {kernel: 3, stride: 2, pad: [0, 1, 1, 2, 0, 1], count_padding: false, "
        "rounding: ceil}",
    ),
]


@pytest.mark.parametrize(("shape", "layer"), OWN)
def test_pytorch_computes_what_numpy_does(shape: str, layer: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    held(torch, one(f"  - {layer}\n", shape))
    net, x, y = made(torch, one(f"  - {layer}\n", shape))
    spec = f"input: {shape}\nrounding: floor\nlayers:\n  - {layer}\n"
    as_numpy_does(spec, net, x[:1], y[:1], tmp_path)


@pytest.mark.parametrize(
    ("shape", "layer"),
    [case for case in OWN if not case[1].startswith("conv_transpose")]
    + [
        ("10x12x3", "l2_pool: {kernel: 3}"),
        ("4x6x3", "space_to_depth: {factor: 2}"),
        ("4x5x8", "pixel_shuffle: {factor: 2}"),
        ("4x5x6", "prelu"),
        ("4x5x6", "leaky_relu: {negative_slope: -0.3}"),
        ("4x6x3", "upsample: {size: [8, 18]}"),
        ("4x3", "upsample: {size: 12}"),
        ("4x6x3", "upsample: {size: [8, 12], mode: bilinear}"),
        ("4x6x3", "max_pool: {kernel: 2}\n  - upsample: {like: input}"),
        ("4x6x3", "global_avg_pool\n  - upsample: {like: input, mode: bilinear}"),
    ],
)
def test_keras_computes_what_pytorch_does(shape: str, layer: str, keras: Any) -> None:
    import torch

    net, x, y = made(torch, one(f"  - {layer}\n", shape))
    model = built(keras, one(f"  - {layer}\n", shape), "cpu")
    weights = [value.detach() for value in net.parameters()]
    if layer.startswith("locally"):
        axes = weights[0].dim() // 2 - 1
        weights[0] = weights[0].flatten(0, axes - 1).flatten(2).transpose(1, 2)
    shapes = [tuple(w.shape) for w in model.weights]
    model.set_weights([w.reshape(s).numpy() for w, s in zip(weights, shapes, strict=True)])
    found = model(x.movedim(1, -1).contiguous().numpy()).cpu()
    assert torch.allclose(found, y.movedim(1, -1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("shape", "layer"), OWN)
def test_onnxruntime_computes_what_numpy_does(
    shape: str, layer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_onnxruntime(f"input: {shape}\nrounding: floor\nlayers:\n  - {layer}\n", tmp_path, capsys)


@pytest.mark.parametrize("shape", ["12", "4x5x12", "3x2x4x12"])
def test_lrn_is_written_for_vectors_and_volumes(
    shape: str, tmp_path: Path, keras: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = "lrn: {alpha: 0.5, size: 5}"
    test_pytorch_computes_what_numpy_does(shape, layer, tmp_path)
    test_keras_computes_what_pytorch_does(shape, layer, keras)
    test_onnxruntime_computes_what_numpy_does(shape, layer, tmp_path, capsys)


#: options with more digits than a few
DIGITS = """\
  - leaky_relu: {negative_slope: 0.123456789}
  - elu: {alpha: 0.234567891}
  - dropout: {rate: 0.345678912}
  - lrn: {size: 1, alpha: 0.456789123, beta: 0.567891234, k: 0.678912345}
  - scale: {by: 0.789123456}
  - scale: {by: 0.789123457}
"""


def test_numbers_are_written_with_all_their_digits() -> None:
    numbers = re.findall(r"0\.\d+", DIGITS)
    for code in (pytorch(one(DIGITS)), keras_code(one(DIGITS))):
        assert re.findall(r"0\.\d{5,}", code) == numbers


#: what no code can say, by writer; the sentence names the layer first
LACKING = [
    (
        pytorch,
        "fractional_max_pool: {ratio: 1.5, overlapping: false}",
        "FractionalMaxPool's windows",
    ),
    (
        keras_code,
        "conv: {filters: 4, kernel: 3, stride: 2, dilation: 2}",
        "a stride and a dil",
    ),
    (keras_code, "depthwise_conv: {kernel: 3, stride: 2, dilation: 2}", "a stride and a dil"),
    (keras_code, "conv_transpose: {filters: 4, kernel: 4, groups: 2}", "neither groups nor"),
    (keras_code, "conv_transpose: {filters: 4, kernel: 4, dilation: 2}", "neither groups nor"),
    (keras_code, "max_pool: {kernel: 2, dilation: 2}", "pools have no dilation"),
    (keras_code, "fractional_max_pool: {ratio: 1.5}", "no fractional pooling"),
    (keras_code, "pad: {sides: 1, mode: edge}", "edges, nor .* on every backend"),
    (keras_code, "upsample: {size: [30, 31]}", "by whole factors"),
    (onnx_file, "fractional_max_pool: {ratio: 1.5}", "drawn at random"),
    (onnx_file, "dropout: {rate: 1}", "a dropout's ratio below 1"),
    (onnx_file, "adaptive_avg_pool: {output: 5}", "sizes that do not divide"),
    (onnx_file, "adaptive_max_pool: {output: 5}", "sizes that do not divide"),
]


@pytest.mark.parametrize(("write", "layer", "why"), LACKING)
def test_what_has_no_code_is_named_with_the_reason(write: Any, layer: str, why: str) -> None:
    pytest.importorskip("onnx")
    kind = layer.split(":", maxsplit=1)[0]
    with pytest.raises(CannotWriteError, match=f"^{kind}1: .*{why}"):
        write(one(f"  - {layer}\n", "11x12x4"))


PAGE = Path(__file__).resolve().parents[2] / "docs" / "import.md"


def test_the_page_lists_what_has_no_code() -> None:
    pytest.importorskip("onnx")
    tools = {pytorch: "PyTorch", keras_code: "Keras", onnx_file: "ONNX"}
    said = set()
    for write, layer, _ in LACKING:
        kind = layer.split(":", maxsplit=1)[0]
        with pytest.raises(CannotWriteError) as refused:
            write(one(f"  - {layer}\n", "11x12x4"))
        said.add(f"| {tools[write]} | `{kind}` | {str(refused.value).removeprefix(f'{kind}1: ')} |")
    page = PAGE.read_text(encoding="utf-8").split("| why it is refused |\n|---|---|---|\n")[1]
    assert said == set(page.split("\n\n")[0].split("\n"))


def every(shape: str, layers: str) -> Analysis:
    return analyze(load("net.yaml", text_of(shape, layers).encode()))


@pytest.mark.parametrize("write", [pytorch, keras_code, onnx_file])
def test_every_other_kind_and_option_is_written(write: Any) -> None:
    """All nets of `tests/every_kind.py`: what is refused is of a kind above."""
    pytest.importorskip("onnx")
    lacking = {layer.split(":")[0] for other, layer, _ in LACKING if other is write}
    for shape, layers in NETS:
        found = every(shape, layers)
        try:
            write(found)
        except CannotWriteError as error:
            assert str(error).split(":")[0].rstrip("1") in lacking, (layers, error)


@pytest.mark.parametrize("words", CHECKS, ids=["ruff", "mypy"])
def test_own_layers_are_clean_code(words: list[str], tmp_path: Path) -> None:
    for at, (shape, layer) in enumerate(OWN):
        for name, write in (("torch", pytorch), ("keras", keras_code)):
            if name == "torch" or not layer.startswith("conv_transpose"):
                folder = tmp_path / f"{name}_{at}"
                folder.mkdir()
                (folder / f"net_{folder.name}.py").write_text(write(one(f"  - {layer}\n", shape)))
    if words[0] == "ruff":
        words = [word.replace(",D1,D2,D4", ",D1") for word in words]
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    if "No module named" in done.stderr:
        pytest.skip(f"{words[0]} is not installed")
    assert done.returncode == 0, done.stdout
