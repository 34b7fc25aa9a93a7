"""`convcalc verify` at the command line: options, refusals, exit codes, files."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from verified import NET, refused, verify

from convcalc import analyze
from convcalc.cli import cli
from convcalc.cli.streams import FaultyError
from convcalc.study import running
from convcalc.study.running import announced
from convcalc.verify import checks, room


def test_text(net):
    result = verify(net)
    assert result.return_value == 0
    assert "4 of 4 agree" in result.output
    assert "predicted" in result.output
    assert "Python's own objects may take" in result.output


def test_json_is_the_contract(net):
    found = json.loads(verify(net, "--format", "json", "--batch", "3").output)
    assert found["schema"] == "convcalc/verify/1"
    assert found["agrees"] is True and found["batch"] == 3
    first = found["layers"][0]
    assert first["name"] == "a"
    assert first["predicted"] == first["observed"] == [8, 8, 4]
    assert first["agrees"] is True and first["milliseconds"] > 0
    peak = found["peak"]
    assert abs(peak["observed"] - peak["predicted"]) <= peak["allowance"] < 200_000
    assert found["macs_per_second"] > 0


def test_a_disagreement_exits_1_and_names_the_layer(net, monkeypatch):
    from convcalc.backend.ops import NumPyOps

    whole = NumPyOps.max_pool
    monkeypatch.setattr(NumPyOps, "max_pool", lambda *a: whole(*a)[:, 1:].copy())
    monkeypatch.setattr(NumPyOps, "fc", lambda self, x, w, b: np.zeros((len(x), 5), "f4"))
    result = verify(net)
    assert result.return_value == 1
    assert "p: predicted 4x4x4, observed 3x4x4" in result.output
    assert "3 of 4 agree" in result.output
    assert verify(net, "-q").return_value == 1


def test_a_part_of_the_layers(net):
    found = json.loads(verify(net, "--layers", "relu1..p", "--format", "json").output)
    assert [one["name"] for one in found["layers"]] == ["relu1", "p"]
    assert found["partial"] is True and found["agrees"] is True
    for part, names in (("a", "a"), ("p..", "p f"), ("..relu1", "a relu1")):
        found = json.loads(verify(net, "--layers", part, "--format", "json").output)
        assert " ".join(one["name"] for one in found["layers"]) == names
    assert "did you mean relu1" in refused(net, "--layers", "relu..p")
    assert "p comes before" not in refused(net, "--layers", "p..a")


def test_a_broken_spec_shows_its_findings(net):
    Path(net).write_text(NET.replace("kernel: 2", "kernel: 20"))
    result = verify(net)
    assert isinstance(result.exception, FaultyError) and result.stdout == ""
    assert "error[CC102]" in result.exception.message
    found = json.loads(verify(net, "--format", "json").output)
    assert found["agrees"] is False and found["findings"][0]["code"] == "CC102"


def test_a_net_that_does_not_fit_is_refused_before_it_is_allocated(net, monkeypatch):
    monkeypatch.setattr(checks, "available_bytes", lambda: 1000)
    message = refused(net)
    assert "needs" in message and "0.98 KiB are free" in message and "--layers" in message
    assert (room.available_bytes() or 10**9) > 10**6


def test_without_numpy_exit_2_says_how_to_install_it(net):
    code = "import sys; sys.modules['numpy'] = None; from convcalc.cli import run; sys.exit(run())"
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", net],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert 'pip install "convcalc[numpy]"' in done.stderr


def test_gradients(net):
    found = json.loads(verify(net, "--gradients", "--format", "json").output)
    assert [(one["name"], one["agrees"]) for one in found["gradients"]] == [
        ("a", True),
        ("p", True),
    ]


@pytest.mark.parametrize("kind", ["conv", "depthwise_conv"])
def test_gradients_where_all_windows_read_padding(tmp_path, kind):
    path = tmp_path / "net.yaml"
    filters = "filters: 2, " if kind == "conv" else ""
    options = f"{{{filters}kernel: 1, pad: 1, stride: 3}}"
    path.write_text(f"input: 2x3x2\nrounding: floor\nlayers:\n- {kind}: {options}\n")
    found = json.loads(verify(str(path), "--gradients", "--format", "json").output)
    assert [(one["agrees"], one["error"]) for one in found["gradients"]] == [(True, 0.0)]


def test_gradients_of_nothing_are_refused(net):
    Path("fc.yaml").write_text("input: 8x8x3\nlayers: [fc-10, relu]\n")
    for words in (("fc.yaml",), (net, "--layers", "f")):
        assert "max pools, and none is run" in refused(*words, "--gradients")


@pytest.mark.parametrize("right", [512, 256])
def test_all_inputs_of_a_net_are_reduced_alike(net, right):
    times = 512 // right
    Path("two.yaml").write_text(
        f"inputs: {{left: 512x512x3, scores: 5, right: {right}x{right}x3}}\n"
        "layers:\n  - {conv3-64: , from: left, name: a}\n"
        f"  - {{conv3-64: , from: right}}\n  - upsample: {{scale: {times}}}\n"
        "  - add:\n    from: [a, upsample1]\n  - relu\n"
    )
    found = json.loads(verify("two.yaml", "--reduced", "--format", "json").output)
    assert found["agrees"]
    shapes = {one["name"]: one["observed"] for one in found["layers"]}
    assert shapes["a"] == [shapes["conv1"][0] * times] * 2 + [64] and shapes["a"][0] < 512


def test_progress_is_for_terminals(net):
    assert verify(net).stderr == ""


def test_numpy_is_imported_in_the_backend_and_with_onnx_alone():
    package = Path(checks.__file__).parent.parent
    importing = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(
            line.strip().startswith(("import numpy", "from numpy"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    }
    elsewhere = {name for name in importing if not name.startswith("backend/")}
    # onnx requires NumPy itself: where these files are used, NumPy is installed
    with_onnx = {name for name in elsewhere if name.startswith("interop/read/onnx/constants/")}
    checked_with_the_tool_itself = {
        "study/against.py", "study/compared.py", "study/exported.py", "study/onnx_program.py",
        "study/onnx_session.py",
    }  # fmt: skip
    assert with_onnx
    assert elsewhere == with_onnx | checked_with_the_tool_itself
    assert importing != elsewhere


def test_onnx_brings_numpy():
    text = (Path(checks.__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    assert any(one.startswith("onnx") for one in extras["onnx"])


def test_standard_input(net):
    np.save("x.npy", np.ones((3, 8, 8, 3)))
    arguments = ["verify", "-", "--array", "x.npy", "--format", "json"]
    result = CliRunner().invoke(cli, arguments, input=NET, standalone_mode=False)
    assert result.return_value == 0
    assert json.loads(result.stdout)["batch"] == 3
    reduced = ["verify", "-", "--reduced"]
    assert CliRunner().invoke(cli, reduced, input=NET, standalone_mode=False).return_value == 0


def test_usage(net):
    np.save("x.npy", np.ones((3, 8, 8, 3)))
    assert "one SPEC at a time" in refused(net, net)
    assert "--keep is for --save" in refused(net, "--keep", "a")
    assert "--array holds 3 images" in refused(net, "--array", "x.npy", "--batch", "2")
    assert "--reduced is not for --array" in refused(net, "--array", "x.npy", "--reduced")
    assert "did you mean p?" in refused(net, "--save", "y.npz", "--keep", "pp")


def test_one_picture_is_a_batch_of_one(net):
    np.save("picture.npy", np.arange(192, dtype=np.uint8).reshape(8, 8, 3))
    found = json.loads(verify(net, "--array", "picture.npy", "--format", "json").output)
    assert found["batch"] == 1 and found["agrees"]


def test_a_large_net_is_run_on_a_smaller_legal_input():
    """The size is the tool's choice: AlexNet's 227 comes down in steps that stay exact."""
    found = json.loads(verify("vgg16", "--reduced", "--format", "json").output)
    height, width, _ = found["layers"][0]["observed"]
    assert height == width and height % 32 == 0 and 32 <= height < 224
    assert found["agrees"]


def test_a_net_with_two_inputs_and_two_outputs(net):
    text = """\
inputs: {left: 6x6x2, right: 6x6x3}
outputs: [b]
layers:
  - {conv3-4: , name: a, from: left}
  - {conv3-4: , name: b, from: right}
  - {add: , from: [a, b]}
"""
    Path("two.yaml").write_text(text)
    assert verify("two.yaml", "--save", "y.npz").return_value == 0
    assert sorted(np.load("y.npz").files) == ["add1", "b"]
    np.save("x.npy", np.ones((6, 6, 2)))
    assert "--array is for one input" in refused("two.yaml", "--array", "x.npy")


@pytest.mark.parametrize(
    ("macs", "said"),
    [
        (61_999_999_999, []),
        (62_000_000_000, ["62 G MACs to run: this may take up to 1 minute"]),
        (10**12, ["1,000 G MACs to run: this may take up to 9 minutes"]),
    ],
)
def test_a_long_run_is_announced(macs, said):
    heard = []
    announced(macs, heard.append)
    assert heard == said


def test_the_macs_of_all_that_is_lit_are_announced(net, monkeypatch):
    heard = []
    monkeypatch.setattr("convcalc.study.running.announced", lambda macs, tell: heard.append(macs))
    found = analyze(net)
    height, width, _ = found.layers[0].output
    assert verify(net, "--receptive-field", "--layer", found.layers[1].name).exit_code == 0
    assert heard == [(height + width) * (found.layers[1].macs or 0)]


def test_the_macs_of_all_that_runs_are_announced(net, monkeypatch):
    heard = []
    monkeypatch.setattr("convcalc.study.verify.announced", lambda macs, tell: heard.append(macs))
    totals = analyze(net).totals
    assert verify(net, "--batch", "3").exit_code == 0
    assert heard == [3 * totals.macs]


@pytest.mark.parametrize("options", [[], ["--reduced"]])
def test_a_run_of_too_many_layers_is_refused_before_it_begins(net, monkeypatch, options):
    monkeypatch.setattr(running, "MOST_LAYERS", 2)
    text = refused(net, *options)
    assert "4 layers are more than one run has: 2 at most: --layers a..relu1 runs the" in text
    assert verify(net, "--layers", "a..relu1").return_value == 0
