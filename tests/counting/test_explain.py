"""What `explain` says of conventions: the page from the rules, one layer, one line a kind."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from convcalc.cli import cli
from convcalc.counting.known import BUNDLED, every
from convcalc.counting.tally import Counter
from convcalc.explain.counting import COLUMNS, rows_of_kinds, table
from convcalc.layers import KINDS
from convcalc.study.outcome import Case, study

HERE = Path(__file__).parent / "golden"


def _run(*words: str, columns: int = 80) -> str:
    result = CliRunner().invoke(
        cli, [*words], standalone_mode=False, env={"COLUMNS": str(columns), "NO_COLOR": "1"}
    )
    assert result.exception is None, result.exception
    return result.stdout


def test_the_page_has_every_kind_of_every_tool() -> None:
    rows = dict(rows_of_kinds([]))
    assert {name for name, _, _ in KINDS} <= set(rows)
    assert all(len(cells) == len(COLUMNS) for cells in rows.values())
    at = [name for name, _ in COLUMNS].index
    assert rows["batch_norm"][at("fvcore")] == "2i"
    assert rows["batch_norm"][at("thop")] == "4i"
    assert rows["batch_norm"][at("tensorflow-profiler")] == "2i+6c"
    assert rows["batch_norm"][at("onnx-tool")] == "31i"
    assert rows["conv(groups: >1)"][at("tensorflow-profiler")] == "-"
    assert rows["group_norm"][at("onnx-tool")] == "?"
    assert max(map(len, table().splitlines())) <= 100


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page(golden: Callable[[Path, str], None], width: int) -> None:
    golden(HERE / f"page.{width}.txt", _run("explain", "counting", columns=width))


@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0", "unet"])
def test_a_line_a_kind(golden: Callable[[Path, str], None], name: str) -> None:
    shown = _run("explain", "counting", name)
    assert max(map(len, shown.splitlines())) <= 80
    golden(HERE / f"kinds-{name}.txt", shown)


def test_a_layer_by_all_conventions(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "layer.txt", _run("explain", "resnet50", "batch_norm1", "--as", "all"))
    report = json.loads(
        _run("explain", "resnet50", "batch_norm1", "--as", "all", "--format", "json")
    )
    counts = report["sections"][-1]["numbers"]["counts"]
    analysis = study(Case("resnet50")).analysis
    counter = Counter(analysis)
    for convention in every():
        if convention.operations is not None:
            assert counts[convention.label] == counter.count(convention).layers()[2]


@pytest.mark.parametrize("figure", ["4.12G", "25.6M", "98MB", "177.83 MB", "3.8G", "4.3G"])
def test_a_figure(golden: Callable[[Path, str], None], figure: str) -> None:
    shown = _run("explain", "resnet50", *figure.split())
    assert max(map(len, shown.splitlines())) <= 80
    golden(HERE / f"figure-{figure.replace(' ', '')}.txt", shown)
    report = json.loads(_run("explain", "resnet50", *figure.split(), "--format", "json"))
    assert report["figure"] == figure
    assert bool(report["matches"]) == ("printed" in shown)


def test_a_layer_named_like_a_figure_is_a_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(
        "input: 8x8x3\nlayers:\n  - {conv3-4: , name: 4M}\n", encoding="utf-8"
    )
    assert "conv 3x3/1" in _run("explain", "net.yaml", "4M")


def test_identify(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "identify.txt", _run("identify", "4.12G", "25.6M"))
    report = json.loads(_run("identify", "98MB", "--as", "keras", "--format", "json"))
    assert "resnet50" in [net["net"] for net in report["nets"]]


def test_every_convention_leads_to_the_page() -> None:
    page = _run("explain", "counting")
    assert all(head in page for _, head in COLUMNS)
    for name in BUNDLED:
        if name.isalpha() and name not in {"papers", "keras"}:
            assert _run("explain", name) == page, name
    assert re.search(r"ptflops counts relu and pools twice", page.replace("\n", " "))
