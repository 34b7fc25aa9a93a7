"""A working folder that was removed: every command says so, and none calls it a bug."""

import os
from pathlib import Path

import pytest

import convcalc
from convcalc import LoadError
from convcalc.cli import run
from convcalc.files import without_folder

GONE = "the working folder is gone: `cd` to one that is there"


@pytest.fixture
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to come back to; the working one is removed."""
    folder = tmp_path / "x"
    folder.mkdir()
    monkeypatch.chdir(folder)
    try:
        folder.rmdir()
    except OSError:
        pytest.skip("this system keeps the working folder")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("check", "."),
        ("check", "lenet5"),
        ("check", "--fix", "."),
        ("check", "--net", "conv3-4", "--input", "8x8x3"),
        ("analyze", "lenet5", "--format", "json", "-o", "out.json"),
        ("diff", "--base", "HEAD", "."),
        ("diff", "--base", "HEAD", "a.yaml"),
        ("export", "lenet5", "--to", "pytorch", "-o", "out.py"),
        ("convert", "lenet5", "--fc-to-conv", "-o", "out.yaml"),
        ("sweep", "lenet5", "--batch", "1,2", "-o", "out.csv"),
        ("report", "lenet5", "-o", "out.html"),
    ],
    ids=" ".join,
)
def test_every_command_names_the_cause(
    gone: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run([*words]) == 2
    assert capsys.readouterr().err == f"Error: {GONE}\n"


def test_what_needs_no_folder_runs(gone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "lenet5"]) == 0
    assert run(["explain", "CC101"]) == 0


def test_python_says_it_too(gone: Path) -> None:
    with pytest.raises(LoadError, match="the working folder is gone"):
        convcalc.check(".")
    with pytest.raises(LoadError, match="the working folder is gone"):
        convcalc.diff(".", base="HEAD")


def test_a_folder_that_is_there_is_not_said_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert without_folder() == ""

    def denied() -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "getcwd", denied)
    assert without_folder() == "cannot look at the working folder: Permission denied"
