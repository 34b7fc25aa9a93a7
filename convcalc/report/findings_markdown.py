"""Markdown for a step summary or a comment: one line that counts, and a table, errors first."""

from convcalc.findings import Finding, plain
from convcalc.report.checked import Checked, summary
from convcalc.report.tables import escaped

_MOST = 100  #: rows; GitHub takes 64 KiB in a comment


def render(checked: Checked) -> str:
    """The summary, and the findings that are shown."""
    shown = checked.shown
    lines = [f"**convcalc** {escaped(summary(checked))}", ""]
    if shown:
        lines += ["| | where | layer | finding |", "|---|---|---|---|"]
        lines += [_row(finding) for finding in shown[:_MOST]]
        lines.append("")
    if len(shown) > _MOST:
        lines += [f"... and {len(shown) - _MOST} more", ""]
    return "\n".join(lines)


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
