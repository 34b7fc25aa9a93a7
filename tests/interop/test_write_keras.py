"""Keras of every bundled net: counted and sized on the torch backend; layers against PyTorch's."""

import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.interop.flat import UnsupportedError
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import read
from convcalc.interop.write.keras.net import write
from convcalc.interop.write.pytorch.net import write as pytorch
from tests.interop.nets import NAMES, analysis, one
from tests.interop.same_numbers import made


def built(keras: Any, found: Analysis, device: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    with keras.device(device):
        return names["build"]()


#: nets whose Keras code has a class of its own, which no file holds
OWN_CLASS = {"convnext_tiny": ("Scale (not Keras's own): 18 (first: scale)",)}


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of Keras on PyTorch
@pytest.mark.parametrize("name", NAMES)
def test_keras_counts_and_shapes_are_the_same_and_read_back(name: str, keras: Any) -> None:
    found = analysis(name)
    # arrays that a model holds, each window's share of real numbers, have no values on `meta`
    model = built(keras, found, "cpu" if "mean_of_real(" in write(found) else "meta")
    assert sum(math.prod(w.shape) for w in model.trainable_weights) == found.totals.params
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    assert shapes == [found.network.steps[i].output for i in found.network.returned]
    saved = io.BytesIO(model.to_json().encode())
    if name in OWN_CLASS:
        with pytest.raises(UnsupportedError) as caught:
            read("net.json", saved)
        assert caught.value.lines == OWN_CLASS[name]
    else:
        flat = read("net.json", saved)
        assert counted(flat) == (found.totals.params, found.totals.macs)
        assert [flat.items[i].output for i in flat.outputs] == list(dict.fromkeys(shapes))


SAME = [
    "  - max_pool: {kernel: 3, stride: 2, rounding: ceil}\n",
    "  - max_pool: {kernel: 3, stride: 2, pad: 1}\n",
    "  - max_pool: {kernel: 2, stride: 3, pad: [1, 0, 0, 1], rounding: ceil}\n",
    "  - avg_pool: {kernel: 3, stride: 2, pad: 1}\n",
    "  - avg_pool: {kernel: 3, stride: 2, pad: 1, count_padding: false}\n",
    "  - avg_pool: {kernel: 3, stride: 2, pad: same, count_padding: false}\n",
    "  - avg_pool: {kernel: 3, stride: 1, pad: same, count_padding: false}\n",
    "  - avg_pool: {kernel: 3, stride: 2, rounding: ceil}\n",
    "  - avg_pool: {kernel: 5, stride: 4, rounding: ceil}\n",
    "  - lrn: {size: 3, alpha: 0.1}\n  - lrn: {size: 4}\n",
    "  - channel_shuffle: {groups: 2}\n",
    "  - scale: {by: 0.5}\n  - crop: {sides: [1, 0, 2, 0]}\n",
]


@pytest.mark.parametrize("layers", SAME)
def test_keras_computes_what_pytorch_does(layers: str, keras: Any) -> None:
    import torch

    found = one(layers, "7x8x4")
    names: dict[str, Any] = {}
    exec(compile(pytorch(found), "net.py", "exec"), names)
    x = torch.randn(2, 4, 7, 8, generator=torch.Generator().manual_seed(0))
    expected = names["Net"]().eval()(x).movedim(1, -1)
    made = built(keras, found, "cpu")(x.movedim(1, -1).contiguous().numpy())
    assert torch.allclose(made.cpu(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["adaptive_avg_pool", "adaptive_max_pool"])
@pytest.mark.parametrize(
    ("shape", "size"), [("12x2", "5"), ("12x10x2", "[5, 3]"), ("9x8x7x2", "4")]
)
def test_keras_pools_to_a_size_as_pytorch_does(
    kind: str, shape: str, size: str, keras: Any
) -> None:
    torch = pytest.importorskip("torch")
    found = one(f"  - {kind}: {{output: {size}}}\n", shape)
    _, x, y = made(torch, found)
    model = built(keras, found, "cpu")(x.movedim(1, -1).contiguous().numpy())
    assert torch.allclose(model.cpu(), y.movedim(1, -1), rtol=1e-5, atol=1e-6)


def test_transposed_convolutions_cut_what_keras_has_more(keras: Any) -> None:
    import torch

    found = one(
        "  - conv_transpose: {filters: 3, kernel: 3, stride: 2, pad: 1, output_pad: 1}\n"
        "  - conv_transpose: {filters: 2, kernel: 1, stride: 2}\n",
        "5x6x4",
    )
    names: dict[str, Any] = {}
    exec(compile(pytorch(found), "net.py", "exec"), names)
    net, model = names["Net"](), built(keras, found, "cpu")
    weights = []
    for name in ("conv_transpose1", "conv_transpose2"):
        layer = getattr(net, name)
        weights += [layer.weight.permute(2, 3, 1, 0), layer.bias]
    model.set_weights([w.detach().contiguous().numpy() for w in weights])
    x = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(0))
    made = model(x.movedim(1, -1).contiguous().numpy())
    assert torch.allclose(made.cpu(), net(x).movedim(1, -1), rtol=1e-5, atol=1e-6)


def test_shared_weights_and_learned_factors_are_counted_once(keras: Any) -> None:
    found = one(
        "  - {conv: {filters: 8, kernel: 1}, name: a}\n  - relu\n"
        "  - {conv: {filters: 8, kernel: 1}, weights: a}\n  - scale: {bias: true}\n  - scale\n"
    )
    model = built(keras, found, "meta")
    assert sum(math.prod(w.shape) for w in model.trainable_weights) == 72 + 16 + 8
    assert found.totals.params == 96


def test_blocks_are_functions_and_what_repeats_is_a_loop() -> None:
    text = write(analysis("resnet50"))
    assert "def bottleneck(x: keras.KerasTensor) -> keras.KerasTensor:\n" in text
    assert "    for _ in range(blocks):\n        x = bottleneck_2(x)\n" in text
    assert "    x = stage_2(x, blocks=5)\n" in text
    assert text.count("\n") <= 105
    assert "    x = inception(x, 192, 96, 208, 16, 48, 64)\n" in write(analysis("googlenet"))


def test_generated_code_is_clean(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"net_{name.replace('-', '_')}.py").write_text(write(analysis(name)))
    words = ["ruff", "check", "--isolated", "--no-cache", "--line-length", "100"]
    words += ["--select", "E,F,W,I,N,B,UP,C4,SIM,RUF,D1", "--ignore", "D102,D107,RUF002", "."]
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    if "No module named" in done.stderr:
        pytest.skip("ruff is not installed")
    assert done.returncode == 0, done.stdout
