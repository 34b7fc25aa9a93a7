"""FC to CONV of weights: what is reshaped, and that the scores stay."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run


def test_reshaped_weights_make_the_same_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CS231n notes, Converting FC layers to CONV layers: W reshaped into filters (net surgery)."""
    np = pytest.importorskip("numpy")
    draw = np.random.default_rng(231).standard_normal
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 8x6x3\nlayers: 'conv3-4 relu pool2 flatten fc-5 relu fc-3'\n")
    shapes = {"conv1.weight": (4, 3, 3, 3), "conv1.bias": (4,), "fc1.weight": (5, 48),
              "fc1.bias": (5,), "fc2.weight": (3, 5), "fc2.bias": (3,)}  # fmt: skip
    given = {name: draw(shape).astype("float32") for name, shape in shapes.items()}
    np.savez(tmp_path / "in.npz", **given)
    np.save(tmp_path / "x.npy", draw((2, 8, 6, 3)).astype("float32"))
    out = str(tmp_path / "out.npz")
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(tmp_path / "in.npz")]
    assert run([*words, "-o", out]) == 0
    told = capsys.readouterr()
    assert "fc1.weight: 5x48 becomes 5x4x4x3" in told.err
    conv = tmp_path / "conv.yaml"
    conv.write_text(told.out)
    scores = []
    for net, weights, kept in ((spec, tmp_path / "in.npz", "a"), (conv, out, "b")):
        saved = str(tmp_path / f"{kept}.npz")
        asked = ["--weights", str(weights), "--array", str(tmp_path / "x.npy"), "--save", saved]
        assert run(["verify", str(net), *asked]) == 0
        with np.load(saved) as arrays:
            scores.append(arrays[arrays.files[-1]].reshape(2, 3))
    assert np.allclose(*scores, rtol=1e-5, atol=1e-5)
    again = str(tmp_path / "again.npz")
    given_file = str(tmp_path / "in.npz")
    text = convcalc.convert(str(spec), fc_to_conv=True, weights=given_file, output=again)
    assert text == told.out
    with np.load(out) as one, np.load(again) as other:
        assert one.files == other.files
    with pytest.raises(convcalc.RequestError, match="go together"):
        convcalc.convert(str(spec), fc_to_conv=True, weights=given_file)
    assert run([*words, "-o", str(tmp_path / "out.yaml")]) == 2
    np.savez(tmp_path / "in.npz", **{"conv1.weight": given["conv1.weight"]})
    capsys.readouterr()
    assert run([*words, "-o", out]) == 2
    assert "has no fc1.weight" in capsys.readouterr().err


def _scores(net: Path, weights: Path, layer: str) -> Any:
    """What a layer of one image makes with these weights, in one row."""
    import numpy as np

    saved = net.with_name("y.npz")
    assert run(["verify", str(net), "--weights", str(weights), "--save", str(saved)]) == 0
    with np.load(saved) as arrays:
        return arrays[layer].reshape(-1)


def test_a_norm_over_all_of_a_vector_has_its_arrays_reshaped_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np = pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.npz", tmp_path / "out.npz"
    layers = "".join(f"  - {norm}\n" for norm in NORMS)
    spec.write_text(f"input: 6x6x3\nlayers:\n  - fc-4\n{layers}  - fc-3\n")
    draw = np.random.default_rng(231).uniform
    shapes = {"fc1.weight": (4, 108), "fc1.bias": (4,), "fc2.weight": (3, 4), "fc2.bias": (3,)}
    names = ("layer_norm1", "layer_norm2", "group_norm1", "batch_norm1", "scale1", "prelu1")
    shapes |= {f"{name}.weight": (4,) for name in names}
    shapes |= {f"{name}.bias": (4,) for name in names[:4]}
    shapes |= {f"batch_norm1.running_{what}": (4,) for what in ("mean", "var")}
    np.savez(given, **{name: draw(1, 2, shape) for name, shape in shapes.items()})
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(given), "-o", str(out)]
    assert run(words) == 0
    told = capsys.readouterr()
    assert "layer_norm1.bias: 4 becomes 4x1x1\n" in told.err
    (tmp_path / "conv.yaml").write_text(told.out)
    made = [
        _scores(net, weights, "fc2")
        for net, weights in ((spec, given), (tmp_path / "conv.yaml", out))
    ]
    assert np.allclose(*made, rtol=1e-5, atol=1e-5)


#: kinds with arrays, which take a vector and a volume of one position
NORMS = ("layer_norm: {axes: all}", "layer_norm", "group_norm: {groups: 2}", "batch_norm", "scale",
         "prelu: {parameters: channel}")  # fmt: skip


def test_weights_that_several_fc_share_are_reshaped_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np = pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.npz", tmp_path / "out.npz"
    spec.write_text(
        "inputs: {l: 4x4x3, r: 4x4x3}\n"
        "layers:\n  - {fc-5: , from: l, name: a}\n  - {fc-5: , from: r, name: b, weights: a}\n"
        "  - add:\n    from: [a, b]\n"
    )
    draw = np.random.default_rng(231).standard_normal
    np.savez(given, **{"a.weight": draw((5, 48)), "a.bias": draw(5)})
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(given), "-o", str(out)]
    assert run(words) == 0
    told = capsys.readouterr()
    assert told.err.endswith("a.weight: 5x48 becomes 5x3x4x4\n")
    (tmp_path / "conv.yaml").write_text(told.out)
    made = [
        _scores(net, weights, "add1")
        for net, weights in ((spec, given), (tmp_path / "conv.yaml", out))
    ]
    assert np.allclose(*made, rtol=1e-5, atol=1e-5)
