"""GitLab's Code Quality report: one list of issues, each with a fingerprint of its own.

GitLab hides `check_name`, so the code is in the description too. A spec that could not
be checked is worse than an error: nothing is known of it.
"""

from convcalc.findings import Severity, plain
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.places import failure_fingerprints, fingerprints, relative

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """What could not be checked, and the findings that are shown; an empty list without them."""
    shown = checked.shown
    issues = [
        {
            "description": f"not checked: {plain(failure.message)}",
            "check_name": "not-checked",
            "fingerprint": name,
            "severity": "critical",
            "location": {"path": relative(failure.path), "lines": {"begin": 1}},
        }
        for failure, name in zip(
            checked.failures, failure_fingerprints(checked.failures), strict=True
        )
    ]
    issues += [
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
