"""The text of `analyze` on terminals of several widths and in a pipe, as golden files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.report.analysis import table
from convcalc.report.analysis.extras import Extras
from convcalc.report.analysis.fold import folded, unfolded
from convcalc.report.analysis.text import render, text
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.palette import Palette
from convcalc.spec.load import load

HERE = Path(__file__).parent / "golden"
BROKEN = b"""\
name: Broken in two places
input: {height: 32, width: 32, channels: 3}
layers:
  - conv3-16
  - max_pool: {kernel: 3}
    name: pool
  - relu
  - {conv: {fitlers: 8, kernel: 3}, from: conv1, name: side}
  - {conv1-4: , from: conv1, name: fine}
  - {concat: , from: [relu1, fine]}
"""
MANY = b"""\
name: Two inputs
source: "nowhere; made for this test"
inputs: {image: 32x32x3, depth: 16x16x1}
layers:
  - {conv3-8s2: , from: image}
  - {conv3-8: , from: depth}
  - {concat: , from: [conv1, conv2]}
  - batch_norm
  - relu
  - {global_avg_pool: , name: features}
  - fc-10
outputs: [features]
rounding: floor
"""


def _analysis(name: str) -> Analysis:
    if name == "broken":
        return analyze(load("broken.yaml", BROKEN))
    if name == "inputs":
        return analyze(load("inputs.yaml", MANY), Settings(batch=8))
    return analyze(load(f"architectures/{name}.yaml", zoo.read(name)))


@pytest.mark.parametrize("width", [80, 120, None], ids=["80", "120", "piped"])
@pytest.mark.parametrize("name", ["lenet5", "alexnet", "resnet50", "unet", "broken", "inputs"])
def test_the_report(golden: Callable[[Path, str], None], name: str, width: int | None) -> None:
    analysis = _analysis(name)
    shown = text(analysis, Palette(width=width))
    table = shown.split("\n\n")[1]
    if width is not None:
        assert max(map(len, table.splitlines())) <= width
    golden(HERE / f"{name}.{width or 'piped'}.txt", shown)


@pytest.mark.parametrize("name", ["resnet50", "resnet152", "googlenet", "densenet121", "vgg16"])
def test_folding_loses_nothing(name: str) -> None:
    analysis = _analysis(name)
    for lines in (folded(analysis), unfolded(analysis)):
        assert sum(line.counted for line in lines) == analysis.totals.activations
        assert sum(line.params or 0 for line in lines) == analysis.totals.params
        assert sum(line.macs or 0 for line in lines) == analysis.totals.macs
    assert len(folded(analysis)) <= 40 or name == "densenet121", "a screen, where blocks are alike"


def test_a_layer_at_fault_differs_from_those_that_follow() -> None:
    lines = text(_analysis("broken"), Palette()).split("\n\n")[1].splitlines()
    told = {line.split()[0]: "error" in line.split() for line in lines[1:]}
    assert [name for name, wrong in told.items() if wrong] == ["pool", "side"]
    painted = text(_analysis("broken"), Palette(colour=True)).split("\n\n")[1].splitlines()
    red = [line[7:].split()[0] for line in painted if line.startswith("\x1b[1;31m")]
    dim = [line[4:].split()[0] for line in painted if line.startswith("\x1b[2m")]
    assert (red, dim) == (["pool", "side"], ["relu1", "concat1"])


def test_a_block_that_fails_in_every_call_is_at_fault_in_each() -> None:
    spec = b"""blocks: {wide: {layers: [{conv: {filters: 4, kernel: 40}}, relu, relu]}}
input: 8x8x3
layers: [{wide: , name: a}, {wide: , name: b, from: input}, {wide: , name: c}]
"""
    lines = {line.name: line for line in folded(analyze(load("net.yaml", spec)))}
    assert {name: line.at_fault for name, line in lines.items()} == {
        "input": False, "a": True, "b": True, "c": False,
    }  # fmt: skip


def test_without_unicode_there_is_none() -> None:
    shown = text(_analysis("alexnet"), Palette(unicode=False))
    assert shown.isascii()
    assert "###" in shown


def test_colour_changes_nothing_but_colour() -> None:
    import re

    coloured = text(_analysis("broken"), Palette(colour=True, width=100))
    assert "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == text(_analysis("broken"), Palette(width=100))


def test_a_broken_net_has_its_rows_its_faults_and_no_totals() -> None:
    analysis = _analysis("broken")
    shown = text(analysis, Palette())
    outputs = {row.step.name: row.step.output for row in analysis.rows}
    assert outputs["fine"] == (32, 32, 4)
    assert [name for name, shape in outputs.items() if shape is None] == [
        "pool", "relu1", "side", "concat1",
    ]  # fmt: skip
    assert sorted(finding.code for finding in analysis.findings) == ["CC012", "CC101"]
    assert "2 of 6 layers could be sized; no totals of an unfinished net" in shown


def test_several_nets_are_compared_at_the_end() -> None:
    analyses = [_analysis("lenet5"), _analysis("broken")]
    last = render(AnalysisView.of(analyses)).rstrip("\n").splitlines()[-3:]
    heads = ["net", "output", "layers", "activations", "params", "MACs", "training"]
    assert last[0].split() == heads
    assert last[2].split()[-6:] == ["?", "6", "?", "?", "?", "?"]


HOSTILE = r"""
name: "::error file=x::[red]n[/red] :100: \e[2J"
source: "\u202e ::warning::x"
input: 8x8x3
layers:
  - {relu: , name: "a\e[2J"}
  - "[bold]relu[/bold]"
  - "\e]0;title\a"
"""


def test_text_of_a_spec_is_neither_markup_nor_control() -> None:
    analysis = analyze(load("net.yaml", HOSTILE.encode()))
    for palette in (Palette(), Palette(width=80), Palette(colour=True)):
        shown = text(analysis, palette)
        if not palette.colour:
            assert "\x1b" not in shown
        assert not {"\u202e", "\a"} & set(shown)
        assert "\x1b[2J" not in shown
        assert "\x1b]" not in shown
        assert ":100:" in shown
        assert "[red]n[/red]" in shown
        assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_a_long_net_is_told_by_the_rule_of_thumb_and_its_table_stays_plain() -> None:
    spec = b"input: 8x8x4\nlayers: [{conv: {filters: 4, kernel: 1}, times: 2001}]\n"
    told = text(analyze(load("net", spec)), Palette())
    assert "CS231n's rule of thumb; so long a net" in told
    assert "at its peak" not in told
    short = spec.replace(b"2001", b"1999")
    assert "at its peak" in text(analyze(load("net", short)), Palette())


@pytest.mark.parametrize("kept", [0, 1000])
def test_equal_layers_have_each_its_own_name_and_field(
    monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(table, "_ALIKE", kept)
    net = b"input: 9x9x3\nlayers:\n" + b"- conv3-3\n- conv: {filters: 3, kernel: [1, 5]}\n" * 2
    asked = Extras(columns=("layer", "params", "field"))
    lines = text(analyze(load("net.yaml", net)), Palette(), expand=True, extras=asked).splitlines()
    assert [line.split() for line in lines[3:8]] == [
        ["input", "0", "1"],
        ["conv1", "84", "3"],
        ["conv2", "48", "3x7"],
        ["conv3", "84", "5x9"],
        ["conv4", "48", "5x13"],
    ]
