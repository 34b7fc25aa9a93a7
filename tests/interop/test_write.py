"""Export: PyTorch and ONNX of every bundled net, run or inferred, and read back."""

import io
import math
import subprocess
import sys
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import Asked, read
from convcalc.interop.write.pytorch import CannotWriteError
from convcalc.interop.write.pytorch import write as pytorch
from convcalc.spec.load import load

NAMES = zoo.names()


def analysis(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


def one(layers: str, shape: str = "12x14x8") -> Analysis:
    found = analyze(load("x.yaml", f"input: {shape}\nrounding: floor\nlayers:\n{layers}".encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    return found


def built(torch: Any, found: Analysis) -> tuple[Any, Any, int]:
    """The module of a net on the meta device, its outputs, and its MACs."""
    from torch.utils.flop_counter import FlopCounterMode

    names: dict[str, Any] = {}
    with torch.device("meta"):
        exec(compile(pytorch(found), "net.py", "exec"), names)
        model = names["Net"]().eval()
        inputs = []
        for row in found.rows:
            if row.step.kind == "input":
                *spatial, channels = row.step.output or ()
                inputs.append(torch.zeros(1, channels, *spatial))
        counter = FlopCounterMode(display=False)
        with counter:
            outputs = model(*inputs)
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


LAYERS = [
    "  - conv: {filters: 6, kernel: 4, stride: 3, pad: same}\n",
    "  - conv: {filters: 6, kernel: [3, 5], pad: [1, 0, 2, 1], groups: 2}\n",
    "  - conv_transpose: {filters: 6, kernel: 3, stride: 2, pad: 1, output_pad: 1}\n",
    "  - max_pool: {kernel: 3, stride: 2, rounding: ceil}\n",
    "  - avg_pool: {kernel: 3, stride: 2, pad: 1, count_padding: false}\n",
    "  - l2_pool: {kernel: 2}\n",
    "  - adaptive_avg_pool: {output: [6, 7]}\n",
    "  - global_max_pool\n  - fc-5\n",
    "  - batch_norm: {affine: false}\n  - instance_norm: {affine: true}\n",
    "  - group_norm: {groups: 4}\n  - layer_norm\n  - layer_norm: {axes: all}\n",
    "  - lrn\n  - scale: {bias: true}\n  - scale: {by: 0.5}\n",
    "  - prelu: {parameters: channel}\n  - prelu\n  - elu\n  - selu\n  - gelu\n  - mish\n",
    "  - silu\n  - hard_swish\n  - hard_sigmoid\n  - leaky_relu\n  - abs\n  - softmax\n",
    "  - pad: {sides: [1, 2, 3, 4]}\n  - crop: {sides: [1, 0, 2, 0]}\n",
    "  - pad: {channels: [2, 2]}\n  - slice: {start: 2, stop: 6}\n",
    "  - upsample: {scale: 2}\n  - upsample: {size: [30, 40], mode: bilinear}\n",
    "  - pixel_shuffle: {factor: 2}\n  - space_to_depth: {factor: 2}\n",
    "  - channel_shuffle: {groups: 2}\n  - fc-16\n  - reshape: {shape: 2x2x4}\n",
    "  - scale: {parameters: one}\n  - scale: {parameters: one, bias: true}\n",
    "  - batch_norm\n  - average: {branches: [[], relu]}\n",
    "  - {conv: {filters: 8, kernel: 1}, name: a}\n  - relu\n"
    "  - {conv: {filters: 8, kernel: 1}, weights: a}\n",
    "  - add: {branches: [conv3-8, [], relu]}\n  - multiply: {branches: [[], global_avg_pool]}\n",
    "  - subtract: {branches: [[], avgpool3s1p1]}\n  - maximum: {branches: [[], relu]}\n",
    "  - {conv: {filters: 4, kernel: 1}, name: '3x3'}\n  - {relu: {}, name: class}\n",
]


@pytest.mark.parametrize("layers", LAYERS)
def test_pytorch_of_layers(layers: str) -> None:
    torch = pytest.importorskip("torch")
    held(torch, one(layers))


def test_names_that_no_module_can_have() -> None:
    torch = pytest.importorskip("torch")
    found = one("  - {conv: {filters: 4, kernel: 1}, name: forward.1}\n")
    assert "self.forward_ = " in pytorch(found)
    assert built(torch, found)[2] == found.totals.macs


def test_adaptive_pools_that_divide_are_windows_in_onnx() -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx import write

    found = one("  - adaptive_avg_pool: {output: [6, 7]}\n")
    flat = read("net.onnx", io.BytesIO(write(found)))
    assert flat.items[-1].output == (6, 7, 8)
    with pytest.raises(CannotWriteError, match="do not divide"):
        write(one("  - adaptive_avg_pool: {output: 5}\n"))


def test_a_batch_norm_with_one_of_the_two_alone() -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx import write

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


def faces(steps: Any) -> Iterator[Hashable]:
    """Each layer by kind, windows, shape and what it reads, a flatten before an fc left out."""
    found: list[Hashable] = []
    for step in steps:
        output = step.output
        if step.layer is None:
            found.append(("input", output))
        elif step.layer.kind in {"identity", "flatten"}:
            found.append(found[step.inputs[0]])
            continue
        else:
            windows = tuple(tuple(w[:6]) for w in step.size.windows)
            kind = step.layer.kind
            if kind.endswith("_pool") and set(output[:-1]) == {1}:
                kind, windows = f"global_{kind.removeprefix('global_')}", ()
            reads = tuple(found[i] for i in step.inputs)
            owner = None if step.shares is None else found[step.shares]
            said = (kind, windows, hash(reads), output, owner)
            found.append(hash(said))
        yield found[-1]


@pytest.mark.parametrize("name", NAMES)
def test_onnx_of_bundled_nets(name: str) -> None:
    onnx = pytest.importorskip("onnx")
    same_through_onnx(onnx, analysis(name))


@pytest.mark.parametrize("layers", [text for text in LAYERS if "adaptive" not in text])
def test_onnx_of_layers(layers: str) -> None:
    onnx = pytest.importorskip("onnx")
    same_through_onnx(onnx, one(layers))


def same_through_onnx(onnx: Any, found: Analysis) -> None:
    from onnx import shape_inference

    from convcalc.interop.write.onnx import write

    data = write(found)
    model = shape_inference.infer_shapes(
        onnx.load_from_string(data), strict_mode=True, data_prop=True
    )
    inferred = {}
    for value in [*model.graph.value_info, *model.graph.output]:
        inferred[value.name] = [d.dim_value for d in value.type.tensor_type.shape.dim][1:]
    for row in found.rows:
        if row.step.kind != "input" and row.step.name in inferred:
            *spatial, channels = row.step.output or ()
            assert inferred[row.step.name] == [channels, *spatial], row.step.name
    flat = read("net.onnx", io.BytesIO(data))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2", "googlenet", "unet", "densenet121"])
def test_pt2_of_the_code_is_the_same_net(name: str) -> None:
    """Export to PyTorch, torch.export, import: the spec's own graph."""
    torch = pytest.importorskip("torch")
    found = analysis(name)
    names: dict[str, Any] = {}
    with torch.device("meta"):
        exec(compile(pytorch(found), "net.py", "exec"), names)
        *spatial, channels = found.rows[0].step.output or ()
        model = names["Net"]().eval()
        program = torch.export.export(model, (torch.zeros(1, channels, *spatial),))
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    flat = read("net.pt2", file, Asked(format="pt2"))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "shufflenet_v2_x1_0"])
def test_onnxruntime_computes_what_verify_does(name: str, tmp_path: Path) -> None:
    """The same weights and input: every number of the output, 1e-4 relative."""
    runtime = pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    np = pytest.importorskip("numpy")
    from convcalc.cli import run

    file = tmp_path / "net.onnx"
    assert run(["export", name, "--to", "onnx", "--random-weights", "7", "-o", str(file)]) == 0
    onnx.checker.check_model(str(file))
    model = onnx.load(str(file))
    weights = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.name.rpartition(".")[2] in {"weight", "bias", "running_mean", "running_var"}
    }
    shape = analysis(name).rows[0].step.output or ()
    x = np.random.default_rng(1).standard_normal((1, *shape)).astype("float32")
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "w.npz", **weights)
    words = ["--weights", str(tmp_path / "w.npz"), "--array", str(tmp_path / "x.npy")]
    saved = tmp_path / "out.npz"
    assert run(["verify", name, *words, "--save", str(saved), "-q"]) == 0
    session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {session.get_inputs()[0].name: np.moveaxis(x, -1, 1)})
    kept = np.load(saved)
    (ours,) = (kept[name] for name in kept.files)
    assert np.abs(ours.reshape(found.shape) - found).max() <= 1e-4 * np.abs(found).max()


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "unet", "mobilenet_v2", "resnet20-a"])
def test_keras_counts_and_shapes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "torch":
        pytest.skip("another backend is loaded")
    from convcalc.interop.write.keras import write

    found = analysis(name)
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    with keras.device("meta"):
        model = names["build"]()
    count = sum(math.prod(w.shape) for w in model.trainable_weights)
    assert count == found.totals.params
    assert model.output_shape[1:] == found.network.steps[found.network.outputs[-1]].output


def test_keras_names_what_it_lacks() -> None:
    from convcalc.interop.write.keras import write

    with pytest.raises(CannotWriteError, match="lrn1: Keras has no local response"):
        write(one("  - lrn\n"))


def test_verify_against_an_onnx_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from convcalc.cli import run

    file, bare = tmp_path / "net.onnx", tmp_path / "bare.onnx"
    words = ["--to", "onnx", "-o"]
    assert run(["export", "lenet5", "--random-weights", "3", *words, str(file)]) == 0
    assert run(["verify", "lenet5", "--against", str(file)]) == 0
    assert "all 11 layers agree" in capsys.readouterr().out
    assert run(["verify", str(file), "--against", str(file), "--format", "json"]) == 0
    assert '"agrees": true,' in capsys.readouterr().out
    spec = tmp_path / "other.yaml"
    text = zoo.read("lenet5").decode().replace("tanh", "sigmoid")
    spec.write_text(text)
    assert run(["verify", str(spec), "--against", str(file)]) in {1, 2}
    capsys.readouterr()
    assert run(["export", "lenet5", *words, str(bare)]) == 0
    assert run(["verify", "lenet5", "--against", str(bare)]) == 2
    assert "the file holds no weights" in capsys.readouterr().err
