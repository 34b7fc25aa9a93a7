"""`expect` is of the file as written, the net's and a layer's alike, and `check` says so."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run

SPEC = """\
input: 32x32x3
vars: {w: 16}
layers:
  - conv: {filters: =w, kernel: 3, pad: 1}
    expect: 32x32x16
  - relu
  - pool2
  - fc-10
expect: {params: 41418, output: 10}
"""
SAID = "`expect` holds for the file as it is written, it was not compared under"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "ex.yaml"
    path.write_text(SPEC)
    return path


@pytest.mark.parametrize("stated", [SPEC, SPEC.split("expect: {", maxsplit=1)[0]])
@pytest.mark.parametrize("options", ["--input 64x64x3", "--set w=32", "--rounding floor"])
def test_another_net_is_not_held_against_it_which_is_said(
    spec: Path, capsys: pytest.CaptureFixture[str], stated: str, options: str
) -> None:
    spec.write_text(stated)
    assert run(["check", "ex.yaml", *options.split()]) == 0
    captured = capsys.readouterr()
    assert "CC130" not in captured.out
    assert captured.err.startswith(f"Note: ex.yaml: {SAID}")


def test_the_file_as_written_is_held_against_it(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec.write_text(SPEC.replace("32x32x16", "32x32x17").replace("41418", "41419"))
    assert run(["check", "ex.yaml", "--format", "concise"]) == 1
    captured = capsys.readouterr()
    assert captured.out.count("CC130") == 2 and "Note" not in captured.err
    assert run(["check", "ex.yaml", "--batch", "2"]) == 1  # settings are of no other net
    assert SAID not in capsys.readouterr().err


def test_a_family_is_checked_as_written_too(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matrix = "[[tool.convcalc.matrix]]\nset = {w = [8, 32]}\n"
    Path("pyproject.toml").write_text(f"[tool.convcalc]\n{matrix}")
    assert run(["check", "ex.yaml"]) == 0
    captured = capsys.readouterr()
    assert "in 3 variants" in captured.out and SAID not in captured.err
    spec.write_text(SPEC.replace("32x32x16", "32x32x17"))
    assert run(["check", "ex.yaml"]) == 1
    assert "CC130" in capsys.readouterr().out


def test_several_files_are_said_once_and_a_wrong_shape_is_told_in_any_net(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("other.yaml").write_text(SPEC)
    Path("none.yaml").write_text("input: 32x32x3\nlayers: [conv3-4]\n")
    assert run(["check", ".", "--input", "64x64x3"]) == 0
    assert f"ex.yaml and 1 more: {SAID}" in capsys.readouterr().err
    spec.write_text(SPEC.replace("32x32x16", "wide"))
    assert run(["check", "ex.yaml", "--input", "64x64x3"]) == 1


def test_in_python_it_is_left_aside_too(spec: Path) -> None:
    net = convcalc.load(spec, input="64x64x3")
    assert net.findings == () and convcalc.analyze(net).ok
