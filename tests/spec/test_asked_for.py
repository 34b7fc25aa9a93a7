"""What belongs on the command line, not in a file, and what was said there and does not fit."""

from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.findings import Finding
from convcalc.fix.search import offers
from convcalc.memory.settings import SETTINGS
from convcalc.spec.document import Overrides
from convcalc.spec.load import load

NET = "input: 8x8x3\nlayers: [conv3-4]\n"


def found(text: str, *variables: tuple[str, str]) -> tuple[Finding, ...]:
    return load("net.yaml", text.encode(), Overrides(variables=variables)).findings


@pytest.mark.parametrize("word", ["batch", "batch_size", "batchsize", "Batch"])
def test_a_batch_in_a_file_is_an_option(word: str) -> None:
    (fault,) = found(f"{word}: 32\n{NET}")
    assert fault.code == "CC010"
    assert fault.help == ("it is not part of a net: `--batch 32` on the command line",)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_in_a_file_names_its_option(setting: object) -> None:
    name = setting.name  # type: ignore[attr-defined]
    (fault,) = found(f"{name}: true\n{NET}")
    option = name.replace("_", "-")
    assert fault.help == (f"it is not part of a net: `--{option}` on the command line",)


FAMILY = """\
input: 8x8x3
vars: {width: 4, mode: 1}
blocks: {b: {args: {n: }, layers: [{conv: {filters: =2*n, kernel: 3, pad: =mode}}]}}
layers:
  - {b: [=width]}
  - {b: [=2*width]}
  - fc: {units: =3*width}
"""


def test_a_text_for_a_number_is_one_error_at_the_variable() -> None:
    (fault,) = found(FAMILY, ("width", "a"))
    assert fault.code == "CC015"
    assert fault.message == "width is set to 'a', and formulas need a number of it"
    assert fault.help == ("give a number, such as `--set width=4`",)
    assert fault.span is not None and (fault.span.line, fault.span.column) == (2, 15)


def test_a_text_where_a_word_is_taken_stays_one() -> None:
    assert found(FAMILY, ("mode", "same")) == ()


def test_the_command_line_says_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "wrn", "--set", "width=a"]) == 1
    shown = capsys.readouterr().out
    assert shown.count("error[") == 1 and "`--set width=" in shown


def test_a_limit_of_a_file_is_named_by_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.convcalc]\nmax-params = 10\nmax-training-memory = "2KiB"\n', encoding="utf-8"
    )
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "net.yaml").write_text(NET, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "nets")
    file = str(Path("..") / "pyproject.toml")
    assert run(["check", "net.yaml", "--format", "concise"]) == 1
    shown = capsys.readouterr().out
    assert f"exceeds max-params in {file} 10," in shown
    assert f"exceeds max-training-memory in {file} 2,048," in shown and "--max" not in shown
    assert run(["check", "net.yaml", "--format", "concise", "--max-params", "20"]) == 1
    shown = capsys.readouterr().out
    assert "exceeds --max-params 20," in shown and "exceeds max-training-memory in" in shown
    assert run(["check", "net.yaml", "--dtype", "int8"]) == 2
    shown = capsys.readouterr().err
    assert f"int8 is for inference: no max-training-memory in {file}" in shown


@pytest.mark.parametrize("word", ["input_size", "image_size", "img_size", "INPUT_SHAPE"])
def test_other_words_for_the_input(word: str) -> None:
    meant = load("net.yaml", f"{word}: 8x8x3\nlayers: [relu]\n".encode())
    assert [(f.code, f.help) for f in meant.findings] == [("CC010", ("did you mean `input`?",))]
    twice = load("net.yaml", f"{word}: 8\ninput: 8x8x3\nlayers: [relu]\n".encode())
    told = ("`input:` is there already: leave one out",)
    assert [(f.code, f.help) for f in twice.findings] == [("CC010", told)]
    assert not offers(twice)
