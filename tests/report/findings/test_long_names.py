"""Names of files from outside are of any length: a summary stays one that GitHub takes."""

import pytest

from convcalc.findings import Finding, Severity, Span
from convcalc.report.findings.checked import Checked
from convcalc.report.formats import rendered
from convcalc.study.failure import Failure


def _checked(length: int) -> Checked:
    unseen = "\u200b" * length
    findings = tuple(
        Finding("CC011", Severity.ERROR, "unknown", f"{unseen}{i}.yaml", Span(1, 1, 1, 2))
        for i in range(120)
    )
    failures = tuple(Failure(unseen, f"{unseen}: cannot be read") for _ in range(120))
    return Checked(findings, tuple(f.path for f in findings), {}, failures=failures)


@pytest.mark.parametrize(("format_", "most"), [("markdown", 2**20 // 8), ("github", 2**20)])
def test_a_report_is_cut_by_bytes_and_says_what_is_left_out(format_: str, most: int) -> None:
    text = rendered("check", format_, _checked(1500))
    assert len(text.encode()) < most
    assert " more" in text and "120 errors" in text


def test_short_names_are_cut_by_their_number_alone() -> None:
    assert "... and 20 more" in rendered("check", "markdown", _checked(3))
    assert "not listed" not in rendered("check", "github", _checked(3))
