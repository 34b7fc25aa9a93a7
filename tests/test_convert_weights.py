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
    assert run([*words, "-o", out]) == 1
    assert "has no array fc1.weight of 5x48" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fc1.weight": (5, 96)}, "fc1.weight is 5x96, the layer needs 5x48"),
        ({"fc1.weight": (7, 48)}, "fc1.weight is 7x48, the layer needs 5x48"),
        ({"fc1.weight": ()}, "fc1.weight is a single number, the layer needs 5x48"),
        ({"conv9.weight": (2,)}, "no layer takes the array conv9.weight of"),
    ],
)
def test_weights_of_another_net_are_refused_as_verify_refuses_them(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, tuple[int, ...]],
    said: str,
) -> None:
    np = pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.npz", tmp_path / "out.npz"
    spec.write_text("input: 4x4x2\nlayers: 'conv3-3 fc-5'\n")
    shapes = {"conv1.weight": (3, 2, 3, 3), "conv1.bias": (3,), "fc1.weight": (5, 48),
              "fc1.bias": (5,)}  # fmt: skip
    np.savez(given, **{name: np.ones(shape) for name, shape in (shapes | change).items()})
    for words in (["convert", str(spec), "--fc-to-conv", "-o", str(out)], ["verify", str(spec)]):
        assert run([*words, "--weights", str(given)]) == 1
        told = capsys.readouterr()
        assert said in told.out + told.err
    assert not out.exists()
    with pytest.raises(convcalc.NetError):
        convcalc.convert(str(spec), fc_to_conv=True, weights=str(given), output=str(out))


@pytest.mark.parametrize("name", ["x\\ud800", "y\\u0000z", "n" * 70_000])
def test_names_that_no_archive_can_hold_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.safetensors", tmp_path / "out.npz"
    spec.write_text("input: 1x1x2\nlayers: 'fc-1'\n")
    layout = '{"dtype":"F32","shape":[%s],"data_offsets":[%s]}'
    arrays = [("fc1.weight", "1,2", "0,8"), ("fc1.bias", "1", "8,12")]
    arrays.append((f"{name}.num_batches_tracked", "1", "12,16"))
    header = ",".join(f'"{own}":{layout % (shape, place)}' for own, shape, place in arrays)
    text = f"{{{header}}}".encode()
    given.write_bytes(len(text).to_bytes(8, "little") + text + bytes(16))
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(given), "-o", str(out)]
    assert run(words) == 2
    assert "it names an array as no layer can be called" in capsys.readouterr().err
    assert not out.exists()


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
