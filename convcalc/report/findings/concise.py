"""One line a finding: ``path:line:col: error[CC102] message``, for grep, vim and matchers."""

from collections.abc import Iterable

from convcalc.findings import Finding, plain
from convcalc.report.findings.checked import Checked


def render(checked: Checked) -> str:
    """All findings that are shown; nothing where there are none."""
    return concise(checked.shown)


def concise(findings: Iterable[Finding]) -> str:
    """Findings, a line each."""
    return "".join(f"{line(finding)}\n" for finding in findings)


def line(finding: Finding) -> str:
    """One finding. A path that starts with a colon gets its ``./``: `::` is a command to GitHub."""
    span = finding.span
    place = f"{span.line}:{span.column}" if span else "1:1"
    path = plain(finding.path)
    path = f"./{path}" if path.startswith(":") else path
    return f"{path}:{place}: {finding.severity.value}[{finding.code}] {plain(finding.message)}"
