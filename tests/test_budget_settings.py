"""A budget that states settings is checked with them; that others were given is said."""

from pathlib import Path

import pytest

from convcalc.cli import run

SPEC = """\
input: 64x64x3
layers: [conv3-64, relu, pool2, conv3-64, relu, pool2, fc-10]
budget: {training_memory: 100MiB, batch: 32%s}
"""
SAID = "`budget` is checked with its own settings: "


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    monkeypatch.chdir(tmp_path)

    def told(spec: str, *options: str) -> str:
        Path("b.yaml").write_text(spec)
        run(["check", "b.yaml", *options])
        return capsys.readouterr().err

    return told


@pytest.mark.parametrize(
    ("more", "options", "words"),
    [
        ("", "--batch 4000", "batch 32, not 4,000"),
        (", optimizer: sgd", "--optimizer adam", "optimizer sgd, not adam"),
        (", precision: amp-bf16", "--dtype float16", "dtype float32, not float16"),
        ("", "--batch 64 --optimizer adam", "batch 32, not 64"),  # adam is taken
        (", ema: false", "--ema", "no ema"),
    ],
)
def test_what_was_given_and_not_taken_is_said(said, more: str, options: str, words: str) -> None:
    assert said(SPEC % more, *options.split()) == f"Note: b.yaml: {SAID}{words}\n"


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (SPEC % "", ""),
        (SPEC % "", "--batch 32"),
        (SPEC % "", "--optimizer adam"),
        (SPEC.replace("training_memory: 100MiB, ", "params: 5M, ") % "", "--batch 64"),
        (SPEC.replace(", batch: 32%s", ""), "--batch 64"),
    ],
)
def test_nothing_is_said_where_all_is_taken(said, spec: str, options: str) -> None:
    assert SAID not in said(spec, *options.split())


def test_several_files_are_one_line(said) -> None:
    Path("a.yaml").write_text(SPEC % "")
    assert said(SPEC % "", "a.yaml", "--batch", "64,128").count(SAID) == 1
