"""`--input` is for nets of one input, wherever they come from."""

import io
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read

TWO = """\
inputs: {image: 8x8x3, depth: 8x8x1}
layers:
  - concat:
    from: [image, depth]
  - fc-10
"""


def test_a_size_for_one_of_several_inputs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spec refuses it; so do a model file and a net that Python made."""
    pytest.importorskip("onnx")
    spec, file = tmp_path / "two.yaml", str(tmp_path / "two.onnx")
    spec.write_text(TWO)
    assert run(["export", str(spec), "--to", "onnx", "-o", file]) == 0
    for words in (["analyze", file], ["import", file], ["analyze", str(spec)]):
        assert run(words) in (0, 1)
        capsys.readouterr()
        assert run([*words, "--input", "9x9x3"]) == 2
        assert "has 2 inputs (image, depth): --input is for one" in capsys.readouterr().err
    made = convcalc.Builder().input("a", (8, 8, 3)).input("b", (8, 8, 3))
    net = made.add("add", inputs=("a", "b")).build()
    assert net.steps[-1].output == (8, 8, 3)
    with pytest.raises(convcalc.LoadError, match=r"has 2 inputs \(a, b\): `input` is for one"):
        convcalc.analyze(net, input="9x9x3")


def test_open_axes_of_several_inputs_are_not_asked_for() -> None:
    """What is asked for would be refused."""
    onnx = pytest.importorskip("onnx")
    values = [
        onnx.helper.make_tensor_value_info(name, 1, shape)
        for name, shape in (("a", [1, 3, "h", 8]), ("b", [1, 3, 8, 8]), ("y", None))
    ]
    node = onnx.helper.make_node("Add", ["a", "b"], ["y"])
    graph = onnx.helper.make_graph([node], "g", values[:2], values[2:])
    data = onnx.helper.make_model(graph).SerializeToString()
    with pytest.raises(UnreadableError, match="export with one, --input is for one input"):
        read("x.onnx", io.BytesIO(data))
