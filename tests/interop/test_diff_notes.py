"""`diff` with a model file: what is said of the file is in its JSON, which jobs keep."""

import json
from pathlib import Path

import pytest

from convcalc.cli import run
from tests.interop.onnx_files import model

onnx = pytest.importorskip("onnx")

SAID = "has the slope 0.4333 in the source, 1/6 here"


def test_another_slope_is_among_the_notes(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    node = onnx.helper.make_node("HardSigmoid", ["x"], ["y"], alpha=0.4333)
    Path("net.onnx").write_bytes(model([node], (1, 3, 8, 8), []))
    Path("net.yaml").write_text("input: 8x8x3\nlayers: [hard_sigmoid]\n", encoding="utf-8")
    asked = ["diff", "net.yaml", "net.onnx", "--fail-on-difference", "--format", "json"]
    assert run(asked) == 0
    told = capsys.readouterr()
    (note,) = json.loads(told.out)["notes"]
    assert note.startswith("net.onnx: ") and SAID in note and SAID in told.err
    assert run(["diff", "net.yaml", "net.yaml", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == []
