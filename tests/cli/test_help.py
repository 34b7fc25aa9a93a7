"""Help in narrow terminals: lines fit, no option is broken, examples can still be copied."""

import re

import click
import pytest

from convcalc.cli import COMMANDS, cli, run
from convcalc.cli.help import folded


def _help(name: str, width: int) -> str:
    above = click.Context(cli, info_name="convcalc", **cli.context_settings)
    command = cli.get_command(above, name)
    assert command is not None
    context = command.context_class(command, above, name)
    context.terminal_width = width - 2
    return command.get_help(context)


def _examples(text: str) -> list[list[str]]:
    whole = re.sub(r" \\\n +", " ", text)
    return [line.split() for line in whole.splitlines() if line.startswith("    convcalc ")]


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("name", COMMANDS)
def test_lines_fit_and_what_is_to_be_typed_is_whole(name: str, width: int) -> None:
    wide, text = _help(name, 400), _help(name, width)
    assert text.split() != [] and _examples(text) == _examples(wide)
    assert [word for word in text.split() if word != "\\"] == [w for w in wide.split() if w != "\\"]
    assert [line for line in text.splitlines() if len(line) > width] == []


@pytest.mark.parametrize("width", [60, 80])
def test_help_has_the_width_that_columns_asks_for(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for words in [], *([name] for name in COMMANDS):
        assert run([*words, "--help"]) == 0
        widest = max(map(len, capsys.readouterr().out.splitlines()))
        assert width - 25 < widest <= width, words


@pytest.mark.parametrize("columns", ["0", "1", "-7", "wide", "9" * 30])
def test_help_can_be_read_whatever_columns_says(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert run(["fit", "--help"]) == 0
    assert 36 <= max(map(len, capsys.readouterr().out.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_is_broken_however_narrow_the_terminal_is(name: str) -> None:
    wide, text = _help(name, 400).split(), _help(name, 40).split()
    assert [word for word in text if word != "\\"] == [word for word in wide if word != "\\"]


def test_an_example_goes_on_below_with_a_backslash_and_its_options_keep_their_values() -> None:
    line = '  convcalc check --net "conv3-8 pool2" --input 8x8x3 net.yaml'
    assert folded(line, 45) == [
        '  convcalc check --net "conv3-8 pool2" \\',
        "      --input 8x8x3 net.yaml",
    ]
    assert folded(line, 30)[1] == '      --net "conv3-8 pool2" \\'
    assert folded(line, 80) == [line]
