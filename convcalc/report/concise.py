"""One line a finding: ``path:line:col: error[CC102] message``, for grep, vim and matchers."""

from collections.abc import Iterable

from convcalc.findings import Finding, plain


def concise(findings: Iterable[Finding]) -> str:
    """All findings, a line each."""
    return "".join(f"{_line(finding)}\n" for finding in findings)


def _line(finding: Finding) -> str:
    span = finding.span
    place = f"{span.line}:{span.column}" if span else "1:1"
    code = f"{finding.severity.value}[{finding.code}]"
    return f"{plain(finding.path)}:{place}: {code} {plain(finding.message)}"
