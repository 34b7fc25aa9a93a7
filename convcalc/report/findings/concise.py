"""One line a finding: ``path:line:col: error[CC102] message``, for grep, vim and matchers."""

from collections.abc import Iterable

from convcalc.findings import Finding
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """All findings that are shown; nothing where there are none."""
    return concise(checked.shown)


def concise(findings: Iterable[Finding]) -> str:
    """Findings, a line each."""
    return "".join(f"{line(finding)}\n" for finding in findings)


def line(finding: Finding) -> str:
    """One finding."""
    return str(finding)
