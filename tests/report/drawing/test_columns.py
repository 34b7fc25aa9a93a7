"""Columns on terminals of any width: nothing is lost, nothing stands out beyond the edge."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.explain.lookup import Page, code, terms
from convcalc.findings import CODES, Severity
from convcalc.report.analysis.text import text
from convcalc.report.drawing.columns import Column, hung, lay_out, titled
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
        "",
        "not shown in 34 columns: which",
    ]


def _letter_by_letter(rows: list[tuple[str, str]], widths: list[int]) -> list[str]:
    """Every cell by itself, filled up with blanks on the left or on the right."""
    lines = []
    for name, number in rows:
        gaps = [width - cell_len(text) for width, text in zip(widths, (name, number), strict=True)]
        lines.append(f"{name}{' ' * gaps[0]}  {' ' * gaps[1]}{number}".rstrip())
    return lines


@given(st.lists(st.tuples(st.text("ab\u6f22\u00e9 {}", min_size=1), st.text("0,\uff11"))))
def test_columns_line_up_whatever_their_letters(rows: list[tuple[str, str]]) -> None:
    columns = Column("name"), Column("number", right=True)
    shown = [("name", "number"), *rows]
    widths = [max(cell_len(row[i]) for row in shown) for i in (0, 1)]
    if rows and not any(number for _, number in rows):
        assert lay_out(columns, rows, PLAIN) == [name.rstrip() for name, _ in shown]
    else:
        assert lay_out(columns, rows, PLAIN) == _letter_by_letter(shown, widths)


def test_a_table_of_thousands_of_rows_is_as_wide_as_its_widest_row_wherever_that_is() -> None:
    columns = Column("name"), Column("number", right=True)
    for place in (0, 999, 1000, 2500):
        rows = [("a", "1")] * 2501
        rows[place] = ("a long one", "")
        lines = lay_out(columns, rows, PLAIN)
        assert lines[0] == "name        number"
        assert lines[1 + place] == "a long one"
        assert set(lines[1:]) - {"a long one"} == {"a                1"}


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
        words = page_text(page, Palette(width=width)).split()
        if page.text(width) == page.text(None):
            assert words == whole.split()
        else:  # a table in more parts
            assert {w.strip(",") for w in words} == {w.strip(",") for w in whole.split()}


@pytest.mark.parametrize("width", [60, 80, 100])
def test_what_is_to_be_typed_stays_in_one_piece_where_a_line_has_room(width: int) -> None:
    for length in range(10, width - 20):
        typed = ("`" + "a: b, " * width)[: length - 1].rstrip() + "`"
        lines = hung("   = help: ", f"give {typed}, or some other words beside it", width, 16)
        assert any(typed in line for line in lines), length
        assert max(map(len, lines)) <= width
    longer = "`" + "a: b, " * width + "c`"
    assert max(map(len, hung("", f"give {longer}", width, 4))) <= width


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_long_title_goes_on_below_in_its_colour(width: int) -> None:
    title = "a name of a net that is rather long, as titles of papers are, pasted as it was found"
    lines = titled(title, "input 224x224x3, batch 1, float32", Palette(True, True, width))
    bare = [re.sub("\x1b[^m]*m", "", line) for line in lines]
    assert max(map(len, bare)) <= width
    assert " ".join(" ".join(bare).split()) == f"{title} input 224x224x3, batch 1, float32"
    assert all(("\x1b" in line) == ("input" not in line) for line in lines)
