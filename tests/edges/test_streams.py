"""Readers who are gone, streams that are closed, and widths that are none."""

import io
import os
import sys
from pathlib import Path

import pytest

import convcalc.cli.analyze
from convcalc.cli import run

SPEC = "input: 8x8x3\nlayers: [conv3-4, fc-2]\n"
BROKEN = "input: 8x8x3\nlayers: [conv9-4p0]\n"

#: Every command that prints, and its exit code where somebody reads.
PRINTING = [
    ("analyze vgg16", 0), ("analyze vgg16 --format json", 0), ("analyze vgg16 --format csv", 0),
    ("analyze resnet152 --expand", 0), ("analyze broken.yaml", 1), ("check vgg16", 0),
    ("check broken.yaml", 1), ("check broken.yaml --format sarif", 1),
    ("check --fix broken.yaml", 1), ("check missing.yaml", 2), ("list", 0), ("list --kinds", 0),
    ("list --plain", 0), ("show vgg16", 0), ("schema", 0), ("sizes spec.yaml", 0),
    ("explain vgg16 conv1_1", 0), ("explain CC103", 0), ("explain", 0), ("--help", 0),
    ("check --help", 0), ("--version", 0), ("diff vgg16 vgg19", 0), ("demo", 0),
    ("convert spec.yaml --fc-to-conv", 0), ("fit spec.yaml --memory 1GiB", 0),
    ("fit --devices", 0), ("verify spec.yaml", 0),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC, encoding="utf-8")
    Path("broken.yaml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def deserted(buffered: bool) -> io.TextIOWrapper:
    """A stream into a pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    raw = os.fdopen(writer, "wb", 8192 if buffered else 0)
    return io.TextIOWrapper(raw, encoding="utf-8", write_through=not buffered)


@pytest.mark.parametrize("buffered", [True, False], ids=["at the end", "at once"])
@pytest.mark.parametrize(("command", "code"), PRINTING)
def test_a_reader_who_is_gone_changes_no_exit_code(
    folder: Path, command: str, code: int, buffered: bool, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(sys, "stdout", deserted(buffered))
    assert run(command.split()) == code
    sys.stdout.close()
    told = capsys.readouterr().err
    assert "Traceback" not in told
    told = "".join(line for line in told.splitlines() if not line.startswith("`--write` makes"))
    assert (code == 2) == bool(told)


@pytest.mark.parametrize(("command", "code"), [PRINTING[0], PRINTING[4], PRINTING[9]])
def test_a_reader_of_errors_who_is_gone_changes_no_exit_code(
    folder: Path, command: str, code: int, monkeypatch
) -> None:
    stream = deserted(False)
    monkeypatch.setattr(sys, "stderr", stream)
    assert run(command.split()) == code
    sys.stderr.close()
    stream.close()


@pytest.mark.parametrize("columns", ["\u00b2", "9" * 5000, "-1", "0", "1", "8", "", "a", "99999"])
def test_a_width_that_is_none_is_no_width(folder: Path, columns: str, monkeypatch, capsys) -> None:
    for command in (
        "analyze vgg16",
        "check broken.yaml",
        "explain CC103",
        "--help",
        "list",
        "demo",
    ):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("LINES", columns)
        assert run(command.split()) in {0, 1}
        assert "bug in convcalc" not in capsys.readouterr().err


def test_a_demo_without_standard_input(folder: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["demo"]) == 0
    assert capsys.readouterr().out


def test_a_bug_exits_3_with_and_without_its_traceback(folder: Path, monkeypatch, capsys) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("\n::error::oh\x1b[2J")

    monkeypatch.setattr(convcalc.cli.analyze.command, "callback", broken)
    assert run(["analyze", "vgg16"]) == 3
    assert "Traceback" not in capsys.readouterr().err
    assert run(["--debug", "analyze", "vgg16"]) == 3
    told = capsys.readouterr().err
    assert "Traceback" in told and "ZeroDivisionError" in told and "\x1b" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())


def test_ctrl_c_that_a_library_makes_an_error_of_is_ctrl_c(monkeypatch, capsys) -> None:
    """As a package does that is interrupted while it loads."""

    def broken(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("a module failed to load") from error

    monkeypatch.setattr(convcalc.cli.analyze.command, "callback", broken)
    assert run(["analyze", "vgg16"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_language_server_without_standard_input(monkeypatch, capsys) -> None:
    pytest.importorskip("pygls")
    monkeypatch.setattr("sys.stdin", None)  # what Python makes of a closed one
    assert run(["lsp"]) == 2
    said = "Error: an editor's messages come on standard input, which is closed\n"
    assert capsys.readouterr() == ("", said)
