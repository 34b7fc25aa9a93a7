"""`verify --against` of a file that computes another net: what both give is always compared."""

import json
from pathlib import Path

import pytest

from convcalc.cli import run

pytest.importorskip("onnxruntime")

NET = """\
input: 9x9x3
layers:
  - {conv: {kernel: 3, filters: 4, pad: 1}, name: a}
  - {conv: {kernel: 3, filters: 4, pad: 1}, name: b}
  - {add: {}, from: [b, a], name: sum}
  - {relu: {}, name: last}
"""
#: what the other net has in place of it, and what is said of the difference
OTHERS = {
    "an activation": ("{relu: {}, name: last}", "{tanh: {}, name: last}", "last"),
    "a sum": ("{add: {}", "{multiply: {}", "last"),
    "a layer at the end": ("name: last}", "name: last}\n  - {softmax: {}, name: p}", "last"),
    "a pool at the end": ("name: last}", "name: last}\n  - {max_pool: {kernel: 3}, name: p}", "x"),
    "no padding": ("pad: 1}, name: a", "pad: 0}, name: a", "9x9x4 here, 4x7x7 in the file (ch"),
    "an output more": ("name: last}", "name: last}\noutputs: [b]", "the file has"),
    "its order": ("name: last}", "name: last}\noutputs: [last, b]", "the file has 2 outputs"),
}


@pytest.mark.parametrize(("old", "new", "said"), OTHERS.values(), ids=OTHERS)
def test_another_net_never_agrees(
    old: str, new: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("one", NET), ("other", NET.replace(old, new))):
        (tmp_path / f"{name}.yaml").write_text(text)
        words = ["--random-weights", "1", "--to", "onnx", "-o", str(tmp_path / f"{name}.onnx")]
        assert run(["export", str(tmp_path / f"{name}.yaml"), *words]) == 0
    capsys.readouterr()
    for spec, file in (("one", "other"), ("other", "one")):
        words = [str(tmp_path / f"{spec}.yaml"), "--against", str(tmp_path / f"{file}.onnx")]
        assert run(["verify", *words, "--format", "json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert not found["agrees"]
        wrong = [layer for layer in found["layers"] if not layer["agrees"]]
        assert wrong
        assert all((layer["difference"] is None) == ("why" in layer) for layer in wrong)
        assert run(["verify", *words]) == 1
        text = capsys.readouterr().out
        if spec == "one" and said != "x":
            assert said in text
        assert run(["verify", *words[:2], str(tmp_path / f"{spec}.onnx")]) == 0
        capsys.readouterr()
