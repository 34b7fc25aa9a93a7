"""CSV and Markdown: exact rows that add up, and text that stays text."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.report.analysis import csv as csv_format
from convcalc.report.analysis import markdown as markdown_format
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.markdown import escaped
from convcalc.spec.load import load

HERE = Path(__file__).parent / "golden"


def csv_table(analyses: list[Analysis]) -> str:
    return csv_format.render(AnalysisView.of(analyses))


def markdown_table(analyses: list[Analysis]) -> str:
    return markdown_format.render(AnalysisView.of(analyses))


def _analysis(name: str) -> Analysis:
    return analyze(load(f"architectures/{name}.yaml", zoo.read(name)))


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "unet"])
def test_the_tables(golden: Callable[[Path, str], None], name: str) -> None:
    analysis = _analysis(name)
    golden(HERE / f"{name}.csv", csv_table([analysis]))
    golden(HERE / f"{name}.md", markdown_table([analysis]))
    rows = list(csv.DictReader(io.StringIO(csv_table([analysis]))))
    totals = analysis.totals
    for key in ("weights", "biases", "norm", "params", "buffers", "macs"):
        assert sum(int(row[key]) for row in rows) == getattr(totals, key)
    cells = [line.split("|") for line in markdown_table([analysis]).splitlines()[4:]]
    params = [int(row[5].strip().replace(",", "")) for row in cells[:-1]]
    assert f"**{sum(params):,}**" in cells[-1][5]


def test_several_nets_share_one_header() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_table([_analysis("lenet5"), _analysis("alexnet")]))))
    assert {row["net"] for row in rows} == {"LeNet-5", "AlexNet"}
    assert markdown_table([_analysis("lenet5"), _analysis("alexnet")]).count("### ") == 2


def test_unknown_is_empty_or_a_question_mark() -> None:
    analysis = analyze(load("net.yaml", b"input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}]\n"))
    last = list(csv.DictReader(io.StringIO(csv_table([analysis]))))[-1]
    assert [last[key] for key in ("output", "activations", "params", "macs")] == [""] * 4
    assert last["in_place"] == ""
    lines = markdown_table([analysis]).splitlines()
    assert "| **total** | 1 layers | | ? | ? | ? |" in lines


def test_markdown_has_its_findings_below() -> None:
    analysis = analyze(load("net.yaml", b"input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}]\n"))
    *_, empty, heads, rule, row = markdown_table([analysis]).splitlines()
    assert (empty, heads, rule) == ("", "| | where | layer | finding |", "|---|---|---|---|")
    assert row.startswith(
        "| **error** CC101 | net.yaml:2 | max\\_pool1 | output size is not an integer"
    )
    assert "finding" not in markdown_table([_analysis("unet")]), "notes are for check"


HOSTILE = b"""
name: "=HYPERLINK(1) | <img src=x> @team [x](http://y) `c`"
inputs: {a: 8x8x3, b: 8x8x3}
layers:
  - {add: , from: [a, b], name: -1}
"""


def test_text_of_a_spec_runs_nowhere() -> None:
    analysis = analyze(load("net.yaml", HOSTILE))
    rows = list(csv.reader(io.StringIO(csv_table([analysis, analysis]))))
    assert {row[0][:2] for row in rows[1:]} == {"'="}
    assert rows[-1][1] == "'-1"
    title = markdown_table([analysis]).splitlines()[0].removeprefix("### ")
    assert title.count("<!-- -->") == title.count("@<!-- -->team") == 1  # parts the mention
    title = title.replace("<!-- -->", "")
    harmful = [at for at, character in enumerate(title) if character in "|<>@[]()`"]
    assert len(harmful) == 12
    assert all(title[at - 1] == "\\" for at in harmful)
    assert escaped("a|b") == r"a\|b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://evil.example/pwn", r"https\://evil.example/pwn"),
        ("x FTP://evil.example", r"x FTP\://evil.example"),
        ("see www.evil.example", r"see www\.evil.example"),
        ("WWW.evil.example", r"WWW\.evil.example"),
        ("&commat;octocat &rlm;&#64;", r"\&commat;octocat \&rlm;\&\#64;"),
        ("me@evil.example", r"me\@<!-- -->evil.example"),
        ("nets/a.yaml@HEAD", r"nets/a.yaml\@HEAD"),
        ("C:/net.yaml 1.5: see", "C:/net.yaml 1.5: see"),
        ("a $x$ b", "a <span>$</span>x<span>$</span> b"),
        (":smile: a:+1:", r":<!-- -->smile: a:<!-- -->\+1:"),
        (":woman_shrugging:", r":<!-- -->woman\_shrugging:"),
    ],
)
def test_bare_addresses_and_entities_are_text(text: str, shown: str) -> None:
    assert escaped(text) == shown
