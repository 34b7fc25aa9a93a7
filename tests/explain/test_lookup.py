"""Pages of terms and codes, and the commands they show."""

import re
import shlex
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.explain import lookup
from convcalc.findings import CODES

TERMS = lookup.terms()


@pytest.mark.parametrize("page", TERMS, ids=lambda page: page.title)
def test_every_term_is_found_by_all_its_names(page: lookup.Page) -> None:
    assert page.body.strip()
    for name in (page.title, *page.also):
        found = lookup.term(name)
        assert found is not None and found.title == page.title, name


def test_no_name_leads_to_two_pages() -> None:
    names = [name.lower() for page in TERMS for name in {page.title.lower(), *page.also}]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice


@pytest.mark.parametrize("page", TERMS, ids=lambda page: page.title)
def test_the_commands_of_a_page_run(
    page: lookup.Page,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = "input: 10x10x3\nlayers: [{conv: {filters: 5, kernel: 3, stride: 2}}]\n"
    Path("mynet.yaml").write_text(spec, encoding="utf-8")
    for line in page.body.splitlines():
        if line.startswith("    convcalc "):
            words = shlex.split(re.split(r"\s{3,}", line.strip())[0])[1:]
            assert run(words) in {0, 1}, line
            assert capsys.readouterr().out or "-o" in words, line


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    page = lookup.code(code)
    assert page is not None and page.title.startswith(code)
    assert lookup.code(CODES[code]) == page


def test_the_slip_of_the_notes_is_explained_with_the_engine_s_number() -> None:
    page = lookup.term("24M")
    assert page is not None
    assert "15,237,608" in page.body and "93MB" in page.body and "58.1 MiB" in page.body
    assert round(15_237_608 * 4 / 2**20, 1) == 58.1


def test_dilation_is_told_apart_from_the_notes_dilation_of_0() -> None:
    page = lookup.term("dilation")
    assert page is not None
    assert '"dilation of 0" is\n`dilation: 1` here' in page.body


def test_unknown_words_lead_to_no_page() -> None:
    assert lookup.term("../terms/mac") is None
    assert lookup.term("nonsense") is None
    assert lookup.code("CC999") is None
