"""Numbers of a demo from files: bounded, never unpickled, checked against the layer first."""

import os

import pytest

import convcalc
from convcalc.cli import run

np = pytest.importorskip("numpy")

NET = ["--input", "5x4x2", "--net", "conv3-3p0"]


@pytest.fixture
def x():
    return np.random.default_rng(0).integers(-5, 6, (5, 4, 2))


@pytest.fixture
def w():
    """Filter, height, width, channels."""
    return np.random.default_rng(1).integers(-5, 6, (3, 3, 3, 2))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def outputs(capsys, *words):
    assert run(["demo", *NET, *words]) == 0, capsys.readouterr().err
    lines = capsys.readouterr().out.splitlines()
    found = [line.partition("] = ") for line in lines if "  output [" in line]
    return [float(value.split(" = ")[-1]) for _, _, value in found]


def expected(x, w, biases=(0, 0, 0)):
    return [
        float((x[i : i + 3, j : j + 3] * w[k]).sum() + biases[k])
        for k in range(3)
        for i in range(3)
        for j in range(2)
    ]


def test_an_npy_a_text_and_typed_numbers_are_the_same(capsys, x, w) -> None:
    np.save("x.npy", x)
    np.save("w.npy", w)
    np.save("batch.npy", x[None].astype("f4"))
    typed = ",".join(map(str, x.reshape(-1)))
    with open("x.txt", "w") as file:
        file.write("\n".join(map(str, x.reshape(-1))))
    for given in ("x.npy", "batch.npy", "x.txt", typed):
        assert outputs(capsys, "--array", given, "--weights", "w.npy") == expected(x, w)


@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_a_state_dict_has_pytorch_s_layout_and_its_biases(capsys, x, w, ending) -> None:
    np.save("x.npy", x)
    arrays = {"conv1.weight": w.transpose(0, 3, 1, 2).astype("f4").copy(),
              "conv1.bias": np.array([7, -1, 0.5], "f4"), "more": np.zeros(3, "f4")}  # fmt: skip
    if ending == "npz":
        np.savez("w.npz", **arrays)
    else:
        pytest.importorskip("safetensors.numpy").save_file(arrays, "w.safetensors")
    found = outputs(capsys, "--array", "x.npy", "--weights", f"w.{ending}")
    assert found == expected(x, w, (7, -1, 0.5))


@pytest.mark.parametrize("groups", [1, 2])
def test_a_transposed_convolution_of_a_state_dict(groups) -> None:
    """Against PyTorch: its weights lie input channel by input channel."""
    torch = pytest.importorskip("torch")
    layer = torch.nn.ConvTranspose2d(4, 6, 3, 2, 1, groups=groups)
    np.savez("w.npz", **{f"t.{n}": p.detach().numpy() for n, p in layer.named_parameters()})
    x = np.random.default_rng(2).normal(size=(3, 4, 4)).astype("f4")
    np.save("x.npy", x)
    options = f"filters: 6, kernel: 3, stride: 2, pad: 1, groups: {groups}"
    net = f"input: 3x4x4\nlayers:\n  - conv_transpose: {{{options}}}\n    name: t\n"
    found = convcalc.demo(net, "t", array="x.npy", weights="w.npz")
    theirs = layer(torch.tensor(x).permute(2, 0, 1)[None])[0].permute(1, 2, 0).detach()
    for place, value in found.outputs.items():
        assert value == pytest.approx(float(theirs[place]), abs=1e-5)
    assert len(found.outputs) == 5 * 7 * 6


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--array", "gone.npy"], "gone.npy"),
        (["--array", "gone"], "no such file, and no numbers such as 1,0,-1"),
        (["--array", "odd.npy"], "odd.npy holds 4x5x2: the input needs 5x4x2"),
        (["--array", "two.npy"], "two.npy holds 2x5x4x2: the input needs 5x4x2"),
        (["--array", "pickled.npy"], "pickled.npy"),
        (["--array", "complex.npy"], "complex.npy"),
        (["--array", "nan.npy"], "numbers that are not finite"),
        (["--array", "words.txt"], "no numbers with commas or blanks between"),
        (["--array", "huge.txt"], "larger than 1,048,576 bytes: save it as .npy"),
        (["--array", "."], "cannot read .: not a regular file"),
        (["--array", "pipe"], "cannot read pipe: not a regular file"),
        (["--array", "short.txt"], "--array has 2 numbers: the input 5x4x2 needs 40"),
        (["--weights", "x.npz"], "has no array conv1.weight: the layer needs 3x2x3x3"),
        (["--weights", "odd.npz"], "has 3x3x3x2 as conv1.weight: the layer needs 3x2x3x3"),
        (["--weights", "odd.npy"], "odd.npy"),
        (["--weights", "no\x1b[2J"], "no such file"),
    ],
)
def test_what_is_no_array_is_refused(capsys, x, words, text) -> None:
    np.save("odd.npy", x.swapaxes(0, 1))
    np.save("two.npy", np.stack([x, x]))
    np.save("pickled.npy", np.array([print], dtype=object), allow_pickle=True)
    np.save("complex.npy", x * 1j)
    np.save("nan.npy", x * np.nan)
    np.savez("x.npz", x=x)
    np.savez("odd.npz", **{"conv1.weight": np.zeros((3, 3, 3, 2)), "conv1.bias": np.zeros(3)})
    for name, data in (("words.txt", "a b"), ("huge.txt", "1 " * 2**20), ("short.txt", "1 2")):
        with open(name, "w") as file:
            file.write(data)
    os.mkfifo("pipe")
    assert run(["demo", *NET, *words]) == 2
    said = capsys.readouterr().err
    assert text in said and "\x1b" not in said and said.count("\n") == 1, said


def test_python_has_it_too() -> None:
    found = convcalc.demo(
        "input: 5x1\nlayers: [conv3-1]\n", array=(1, 2, -1, 1, -3), weights=(1, 0, -1)
    )
    assert list(found.outputs.values()) == [-2, 2, 1, 2, 1]
    assert found.outputs[1, 0] == 2
    assert found.lines[2, 0] == "V[2,0] = np.sum(X[2:5,:] * W0) + b0"
    assert "output [4, 0] = 1 + 0 = 1" in str(found)
    with pytest.raises(convcalc.RequestError, match="has 2 numbers"):
        convcalc.demo("convolution-demo", array=[1, 2])
