"""Markdown for a step summary or a comment: one line that counts, and a table, errors first."""

from collections.abc import Sequence

from convcalc.findings import Finding, plain
from convcalc.report.drawing.fitting import fitting
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked, summary

_MOST = 100  #: rows


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """The summary, what could not be checked, and the findings that are shown."""
    shown = checked.shown
    lines = [f"**convcalc** {escaped(summary(checked))}", ""]
    failed = failure_lines([one.message for one in checked.failures])
    return "\n".join([*lines, *failed, *findings_table(shown)])


def failure_lines(failures: Sequence[str]) -> list[str]:
    """Why some specs could not be read, cut with a count; none where all could be."""
    lines = [f"- **error** {escaped(plain(text))}" for text in failures[:_MOST]]
    del lines[fitting(lines) :]
    if left := len(failures) - len(lines):
        lines.append(f"- ... and {left:,} more")
    return [*lines, ""] if lines else []


def findings_table(findings: Sequence[Finding]) -> list[str]:
    """Lines of a table with a row a finding, cut with a count; none where there are none."""
    if not findings:
        return []
    rows = [*map(_row, findings[:_MOST])]
    del rows[fitting(rows) :]
    lines = ["| | where | layer | finding |", "|---|---|---|---|", *rows, ""]
    if left := len(findings) - len(rows):
        lines += [f"... and {left} more", ""]
    return lines


def _row(finding: Finding) -> str:
    at = f":{finding.span.line}" if finding.span else ""
    text = escaped(plain(finding.message))
    if finding.help:
        text += f"<br>help: {escaped(plain(finding.help[0]))}"
    cells = (
        f"**{finding.severity.value}** {finding.code}",
        f"{escaped(plain(finding.path))}{at}",
        escaped(finding.layer or ""),
        text,
    )
    return f"| {' | '.join(cells)} |"
