"""GitLab's Code Quality report: one list of issues, each with a fingerprint of its own.

GitLab hides `check_name`, so the code is in the description too.
"""

from convcalc.findings import Severity
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.places import fingerprints, relative

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """The findings that are shown; an empty list where there are none."""
    shown = checked.shown
    issues = [
        {
            "description": f"{finding.code}: {finding.message}",
            "check_name": finding.name,
            "fingerprint": name,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": relative(finding.path),
                "lines": {"begin": finding.span.line if finding.span else 1},
            },
        }
        for finding, name in zip(shown, fingerprints(shown), strict=True)
    ]
    return encoded_page(issues) + "\n"
