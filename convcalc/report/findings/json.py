"""JSON, schema ``convcalc/findings/1``: every finding, notes too. Additions only within /1."""

from typing import Any

from convcalc import __version__
from convcalc.findings import Finding, plain
from convcalc.report.drawing.encode import encoded
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.places import fingerprints


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """All findings, one per line; before them why other specs could not be checked."""
    names = fingerprints(checked.findings)
    objects = [
        {**finding_object(finding), "fingerprint": name}
        for finding, name in zip(checked.findings, names, strict=True)
    ]
    head = {
        "schema": "convcalc/findings/1",
        "convcalc": __version__,
        "checked": len(checked.paths),
        "failures": [plain(one.message) for one in checked.failures],
    }
    lines = ",\n  ".join(encoded(item) for item in objects)
    return f'{encoded(head)[:-1]},\n "findings": [{lines}]}}\n'


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding as JSON sees it."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "layer": finding.layer,
        "help": list(finding.help),
        "related": [
            {"line": related.line, "column": related.column, "message": related.message}
            for related in finding.related
        ],
    }
