"""Help in narrow terminals: lines fit, no option is broken, examples can still be copied."""

import re

import click
import pytest

from convcalc.cli import COMMANDS, ENVIRONMENT, cli, run
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


def test_help_is_a_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    for words in [], ["check"], ["import"]:
        assert run([*words, "--help"]) == 0
        asked = capsys.readouterr().out
        assert run(["help", *words]) == 0
        assert capsys.readouterr().out == asked
    assert run(["help", "chekc"]) == 2
    assert "no command 'chekc': did you mean `check`?" in capsys.readouterr().err


def test_the_environment_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is named there gives what is said of it."""
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    for name in ENVIRONMENT:
        assert f"\n  {name}  " in text
    monkeypatch.setenv("CONVCALC_FORMAT", "json")
    monkeypatch.setenv("CONVCALC_CHECK_MAX_PARAMS", "1")
    monkeypatch.setenv("CONVCALC_DEBUG", "1")
    assert run(["check", "lenet5"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("{") and "CC131" in captured.out and not captured.err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "vgg",
            "there is vgg11, vgg11-lrn, vgg13, vgg16, vgg16-c, vgg16_bn, vgg19; `convcalc show",
        ),
        (
            "ResNet50",
            "there is resnet50, resnet50-preact, resnet50-v1, se-resnet50; `convcalc show",
        ),
        (
            "resnet",
            "there is resnet, resnet101, resnet152, resnet18, resnet20-a, resnet20-b, "
            "resnet34, resnet50, ...; `convcalc show resnet` prints one",
        ),
        ("resent50", "there is resnet50; `convcalc show resnet50` prints one"),
        ("zzz", "takes no 'zzz': none is like it"),
    ],
)
def test_a_word_for_list_is_answered_with_nets_like_it(
    word: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert run(["list", word]) == 2
    assert said in capsys.readouterr().err
    assert run(["list", "--kinds", word]) == 2
    assert "`convcalc explain KIND` has one" in capsys.readouterr().err
