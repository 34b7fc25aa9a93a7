"""A spec that is broken was read and checked: its findings on stderr, exit code 1."""

from pathlib import Path

import pytest

ELSEWHERE = """input: 32x32x3
layers:
  - {conv3-4: , name: sound}
  - {conv: {filters: 8, kernel: 40}, name: wide}
  - fc-10
"""
FIT = ("fit", "--memory", "1GiB")
CONVERT = ("convert", "--fc-to-conv")


@pytest.mark.parametrize("command", [FIT, CONVERT, ("demo",), ("sizes",), ("explain",)])
def test_where_nothing_could_be_read_every_command_says_where(convcalc_, command) -> None:
    Path("bad.yaml").write_text("a: [1\n", encoding="utf-8")
    layer = ("fc1",) if command == ("explain",) else ()
    result = convcalc_(*command, "bad.yaml", *layer)
    assert (result.exit_code, result.stdout) == (1, "")
    shown = result.stderr.splitlines()
    assert shown[0] == "error[CC001]: not YAML: a bracket is not closed"
    assert shown[1] == " --> bad.yaml:1:4"
    assert "^ opened here" in shown[4]


@pytest.mark.parametrize("command", [FIT, CONVERT, ("demo",)])
def test_a_layer_that_does_not_fit_stops_what_needs_the_whole_net(convcalc_, command) -> None:
    Path("net.yaml").write_text(ELSEWHERE, encoding="utf-8")
    result = convcalc_(*command, "net.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[CC102]: window 40 does not fit: input 32 + 2*0")
    assert "--> net.yaml:4:33" in result.stderr


def test_what_can_be_told_of_a_broken_net_is_told(convcalc_) -> None:
    Path("net.yaml").write_text(ELSEWHERE, encoding="utf-8")
    explained = convcalc_("explain", "net.yaml", "sound")
    assert explained.exit_code == 1 and "sound" in explained.stdout
    sizes = convcalc_("sizes", "net.yaml")
    assert sizes.exit_code == 1 and "smallest    40x40x3" in sizes.stdout
    for result in (explained, sizes):
        assert result.stderr.startswith("error[CC102]: window 40 does not fit: input 32 + 2*0")


def test_sizes_of_a_net_with_a_layer_that_could_not_be_read(convcalc_) -> None:
    text = "input: 8x8x3\nlayers: [conv3-4, {conv: {fitlers: 8, kernel: 3}}]\n"
    Path("net.yaml").write_text(text, encoding="utf-8")
    result = convcalc_("sizes", "net.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "conv has no option 'fitlers'" in result.stderr


def test_the_findings_have_the_colours_that_stderr_may_have(convcalc_) -> None:
    Path("bad.yaml").write_text("a: [1\n", encoding="utf-8")
    assert "\x1b[1;31m" in convcalc_(*FIT, "bad.yaml", "--color", "always").stderr
    assert "\x1b" not in convcalc_(*FIT, "bad.yaml").stderr


def test_a_csv_has_its_findings_on_stderr(convcalc_) -> None:
    result = convcalc_("analyze", "broken.yaml", "--format", "csv")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].startswith("fc1,fc,")
    (line,) = result.stderr.splitlines()
    assert line.startswith("broken.yaml:2:39: error[CC101] output size is not an integer: (8 - 3")
    assert convcalc_("analyze", "small.yaml", "--format", "csv").stderr == ""
    assert convcalc_("analyze", "broken.yaml", "--format", "csv", "-q").stderr == ""
