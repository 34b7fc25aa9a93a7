"""What a layer that came, went or changed is painted with on a terminal."""

import re
import sys

import pytest

from convcalc.cli import run

NETS = ("--input", "8x8x3", "--net", "[conv3-8 relu conv3-8]", "--net", "[conv5-8 conv3-4 fc-10]")
_PAINTED = re.compile(r"\x1b\[([0-9;]+)m(.*?)\x1b\[0m", re.DOTALL)
RED, GREEN, YELLOW, DIM, ERROR = "31", "32", "33", "2", "1;31"


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    run(["diff", *NETS, *words])
    return capsys.readouterr().out


def painted(text: str, code: str) -> list[str]:
    """The first two words of what has a colour."""
    return [" ".join(inner.split()[:2]) for own, inner in _PAINTED.findall(text) if own == code]


def test_what_went_is_red_what_came_green_and_what_changed_yellow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = shown(capsys, "--color", "always", "--fail-on-increase", "params=1%")
    assert painted(out, RED) == ["- relu1"]
    assert painted(out, GREEN) == ["+ fc1"]
    assert painted(out, YELLOW) == ["~ conv1", "~ conv2"]
    assert painted(out, ERROR) == ["error"]


def test_what_is_downstream_is_dim(capsys: pytest.CaptureFixture[str]) -> None:
    nets = ("--input", "8x8x3", "--net", "[conv3-8 pool2]", "--net", "[conv3-16 pool2]")
    assert run(["diff", *nets, "--color", "always"]) == 0
    out = capsys.readouterr().out
    assert painted(out, YELLOW) == ["~ conv1"] and painted(out, DIM) == ["max_pool1 4x4x8"]


def test_without_colour_the_same_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    plain = shown(capsys, "--color", "never")
    assert "\x1b" not in plain
    assert _PAINTED.sub(r"\2", shown(capsys, "--color", "always")) == plain


def test_a_terminal_is_painted_and_a_pipe_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b" not in shown(capsys)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert painted(shown(capsys), GREEN) == ["+ fc1"]
