"""Pages as Markdown on a terminal: every word of the page is there, and none more."""

import re

import pytest

from convcalc.explain import lookup
from convcalc.explain.kind import kind
from convcalc.findings import CODES
from convcalc.layers import BY_NAME
from convcalc.report.drawing.palette import Palette
from convcalc.report.explain.markdown import page_markdown
from convcalc.report.explain.text import page_text

PAGES = {
    **{page.title: page for page in lookup.terms()},
    **{code: lookup.code(code) for code in CODES},
    **{name: kind(name) for name in BY_NAME},
    "codes": lookup.codes(),
    "rules": lookup.codes(rules_only=True),
}


def letters(text: str) -> str:
    """What is read: no colours, no layout, no marks of Markdown."""
    return re.sub(r"\x1b\[[0-9;]*m|[\s`\u2022-]|\*\*", "", text)


@pytest.mark.parametrize("title", PAGES)
def test_no_word_of_a_page_is_lost(title: str) -> None:
    page = PAGES[title]
    assert page is not None
    for width in (60, 100):
        shown = page_markdown(page, Palette(width=width))
        assert letters(shown) == letters(page_text(page, Palette(width=width))), width
        assert max(map(len, shown.splitlines())) <= width


def test_headings_and_examples_are_told_apart() -> None:
    page = lookup.code("CC101")
    assert page is not None
    shown = page_markdown(page, Palette(colour=True, width=80))
    assert "\x1b[" in shown and "    \n" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert "What it does" in [line.strip() for line in plain]
    assert any(line.endswith("- conv: {filters: 16, kernel: 3, stride: 2}") for line in plain)
