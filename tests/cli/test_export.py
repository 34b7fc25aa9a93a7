"""`convcalc export`: PyTorch, Keras, ONNX; round trips through files; refusals."""

from pathlib import Path

import pytest

from convcalc.cli import run


def test_pytorch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "net.py"
    assert run(["export", "lenet5", "--to", "pytorch", "-o", str(target)]) == 0
    text = target.read_text()
    assert text.startswith('"""LeNet-5.\n') and "class Net(nn.Module):" in text
    compile(text, "net.py", "exec")
    assert run(["export", "lenet5", "--to", "pytorch"]) == 0
    assert capsys.readouterr().out == text


_MARKED = """input: 8x8x3
layers:
  - {conv: {filters: 4, kernel: 1}, checkpoint: true}
  - {relu: {in_place: true}, name: Wide}
  - {relu: {in_place: false}}
  - repeat:
      times: 4
      layers: [{batch_norm: {}, checkpoint: four}]
"""
_LEFT = "eft out: checkpoint of conv1, batch_norm1, batch_norm2, batch_norm3, batch_norm4"


@pytest.mark.parametrize("to", ["pytorch", "keras", "onnx"])
def test_says_what_of_the_spec_is_in_no_file(
    to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    spec, target = tmp_path / "net.yaml", tmp_path / ("net.onnx" if to == "onnx" else "net.py")
    spec.write_text(_MARKED)
    assert run(["export", str(spec), "--to", to, "-o", str(target)]) == 0
    left = _LEFT + ("" if to == "pytorch" else ", in_place of Wide")
    assert f"l{left}\n" in capsys.readouterr().err
    assert to == "onnx" or f"\nL{left}.\n" in target.read_text()


def test_says_that_onnx_without_weights_does_not_run(tmp_path: Path, capsys) -> None:
    pytest.importorskip("onnx")
    told = "the file has shapes of weights alone: --random-weights 1 makes one that runs\n"
    target = str(tmp_path / "net.onnx")
    for words, said in (
        (("lenet5",), told),
        (("lenet5", "--random-weights", "1"), ""),
        (("--net", "relu pool2", "--input", "8x8x3"), ""),
    ):
        assert run(["export", *words, "--to", "onnx", "-o", target]) == 0
        assert capsys.readouterr().err == said


def test_onnx_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnx")
    model, spec = tmp_path / "net.onnx", tmp_path / "net.yaml"
    assert run(["export", "resnet50", "--to", "onnx", "-o", str(model)]) == 0
    assert model.stat().st_size < 100_000
    assert run(["import", str(model), "-o", str(spec)]) == 0
    assert spec.read_text().count("\n") <= 45
    assert run(["diff", "resnet50", str(spec), "--format", "json"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lenet5", "--to", "onnx"], "--to onnx makes a binary file: name it with -o FILE"),
        (["lenet5", "--to", "pytorch", "--random-weights", "1"], "--random-weights are for"),
        (["lenet5", "--to", "keras", "--random-weights", "1"], "--random-weights are for"),
        (["lenet5"], "Error: give --to: pytorch, keras"),
    ],
)
def test_refusals(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", *arguments]) == 2
    assert words in capsys.readouterr().err
