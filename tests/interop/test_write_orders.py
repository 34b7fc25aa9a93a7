"""Places in a flattened vector: exported code reads the same numbers there as the NumPy backend."""

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
from tests.interop.test_write_keras import built

HEAD = "input: 2x3x4\nlayers:\n"

#: nets whose last layer reads a flattened volume by place, or beside a vector of another order
NETS = [
    "  - flatten\n",
    "  - flatten\n  - relu\n",
    "  - flatten\n  - slice: {start: 2, stop: 9}\n",
    "  - flatten\n  - reshape: {shape: 3x2x4}\n",
    "  - flatten\n  - reshape: {shape: 3x8}\n",
    "  - flatten\n  - reshape: {shape: [24]}\n  - sigmoid\n  - slice: {start: 5, stop: 20}\n"
    "  - fc-3\n",
    "  - flatten\n  - fc-24\n  - reshape: {shape: 2x3x4}\n",
    "  - flatten\n  - channel_shuffle: {groups: 4}\n  - fc-3\n",
    "  - flatten\n  - pad: {channels: [1, 2]}\n  - scale\n",
    "  - flatten\n  - group_norm: {groups: 4}\n  - fc-3\n",
    "  - flatten\n  - group_norm: {groups: 1}\n  - scale\n  - fc-3\n",
    "  - {flatten: {}, name: a}\n  - {fc: {units: 24}, name: b}\n  - {add: {}, from: [b, a]}\n"
    "  - fc-2\n",
    "  - {flatten: {}, name: a}\n  - {reshape: {shape: 3x2x4}, from: input, name: b}\n"
    "  - {flatten: {}, name: c}\n  - {maximum: {}, from: [a, c], name: d}\n  - fc-2\n",
    "  - {flatten: {}, name: a}\n  - {fc: {units: 5}, name: b}\n"
    "  - {concat: {}, from: [b, a, b, a], name: c}\n  - {slice: {start: 4, stop: 50}, name: d}\n"
    "  - {batch_norm: {}, from: c, name: e}\n  - {fc: {units: 2}, name: f}\n"
    "outputs: [c, d, f]\n",
    "  - {flatten: {}, name: a}\n  - {slice: {start: 0, stop: 12}, name: b}\n"
    "  - {fc: {units: 12}, from: a, name: c}\n  - {multiply: {}, from: [b, c], name: d}\n",
]


def sized(layers: str) -> Analysis:
    found = analyze(load("x.yaml", f"{HEAD}{layers}".encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    return found


def numbers(layers: str, folder: Path, x: Any, weights: dict[str, Any]) -> list[Any]:
    """The outputs with NumPy."""
    import numpy as np

    from convcalc.cli import run

    (folder / "net.yaml").write_text(HEAD + layers)
    np.save(folder / "x.npy", x)
    words = ["--array", str(folder / "x.npy"), "--save", str(folder / "y.npz"), "-q"]
    if weights:
        np.savez(folder / "w.npz", **weights)
        words += ["--weights", str(folder / "w.npz")]
    assert run(["verify", str(folder / "net.yaml"), *words]) == 0
    network = sized(layers).network
    with np.load(folder / "y.npz") as kept:
        return [kept[network.steps[i].name] for i in network.returned]


def module(layers: str) -> tuple[Any, Any]:
    """The exported PyTorch net with random weights, and an input."""
    import torch

    names: dict[str, Any] = {}
    exec(compile(pytorch(sized(layers)), "net.py", "exec"), names)
    generator = torch.Generator().manual_seed(0)
    net = names["Net"]().eval()
    for value in net.state_dict().values():
        if value.dtype.is_floating_point:
            value.copy_(torch.rand(value.shape, generator=generator) + 0.1)
    return net, torch.randn(1, 4, 2, 3, generator=generator)


def agree(found: Any, expected: list[Any]) -> None:
    """Volumes with the channels last are equal, vectors as they are."""
    import numpy as np

    for one, ours in zip(found, expected, strict=True):
        theirs = np.moveaxis(one, 1, -1) if one.ndim > 2 else one
        assert theirs.shape == ours.shape
        assert np.abs(theirs - ours).max() <= 1e-5 * np.abs(ours).max()


@pytest.mark.parametrize("layers", NETS)
def test_pytorch_and_onnx_read_places_as_numpy_does(layers: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    net, x = module(layers)
    weights = {k: v.numpy() for k, v in net.state_dict().items() if v.dtype.is_floating_point}
    expected = numbers(layers, tmp_path, x.movedim(1, -1).numpy(), weights)
    with torch.no_grad():
        y = net(x)
    agree([one.numpy() for one in (y if isinstance(y, tuple) else (y,))], expected)
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    data = onnx_file(sized(layers), weights)
    session = runtime.InferenceSession(data, providers=["CPUExecutionProvider"])
    agree(session.run(None, {session.get_inputs()[0].name: x.numpy()}), expected)


@pytest.mark.parametrize("layers", NETS)
def test_an_exported_file_agrees_layer_by_layer(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    from convcalc.cli import run

    layers = f"  - {{conv: {{filters: 4, kernel: 1}}, name: first}}\n{layers}"
    layers = layers.replace("from: input", "from: first")
    spec, file = tmp_path / "net.yaml", tmp_path / "net.onnx"
    spec.write_text(HEAD + layers)
    assert run(["export", str(spec), "--random-weights", "3", "--to", "onnx", "-o", str(file)]) == 0
    assert run(["verify", str(spec), "--against", str(file)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("layers", [net for net in NETS if "fc" not in net and "scale" not in net])
def test_keras_reads_places_as_numpy_does(layers: str, tmp_path: Path, keras: Any) -> None:
    x = module(layers)[1].movedim(1, -1).contiguous().numpy()
    made = built(keras, sized(layers), "cpu")(x)
    found = made if isinstance(made, list) else [made]
    expected = numbers(layers, tmp_path, x, {})
    for one, ours in zip(found, expected, strict=True):
        assert abs(one.detach().cpu().numpy() - ours).max() <= 1e-5


SHARED = (
    "  - {fc: {units: 5}, name: a}\n  - {reshape: {shape: 3x2x4}, from: input}\n"
    "  - {fc: {units: 5}, weights: a, name: b}\n  - {add: {}, from: [a, b]}\n"
)


@pytest.mark.parametrize("write", [pytorch, onnx_file])
def test_weights_over_two_orders_are_refused(write: Any) -> None:
    pytest.importorskip("onnx")
    with pytest.raises(CannotWriteError, match="b: shares the weights of a, which run over"):
        write(sized(SHARED))
    assert "Dense(5)" in keras_code(sized(SHARED))


def test_a_flattened_volume_before_fc_is_written_as_ever() -> None:
    code = pytorch(sized("  - flatten\n  - relu\n  - fc-3\n"))
    assert "x.flatten(1)" in code and "channels_last" not in code
    code = pytorch(sized("  - flatten\n  - reshape: {shape: 3x2x4}\n"))
    assert "x.movedim(1, -1).flatten(1)" in code and "channels_last" not in code
