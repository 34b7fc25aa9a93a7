"""Files of `convcalc verify`: weights and arrays, what is saved, what does not fit the net."""

import json
from pathlib import Path

import click
import numpy as np
import pytest
from verified import good, refused, verify

import convcalc
from convcalc.cli.streams import FaultyError


def test_weights_array_and_save(net):
    x = np.random.default_rng(1).standard_normal((2, 8, 8, 3))
    np.save("x.npy", x)
    arguments = ("--weights", "good.npz", "--array", "x.npy", "--dtype", "float64")
    assert verify(net, *arguments, "--save", "y.npz").return_value == 0
    assert (
        verify(net, *arguments, "--save", "k.npz", "--keep", "a", "--keep", "p").return_value == 0
    )
    kept, weights = np.load("k.npz"), good()
    assert sorted(kept.files) == ["a", "p"]
    assert (kept["a"] < 0).any(), "the volume before relu overwrote it"
    flat = np.moveaxis(kept["p"], -1, 1).reshape(2, -1)
    wanted = flat @ weights["f.weight"].T + weights["f.bias"]
    np.testing.assert_allclose(np.load("y.npz")["f"], wanted, rtol=1e-12)
    one = verify(net, "--array", "x.npy", "--input", "8x8x3", "--batch", "2", "-q")
    assert one.return_value == 0


@pytest.mark.parametrize(
    "change, words",
    [
        ({"f.bias": None}, "has no array f.bias of 5"),
        ({"f.bias": None, "f.biases": np.ones(5)}, "did you mean f.biases?"),
        ({"extra": np.ones(3)}, "no layer takes the array extra"),
        (
            {"a.weight": np.ones((3, 3, 3, 4))},
            "a.weight is 3x3x3x4, the layer needs 4x3x3x3",
        ),
        ({"f.bias": np.array(1.0)}, "f.bias is a single number, the layer needs 5"),
        (
            {"a.bias": np.array([1, np.nan, 0, 0])},
            "a.bias holds numbers that are not finite",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_findings_at_their_layer(net, change, words):
    arrays = {k: v for k, v in {**good(), **change}.items() if v is not None}
    np.savez("bad.npz", **arrays, **{"n.num_batches_tracked": np.array(3)})
    result = verify(net, "--weights", "bad.npz")
    assert isinstance(result.exception, FaultyError) and result.stdout == ""
    assert "CC123" in result.exception.message and words in result.exception.message
    found = json.loads(verify(net, "--weights", "bad.npz", "--format", "json").output)
    assert {f["line"] for f in found["findings"]} <= {4, 7, None}
    assert found["agrees"] is False


def test_one_number_needs_no_axis(tmp_path, monkeypatch):
    """PyTorch's `nn.Parameter(torch.tensor(2.0))` has none."""
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text("input: 4x4x2\nlayers: [{scale: {parameters: one}}]\n")
    np.save("x.npy", np.ones((4, 4, 2)))
    for factor in (np.float32(2), np.array([2.0])):
        np.savez("w.npz", **{"scale1.weight": factor})
        result = verify("net.yaml", "--weights", "w.npz", "--array", "x.npy", "--save", "y.npz")
        assert result.return_value == 0
        assert (np.load("y.npz")["scale1"] == 2).all()
        Path("y.npz").unlink()


def test_files_that_are_not_what_they_say(net):
    np.save("single.npy", np.ones(3))
    Path("text.npz").write_text("not an archive")
    np.savez("objects.npz", **{**good(), "a.bias": np.array([{}, 1, 2, 3], dtype=object)})
    np.save("objects.npy", np.array([{}], dtype=object))
    np.save("flat.npy", np.ones(7))
    np.save("other.npy", np.ones((9, 9, 3)))
    assert "No such file" in refused(net, "--weights", "missing.npz")
    for name in ("single.npy", "text.npz", "objects.npz"):
        assert name in refused(net, "--weights", name)
    assert "never unpickled" in refused(net, "--array", "objects.npy")
    assert "it has 1 axes" in refused(net, "--array", "flat.npy")
    assert "`--input 9x9x3`" in refused(net, "--array", "other.npy")
    np.save("first.npy", np.ones((3, 9, 9)))
    said = refused(net, "--array", "first.npy", "--input", "9x9x3")
    assert "channels first" in said and "save `a.transpose(1, 2, 0)`" in said
    assert "No such file" in refused(net, "--array", "missing.npy")
    assert "cannot write" in refused(net, "--save", "nowhere/y.npz")


def test_safetensors(net):
    header, body = {}, b""
    for name, value in good().items():
        data = value.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": value.shape,
            "data_offsets": [len(body), len(body) + len(data)],
        }  # fmt: skip
        body += data
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    Path("p.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + body)
    np.save("x.npy", np.ones((8, 8, 3)))
    for weights in ("p.safetensors", "good.npz"):
        result = verify(net, "--weights", weights, "--array", "x.npy", "--save", f"{weights}.out")
        assert result.return_value == 0
    first, second = (np.load(f"{w}.out")["f"] for w in ("p.safetensors", "good.npz"))
    np.testing.assert_allclose(first, second, rtol=1e-5)
    for broken in (b"", b"\xff" * 20, len(text).to_bytes(8, "little") + b"{]" + text):
        Path("broken.safetensors").write_bytes(broken)
        assert "broken.safetensors" in refused(net, "--weights", "broken.safetensors")


def test_interruption_leaves_nothing_half_written(net, monkeypatch):
    def interrupted(*args, **kwargs):
        args[0].write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises((KeyboardInterrupt, click.Abort, SystemExit)):
        result = verify(net, "--save", "y.npz")
        raise result.exception or AssertionError("it was not interrupted")
    assert sorted(p.name for p in Path().iterdir()) == ["good.npz", "net.yaml"]


@pytest.mark.parametrize(
    "between", ["{scale: {by: -1.5}}", "scale", "{scale: {bias: true}}", "prelu"]
)
def test_weights_follow_the_order_of_a_flattened_volume(tmp_path, between):
    draw = np.random.default_rng(0).standard_normal
    text = f"input: 2x3x4\nlayers:\n  - flatten\n  - {between}\n  - fc-3\n"
    net, x = convcalc.load(text), draw((2, 2, 3, 4))
    channels_first = np.moveaxis(x, -1, 1).reshape(2, 24)
    state = {"fc1.weight": draw((3, 24)), "fc1.bias": draw(3)}
    if "by" in between:
        channels_first = channels_first * -1.5
    elif between == "prelu":
        state["prelu1.weight"] = draw(1)
        below = np.minimum(channels_first, 0) * state["prelu1.weight"]
        channels_first = np.maximum(channels_first, 0) + below
    else:
        state["scale1.weight"] = draw(24)
        channels_first = channels_first * state["scale1.weight"]
        if "bias" in between:
            state["scale1.bias"] = draw(24)
            channels_first = channels_first + state["scale1.bias"]
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "w.npz", **state)
    files = {"weights": str(tmp_path / "w.npz"), "array": str(tmp_path / "x.npy")}
    convcalc.verify(net, dtype="float64", save=str(tmp_path / "y.npz"), **files)
    expected = channels_first @ state["fc1.weight"].T + state["fc1.bias"]
    with np.load(tmp_path / "y.npz") as saved:
        assert np.allclose(saved["fc1"], expected)


@pytest.mark.parametrize("layers", ["- relu\n", "- conv3-2\n"])
def test_a_file_of_no_arrays_is_for_a_net_without_weights(layers, tmp_path, capsys):
    from convcalc.cli import run

    spec, weights = tmp_path / "net.yaml", tmp_path / "none.npz"
    spec.write_text(f"input: 4x4x2\nlayers:\n{layers}")
    np.savez(weights)
    code = run(["verify", str(spec), "--weights", str(weights)])
    if "relu" in layers:
        assert code == 0
    else:
        assert code == 1
        said = " ".join(capsys.readouterr().err.split())
        assert "has no array conv1.weight of 2x2x3x3" in said


def test_layers_may_have_the_names_of_savez_s_own_arguments(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("file", "args", "kwds", "allow_pickle")
    layers = "".join(f"  - {{relu: {{}}, name: {name}}}\n" for name in names)
    Path("net.yaml").write_text(f"input: 2x2x1\nlayers:\n{layers}", encoding="utf-8")
    keep = (word for name in names for word in ("--keep", name))
    assert verify("net.yaml", "--save", "y.npz", *keep).return_value == 0
    assert sorted(np.load("y.npz").files) == sorted(names)


NAMED = "input: 8x8x3\nlayers:\n- conv3-16\n- batch_norm\n- relu\n- conv3-16\n- gap\n- fc-10\n"


@pytest.mark.parametrize("whole", [True, False])
def test_an_array_of_the_right_shape_is_meant(tmp_path, monkeypatch, whole):
    """A `did you mean` names no array that cannot be it, and a model's names are kept by --flat."""
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NAMED.replace("gap", "global_avg_pool"), encoding="utf-8")
    shapes = {
        "stem.0.weight": (16, 3, 3, 3), "stem.0.bias": (16,), "stem.1.weight": (16,),
        "stem.1.bias": (16,), "stem.1.running_mean": (16,), "stem.1.running_var": (16,),
        "body.weight": (16, 16, 3, 3), "body.bias": (16,), "head.weight": (10, 16),
        "head.bias": (10,),
    }  # fmt: skip
    np.savez("sd.npz", **{name: np.ones(shape) for name, shape in shapes.items()})
    options = () if whole else ("--layers", "conv1..fc1")
    result = verify("net.yaml", "--weights", "sd.npz", "--format", "json", *options)
    findings = json.loads(result.output)["findings"]
    said = {f["message"].split(" of ")[0].split()[-1]: f["help"] for f in findings if f["line"]}
    assert said["fc1.weight"] == ["did you mean head.weight?"]
    assert said["fc1.bias"] == ["did you mean head.bias?"]
    assert said["conv1.weight"] == ["did you mean stem.0.weight?"]
    told = [f["help"] for f in findings if "--flat" in str(f["help"])]
    assert len(told) == 1
    text = " ".join(verify("net.yaml", "--weights", "sd.npz").exception.message.split())
    assert text.index("--flat") < text.index("no layer takes the array body.weight")
