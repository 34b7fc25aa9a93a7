"""Columns of a page on a narrow terminal: what is too long goes on below its own column."""

from convcalc.explain import lookup
from convcalc.report.drawing.palette import Palette
from convcalc.report.explain.markdown import page_markdown


def test_a_long_line_goes_on_below_its_last_column() -> None:
    page = lookup.term("peak")
    assert page is not None
    lines = page_markdown(page, Palette(False, True, 80)).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(" saved for backward"))
    column = lines[at].index("what layers keep")
    assert lines[at + 1] == " " * column + "indices, statistics"
    assert all(len(line) <= 80 for line in lines)
