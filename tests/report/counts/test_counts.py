"""The reconciliation table at several widths, its columns, its JSON, csv and Markdown."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.counting.known import every, find
from convcalc.report.analysis.extras import Extras
from convcalc.report.analysis.text import text
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.counts import markdown
from convcalc.report.counts.json import count_object
from convcalc.report.counts.text import render
from convcalc.report.counts.view import counted
from convcalc.report.drawing.palette import Palette
from convcalc.spec.load import load

HERE = Path(__file__).parent / "golden"
UNKNOWN = b"""\
input: 16x16x8
layers:
  - conv: {filters: 8, kernel: 3, pad: same}
  - group_norm: {groups: 4}
  - silu
  - conv: {filters: 8, kernel: 3, pad: 1, groups: 4}
  - {conv_transpose: {filters: 8, kernel: 2, stride: 2, groups: 8}, name: up}
  - conv: {filters: 8, kernel: 3, pad: 1}
    name: first
  - conv: {filters: 8, kernel: 3, pad: 1}
    weights: first
"""


def _analysis(name: str) -> Analysis:
    if name == "unknown":
        return analyze(load("unknown.yaml", UNKNOWN))
    return analyze(load(f"architectures/{name}.yaml", zoo.read(name)))


@pytest.mark.parametrize("width", [60, 80, 120, None], ids=["60", "80", "120", "piped"])
@pytest.mark.parametrize("name", ["resnet50", "vgg16", "mobilenet_v3_small", "unknown"])
def test_all_conventions(golden: Callable[[Path, str], None], name: str, width: int | None) -> None:
    shown = render(
        AnalysisView.of([_analysis(name)], Extras(conventions=every())), Palette(width=width)
    )
    if width is not None:
        assert max(map(len, shown.splitlines())) <= width
    golden(HERE / f"{name}.{width or 'piped'}.txt", shown)


@pytest.mark.parametrize("names", ["fvcore", "fvcore,thop,netscope", "keras,torchinfo"])
def test_columns(golden: Callable[[Path, str], None], names: str) -> None:
    conventions = tuple(map(find, names.split(",")))
    shown = text(
        _analysis("mobilenet_v2"), Palette(width=80), extras=Extras(conventions=conventions)
    )
    table = shown.split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= 80
    assert all(name in table[0] for name in names.split(",") if name != "keras")
    golden(HERE / f"columns-{names.replace(',', '-')}.txt", shown)


def _run(*words: str) -> str:
    result = CliRunner().invoke(cli, ["analyze", *words], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.stdout


def test_json_of_all() -> None:
    report = json.loads(_run("resnet50", "--as", "all", "--format", "json"))
    counts: dict[str, Any] = {count["as"]: count for count in report["counts"]}
    assert list(counts) == [convention.label for convention in every()]
    fvcore = counts["fvcore"]
    assert fvcore["name"] == "fvcore"
    assert fvcore["version"] == "0.1.5.post20221221"
    assert (fvcore["unit"], fvcore["printed"]) == ("mac", "4.11 G")
    assert fvcore["operations"] == 4111512576
    assert fvcore["by_kind"] == {
        "conv": 4087136256, "batch_norm": 22227968, "global_avg_pool": 100352, "fc": 2048000
    }  # fmt: skip
    assert (fvcore["params"], fvcore["activations"], fvcore["memory"]) == (25557032, 11114984, None)
    for count in counts.values():
        assert count["style"] == "modules"
        layers = [layer["counts"][count["as"]] for layer in report["layers"]]
        if count["operations"] is None:
            assert count["as"] == "keras"
            assert set(layers) == {None}
            continue
        factor, difference = count["factor"], count["difference"]
        assert count["operations"] == factor * report["totals"]["macs"] + difference
        assert sum(count["difference_by"].values()) == difference
        assert sum(layers) == count["operations"] == sum(count["by_kind"].values())
    assert counts["ptflops@0.6"]["measured"] is False


def test_json_names_what_is_unknown() -> None:
    found = json.loads(_run("convnext_tiny", "--as", "onnx-tool,netscope", "--format", "json"))
    onnx, scope = found["counts"]
    assert onnx["operations"] is onnx["difference"] is onnx["printed"] is None
    assert "layer_norm" in onnx["unknown"]
    assert onnx["by_kind"]["layer_norm"] is None
    assert {"layer_norm", "gelu"} <= set(scope["unknown"])


def test_json_without_as_has_no_counts() -> None:
    report = json.loads(_run("lenet5", "--format", "json"))
    assert "counts" not in report
    assert "counts" not in report["layers"][0]


def test_csv_and_markdown_have_a_column_each() -> None:
    names = "fvcore,ptflops@0.6,keras"
    rows = [*csv.DictReader(io.StringIO(_run("resnet18", "--as", names, "--format", "csv")))]
    total = json.loads(_run("resnet18", "--as", names, "--format", "json"))["counts"]
    for count in total[:2]:
        assert sum(int(row[count["as"]]) for row in rows) == count["operations"]
    assert {row["keras"] for row in rows} == {""}
    text = _run("resnet18", "--as", "fvcore,thop", "--format", "markdown")
    assert "| MACs | fvcore | thop |" in text
    assert f"**{total[0]['operations']:,}**" in text
    assert "| fvcore, timm |" in _run("resnet18", "--as", "all", "--format", "markdown")


def test_a_net_with_errors_is_not_counted() -> None:
    broken = analyze(load("b.yaml", b"input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}, fc-10]\n"))
    view = AnalysisView.of([broken], Extras(conventions=every()))
    shown = render(view, Palette(width=80))
    assert "nothing is counted of an unfinished net" in shown
    assert "CC101" in shown
    assert "nothing is counted" in markdown.render(
        AnalysisView.of([broken], Extras(conventions=every()))
    )
    for count in counted(broken, every()):
        found = count_object(count)
        assert found["operations"] is found["params"] is found["memory"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("fvcoer", "no convention 'fvcoer': did you mean fvcore?"),
        ("tf", "no convention 'tf': did you mean tensorflow-profiler or keras?"),
        ("PyTorch", "no convention 'PyTorch': did you mean torch-flop-counter or torchinfo?"),
        ("fvcore@0.2", "fvcore 0.2 was not measured: there is fvcore@0.1.5"),
        ("ptflops@9", "ptflops 9 was not measured: there is ptflops@0.7.5, ptflops@0.6"),
        ("fvcore,,thop", "a convention without a name: name one, or all"),
        ("", "a convention without a name: name one, or all"),
        ("./missing.yaml", "cannot read ./missing.yaml: No such file or directory"),
    ],
)
def test_unknown_conventions(words: str, message: str) -> None:
    result = CliRunner().invoke(cli, ["analyze", "lenet5", "--as", words], standalone_mode=False)
    assert isinstance(result.exception, click.ClickException)
    assert result.exception.message == f"--as: {message}"
