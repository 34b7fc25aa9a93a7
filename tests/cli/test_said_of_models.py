"""What an import says of a model file is said by every command that reads the file."""

from pathlib import Path

import pytest

from convcalc.spec.document import Overrides
from convcalc.study.load import load
from tests.cli.conftest import Run

DARKNET = """\
[net]
height=65
width=65
channels=3
[convolutional]
filters=16
size=3
pad=1
activation=relu
[cost]
type=sse
"""
SAID = "yolo, region, detection and cost sections are outputs, no layers"


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "net.cfg"
    path.write_text(DARKNET)
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        "analyze",
        "check",
        "fit --memory 1GiB",
        "export --to pytorch",
        "explain convolutional_0",
        "sizes",
        "report -o net.html",
    ],
)
def test_every_command_says_it(convcalc_: Run, model: str, command: str) -> None:
    word, *options = command.split()
    options = [*options, model] if word != "explain" else [model, *options]
    result = convcalc_(word, *options)
    assert result.exit_code == 0, result.stderr
    (line,) = [line for line in result.stderr.splitlines() if SAID in line]
    assert line.startswith(f"{model}: ")


def test_quiet_commands_do_not(convcalc_: Run, model: str) -> None:
    assert convcalc_("check", "--quiet", model).stderr == ""


def test_several_notes_are_one_line(model: str) -> None:
    loaded = load(model, Overrides())
    assert loaded.remark == f"{model}: {loaded.network.notes}"
    text = DARKNET + "[softmax]\ntemperature=2\n"
    Path(model).write_text(text)
    assert load(model, Overrides()).remark.count("; ") == 1
