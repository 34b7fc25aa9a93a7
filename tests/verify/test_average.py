"""Scores averaged at test time: over random grids, and over the positions of a larger image.

CS231n notes: Pooling Layer, Recent developments; Converting FC layers to CONV layers.
"""

import json
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

import convcalc
from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.spec.load import load
from convcalc.study.proofs import _announced
from convcalc.verify.equivalence import forms

NET = """\
input: 15x15x2
layers:
  - conv3-4
  - {fractional_max_pool: {ratio: 1.5, overlapping: false}, name: p}
  - {fc: {units: 5}, name: f}
"""


@pytest.fixture
def net(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)
    draw = np.random.default_rng(0).standard_normal
    np.savez("w.npz", **{
        "conv1.weight": draw((4, 2, 3, 3)), "conv1.bias": draw(4),
        "f.weight": draw((5, 400)), "f.bias": draw(5),
    })  # fmt: skip
    np.save("x.npy", draw((15, 15, 2)))
    return ["net.yaml", "--weights", "w.npz", "--array", "x.npy"]


def verify(*arguments):
    return CliRunner().invoke(cli, ["verify", *arguments], standalone_mode=False)


def scores(*arguments):
    """What a run leaves in its file."""
    result = verify(*arguments, "--save", "out.npz")
    assert result.exception is None and result.return_value == 0, result.output
    with np.load("out.npz") as found:
        return found["f"].reshape(-1)


def test_the_average_is_that_of_single_passes(net):
    """Each pass is a run of its own with the next seed; their mean is the average."""
    single = [scores(*net, "--seed", str(seed)) for seed in (3, 4, 5, 6)]
    assert len({tuple(one) for one in single}) > 1  # the grids differ
    mean = np.mean(single, axis=0, dtype="f8")
    np.testing.assert_allclose(scores(*net, "--seed", "3", "--average", "4"), mean, rtol=1e-6)
    page = json.loads(verify(*net, "--seed", "3", "--average", "4", "--format", "json").output)
    assert page["schema"] == "convcalc/average/1" and page["agrees"] and page["random"] == ["p"]
    assert [one["seed"] for one in page["passes"]] == [3, 4, 5, 6]
    assert [one["best"] for one in page["passes"]] == [int(one.argmax()) for one in single]
    assert page["best"] == int(mean.argmax())
    np.testing.assert_allclose(page["scores"], mean, rtol=1e-6)
    errors = [abs(one - mean).max() / abs(mean).max() for one in single]
    assert page["mean_error"] == pytest.approx(np.mean(errors), rel=1e-5)


def test_passes_with_a_dilation_larger_than_the_input(net):
    wide = "conv: {filters: 4, kernel: 3, dilation: 1000000000, pad: 1000000000}"
    Path("net.yaml").write_text(NET.replace("conv3-4", wide))
    found = scores(*net, "--seed", "3", "--average", "3")
    with np.load("w.npz") as given:
        weights = dict(given)
    weights["conv1.weight"] = weights["conv1.weight"][:, :, 1:2, 1:2]
    np.savez("w.npz", **weights)
    Path("net.yaml").write_text(NET.replace("conv3-4", "conv1-4"))
    np.testing.assert_allclose(scores(*net, "--seed", "3", "--average", "3"), found, rtol=1e-6)


def test_a_line_a_pass(net):
    text = verify(*net, "--average", "3").output
    assert "3 passes over one image with the same weights" in text
    assert "drawn at random: p" in text
    assert len([line for line in text.splitlines() if line[:4].strip().isdigit()]) == 3
    assert "... and 5 more passes" in verify(*net, "--average", "25").output


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["lenet5", "--average", "3"], "no layer draws at random"),
        (["net.yaml", "--average"], "of how many passes"),
        (["net.yaml", "--average", "2", "--batch", "4"], "--batch does not go with --average"),
        (["net.yaml", "--average", "2", "--layers", "p"], "--layers does not go with --average"),
        (["lenet5", "--equivalence", "--average", "3"], "give --average alone"),
        (["lenet5", "--receptive-field", "--average", "3"], "--average does not go with"),
        (["net.yaml", "--average", "2", "--array", "two.npy"], "--batch 1, but --array holds 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_averaged(net, words, text):
    np.save("two.npy", np.zeros((2, 15, 15, 2)))
    result = verify(*words)
    assert isinstance(result.exception, click.ClickException)
    assert text in result.exception.format_message()


def test_python_has_it_too(net):
    page = convcalc.verify("net.yaml", average=2, seed=7).to_dict()
    assert [one["seed"] for one in page["passes"]] == [7, 8]


def test_the_average_over_positions_is_the_crops(net):
    """The class scores at many positions of a larger image, averaged."""
    text = verify("lenet5", "--equivalence", "--average").output
    lines = [line.split() for line in text.splitlines() if line.startswith("average")]
    assert [line[line.index("positions;") - 1] for line in lines] == ["36", "121"]
    assert all("the crops' too" in " ".join(line) for line in lines)
    maps = json.loads(verify("--equivalence", "--format", "json").output)["maps"]
    assert all(one["average"]["best"] == one["average"]["crops_best"] for one in maps)
    assert all(0 <= one["average"]["error"] < 1e-5 for one in maps)


def test_what_one_pass_saves_is_announced_before_it_runs():
    """One pass over 384x384 beats 36 crops of 224x224 at stride 32: 11.2 times as many MACs."""
    analysis = analyze(load("vgg16", zoo.read("vgg16")))
    heard = []
    _announced(forms(analysis, (384, 384, 3)), heard.append)
    assert len(heard) == 1
    assert "one pass is 49.6 G MACs, its 36 crops 556.9 G, 11.2 times as many" in heard[0]
    assert "121 crops and 4 passes are 2,053 G MACs to run: this may take up to" in heard[0]


def test_large_nets_slide_over_fewer_crops_by_default():
    vgg, lenet = (analyze(load(name, zoo.read(name))) for name in ("vgg16", "lenet5"))
    assert forms(vgg, None).larger.network.steps[0].output == (256, 256, 3)
    assert forms(lenet, None).larger.network.steps[0].output == (52, 52, 1)
