"""Every code has a page under fixed headings, and both its examples do what they say."""

from pathlib import Path

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import CODES, Finding, Severity
from convcalc.pages import page, section
from convcalc.rules import RULES
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.spec.load import load

HEADINGS = ("What it does", "Why it matters", "Example that fires", "Example that does not")


def findings(code: str, example: str) -> tuple[Finding, ...]:
    """What `check` says about an example; CC006 is the one about its encoding."""
    encoding = "latin-1" if (code, example) == ("CC006", HEADINGS[2]) else "utf-8"
    data = section(page(code), example).encode(encoding)
    return wanted_findings(analyze(load(f"{code}.yaml", data)), Selection())


@pytest.mark.parametrize("code", CODES)
def test_the_page_has_its_headings_in_order(code: str) -> None:
    lines = page(code).splitlines()
    assert lines[0] == f"{code} {CODES[code]}"
    assert [line for line in lines[1:] if line and not line.startswith(" ")] == list(HEADINGS)
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("code", CODES)
def test_the_first_example_fires(code: str) -> None:
    fired = findings(code, "Example that fires")
    assert code in {finding.code for finding in fired}
    if code >= "CC2":
        assert not [f for f in fired if f.severity is Severity.ERROR]


@pytest.mark.parametrize("code", CODES)
def test_the_second_example_does_not(code: str) -> None:
    found = findings(code, "Example that does not")
    assert code not in {finding.code for finding in found}
    assert not [f.message for f in found if f.severity is Severity.ERROR]


def test_every_advice_code_is_a_rule_and_every_rule_module_is_listed() -> None:
    assert [rule.code for rule in RULES] == [code for code in CODES if code >= "CC2"]
    import convcalc.rules

    folder = Path(convcalc.rules.__file__).parent
    rooms = {"__init__", "advise", "net", "replacement", "rule", "tuning"}
    assert {path.stem for path in folder.glob("*.py")} - rooms == {
        rule.name.replace("-", "_") for rule in RULES
    }


def test_every_page_file_belongs_to_a_code() -> None:
    import convcalc.pages

    folder = Path(convcalc.pages.__file__).parent
    assert {path.stem for path in folder.glob("*.txt")} == {c for c in CODES if c < "CC2"}
