"""At 60 and 80 columns: no line is longer than the terminal, and no word is broken."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.report.drawing import columns
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette
from convcalc.report.watch.screen import VIEWS, foot
from convcalc.study.outcome import Case
from convcalc.study.watched import begin

BAD = """\
input: 32x32x3
layers:
  - conv: {filters: 8, kernel: 4, stride: 3}
  - conv5-8s2p0
  - florp
"""
#: what is written under each other at 60 columns, too
COMMANDS = [
    "analyze vgg16", "analyze resnet50", "analyze vgg16 resnet50",
    "check bad.yaml", "check bad.yaml --fix", "check vgg16 --notes", "check unet",
    "diff vgg16 vgg19", "diff resnet50 resnext50", "diff resnet50 resnext50 --as fvcore",
    "explain vgg16 conv1_1", "explain receptive-field", "explain conv", "explain CC101",
    "explain conv-to-fc", "explain resnet50 4.12G", "list", "sizes alexnet", "sizes unet",
    "fit resnet50 --device rtx-3060", "fit lenet5 --memory 4GiB --advise", "fit --devices",
    "identify 4.12G 25.6M", "verify lenet5", "verify lenet5 --gradients",
    "sweep lenet5 --batch 1,2", "sweep resnet18 --batch 1..4 --optimizer adam,sgd --top 3",
    "sweep lenet5 --batch 1,2 --pareto params,-macs", "explain notes-pattern",
    "sweep alexnet --input 219x219x3,223x223x3,226x226x3,211x211x3,10x10x3",
    "analyze resnet50 --arena", "analyze unet --arena", "analyze unet --im2col",
    "analyze resnet50 --im2col", "analyze resnet50 --timeline", "explain",
    "verify lenet5 --receptive-field", "verify lenet5 --equivalence --input 36x36x1",
]  # fmt: skip
WORD = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(BAD, encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_lines_fit_and_columns_that_are_left_out_are_named(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left: list[str] = []
    narrow = columns._narrow

    def noted(every: Sequence[columns.Column], shown: list[int], *rest: Any) -> None:
        before = shown[:]
        narrow(every, shown, *rest)
        left.extend(every[i].title for i in before if i not in shown)

    monkeypatch.setattr(columns, "_narrow", noted)
    known: set[str] = set()
    for width in (400, 80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        left.clear()
        code = run(command.split())
        text = capsys.readouterr().out
        assert code in {0, 1} and text
        # what a run says of its speed is another time's own
        known = known or {*WORD.findall(text), "shown", "columns", "output", "cost", "under"}
        for line in text.splitlines():
            assert len(line) <= width, line
            words = WORD.findall(re.sub(r"\S*\.\.\S*", "", line))  # a name that is cut says so
            assert width == 400 or set(words) <= known, line
        if width < 400:
            said = " ".join(
                re.findall(f"not shown in {width} columns: (.*)", " ".join(text.split()))
            )
            assert all(title in said for title in left), left
            assert bool(said) == any(left), said
    monkeypatch.delenv("COLUMNS")
    left.clear()
    run(command.split())
    assert "not shown" not in capsys.readouterr().out and not left, "a pipe has all columns"


def test_a_label_without_room_beside_its_mark_is_below_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "body: [conv3-32, batch_norm, relu, conv3-32, batch_norm]"
    entry = f"  - add:\n      branches:\n        {body}\n        skip: identity\n"
    Path("add.yaml").write_text(f"input: 32x32x16\nlayers:\n{entry}", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["check", "add.yaml"]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index(f"5 |         {body}")
    assert lines[at + 1] == f"  | {body.rindex('batch') * ' '}        ----------"
    assert lines[at + 2] == "  | body ends here: 32x32x32".replace("| ", "| " + " " * 52)
    monkeypatch.setenv("COLUMNS", "60")
    assert run(["check", "add.yaml"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "5 | ...relu, conv3-32, batch_norm]" in lines
    assert all(len(line) <= 60 for line in lines)


def test_a_line_that_is_cut_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = ", ".join(["conv3-32"] * 12)
    Path("long.yaml").write_text(f"input: 8x8x3\nlayers: [florp, {forms}]\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "60")
    assert run(["check", "long.yaml"]) == 1
    shown = capsys.readouterr().out.splitlines()[3]
    assert shown == f"2 | {f'layers: [florp, {forms}]'[:49]}..."


@pytest.mark.parametrize("refusal", ["", "no such file"])
def test_the_keys_of_watch_are_whole_at_60_columns(refusal: str) -> None:
    watched = begin(Case("lenet5"))._replace(refusal=refusal)
    for key in VIEWS:
        line = foot(watched, key, Palette(False, True, 60))
        assert len(line) < 60 and line.endswith("q quit")
        assert all(f"{name}" in line for name, _ in VIEWS.values())


def test_remarks_keep_whole_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    assert run(["analyze", "--net", "[CONV RELU POOL]*2 FC FC", "--input", "32x32x3"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1 and all(len(line) <= 60 for line in lines)
    assert "--set filters=12" in " ".join(line.strip() for line in lines)


def test_what_is_to_be_typed_stays_on_one_line() -> None:
    text = "`pad: [1, 0, 1, 0]` (8x8x64) or `pad: same` (8x8x64)"
    for width in range(24, 60):
        lines = hung("  ", text, width)
        assert " ".join(line.strip() for line in lines) == text
        assert all(line.count("`") % 2 == 0 for line in lines)
