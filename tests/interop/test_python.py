"""`import` and `export` as functions of Python: what the command line writes, word for word."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from tests.interop.conftest import Given

CFG = "[net]\nheight=8\nwidth=8\nchannels=3\n[convolutional]\nfilters=4\nsize=3\nactivation=relu\n"


def test_import_is_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.cfg"
    file.write_text(CFG)
    made = convcalc.import_(file, name="small")
    assert run(["import", str(file), "--name", "small"]) == 0
    assert capsys.readouterr().out == made.text == str(made)
    net = convcalc.load(made.text)
    assert net.name == "small" and net.output == (6, 6, 4)
    assert convcalc.analyze(net).totals.params == 3 * 3 * 3 * 4 + 4
    assert made.notes == ()
    file.write_text(f"{CFG}[avgpool]\n")
    assert convcalc.import_(file, until="convolutional_0").text == made.text.replace(
        'name: "small"\n', ""
    )


def test_import_takes_a_file_or_a_module(tmp_path: Path) -> None:
    file = tmp_path / "net.cfg"
    file.write_text(CFG.replace("height=8\nwidth=8\nchannels=3\n", ""))
    with pytest.raises(convcalc.LoadError, match="give `input`"):
        convcalc.import_(file)
    made = convcalc.import_(file, input=(16, 16, 3), from_="darknet")
    assert convcalc.load(made.text).output == (14, 14, 4)
    with pytest.raises(convcalc.RequestError, match="name a file, or a module"):
        convcalc.import_()
    with pytest.raises(convcalc.RequestError, match="name a file, or a module"):
        convcalc.import_(file, torch="a:b")
    with pytest.raises(convcalc.LoadError, match="not MODULE:ATTRIBUTE"):
        convcalc.import_(torch="os.system('true')", input="8x8x3")
    with pytest.raises(convcalc.RequestError, match="kwargs"):
        convcalc.import_(torch="a:b", kwargs={"x": object()}, input="8x8x3")
    with pytest.raises(convcalc.LoadError, match="not a size"):
        convcalc.import_(file, input="8x")
    with pytest.raises(convcalc.LoadError, match="no such file"):
        convcalc.import_(tmp_path / "none.cfg")


def test_operators_without_a_kind_are_named_at_once(given: Given, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    file = tmp_path / "net.onnx"
    file.write_bytes(given.files["onnx/timm_mobilevit_s.ts.onnx"])
    with pytest.raises(convcalc.LoadError, match=r"MatMul of two activations: ") as error:
        convcalc.import_(file)
    assert "`until` " in str(error.value)


def test_export_is_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for to in ("pytorch", "keras"):
        assert run(["export", "lenet5", "--to", to]) == 0
        assert convcalc.export("lenet5", to=to) == capsys.readouterr().out  # type: ignore[call-overload]
    bare = convcalc.load("input: 6x6x2\nlayers:\n  - conv3-4\n")
    assert "nn.Conv2d(2, 4, kernel_size=3" in convcalc.export(bare, to="pytorch")
    assert "8x9x2" in convcalc.export(bare, to="pytorch", input=(8, 9, 2))


def test_export_refuses_what_the_command_refuses() -> None:
    with pytest.raises(convcalc.RequestError, match="expected one of pytorch, keras, onnx"):
        convcalc.export("lenet5", to="caffe")  # type: ignore[call-overload]
    with pytest.raises(convcalc.RequestError, match="are for `to` onnx"):
        convcalc.export("lenet5", to="pytorch", random_weights=1)  # type: ignore[call-overload]
    with pytest.raises(convcalc.RequestError, match="a seed is a number from 0"):
        convcalc.export("lenet5", to="onnx", random_weights=-1)
    with pytest.raises(convcalc.NetError, match="CC101"):
        convcalc.export("input: 8x8x1\nlayers:\n  - max_pool: {kernel: 3, stride: 2}\n", to="keras")


def test_onnx_is_bytes_and_random_weights_are_the_seeds() -> None:
    pytest.importorskip("onnx")
    net = convcalc.load("input: 6x6x2\nlayers:\n  - conv3-4\n")
    first = convcalc.export(net, to="onnx", random_weights=3)
    assert first == convcalc.export(net, to="onnx", random_weights=3)
    assert first != convcalc.export(net, to="onnx", random_weights=4)
    assert len(convcalc.export(net, to="onnx")) < len(first)
