"""Columns on terminals of any width: nothing is lost, nothing stands out beyond the edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.explain.lookup import Page, code, terms
from convcalc.findings import CODES, Severity
from convcalc.report.analysis.text import text
from convcalc.report.drawing.columns import Column, hung, lay_out
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.explain.text import page_text
from convcalc.spec.load import load

NOTE = Severity.NOTE
PAGES = [page for page in map(code, CODES) if page is not None]
words = st.lists(st.text("abc(+", min_size=1, max_size=9), min_size=1, max_size=20).map(" ".join)


@given(st.text("ab ", max_size=12), words, st.integers(10, 60))
def test_a_remark_keeps_its_words_and_its_place(head: str, remark: str, width: int) -> None:
    lines = hung(head, remark, width)
    assert " ".join(line[len(head) :] for line in lines) == remark
    assert lines[0].startswith(head)
    assert all(line[: len(head)].isspace() or not head for line in lines[1:])
    if width - len(head) >= 20:  # else there is no room to break anything
        assert all(len(line) <= width for line in lines)


def test_a_painted_head_takes_the_place_of_a_plain_one() -> None:
    lines = hung("peak  ", "a long remark about nothing", 26, painted="*peak*  ")
    assert lines == ["*peak*  a long remark about", "      nothing"]


def test_the_last_column_goes_on_under_itself() -> None:
    columns = Column("layer"), Column("which", rank=1), Column("for instance", wraps=True)
    rows = [("conv1", "1..9", "window 11 does not fit: 6 + 2*2 = 10"), ("p", "", "2.5")]
    assert lay_out(columns, rows, PLAIN)[1] == "conv1  1..9   window 11 does not fit: 6 + 2*2 = 10"
    assert lay_out(columns, rows, Palette(width=34)) == [
        "layer  for instance",
        "conv1  window 11 does not fit: 6 +",
        "       2*2 = 10",
        "p      2.5",
    ]


@pytest.mark.parametrize("name", zoo.names())
def test_no_line_of_a_report_passes_80_columns_but_a_finding(name: str) -> None:
    found = analyze(load(f"{name}.yaml", zoo.read(name)))
    sound = found._replace(findings=tuple(f for f in found.findings if f.severity is NOTE))
    assert max(map(len, text(sound, Palette(width=80)).splitlines())) <= 80


@pytest.mark.parametrize("page", [*terms(), *PAGES], ids=lambda page: page.title)
def test_a_page_keeps_its_words_and_its_examples(page: Page) -> None:
    whole, usual = page_text(page, PLAIN), page_text(page, Palette(width=80))
    assert usual.partition("Example that")[2] == whole.partition("Example that")[2]
    for width in (60, 80):
        assert page_text(page, Palette(width=width)).split() == whole.split()
