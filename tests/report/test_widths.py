"""At 60 and 80 columns: no line is longer than the terminal, and no word is broken."""

import re
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.report.drawing.columns import hung

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
    "verify lenet5 --receptive-field", "verify lenet5 --equivalence --input 36x36x1",
]  # fmt: skip
WORD = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(BAD, encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_lines_fit_and_words_are_whole(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known: set[str] = set()
    for width in (400, 80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        code = run(command.split())
        text = capsys.readouterr().out
        assert code in {0, 1} and text
        known = known or set(WORD.findall(text))
        for line in text.splitlines():
            assert len(line) <= width, line
            words = WORD.findall(re.sub(r"\S*\.\.\S*", "", line))  # a name that is cut says so
            assert width == 400 or set(words) <= known, line


def test_what_is_to_be_typed_stays_on_one_line() -> None:
    text = "`pad: [1, 0, 1, 0]` (8x8x64) or `pad: same` (8x8x64)"
    for width in range(24, 60):
        lines = hung("  ", text, width)
        assert " ".join(line.strip() for line in lines) == text
        assert all(line.count("`") % 2 == 0 for line in lines)
