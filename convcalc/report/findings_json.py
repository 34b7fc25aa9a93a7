"""JSON, schema ``convcalc/findings/1``: every finding, notes too. Additions only within /1."""

import json

from convcalc import __version__
from convcalc.report.checked import Checked
from convcalc.report.jsons import finding_object
from convcalc.report.places import fingerprints


def render(checked: Checked) -> str:
    """All findings, one a line."""
    names = fingerprints(checked.findings)
    objects = [
        {**finding_object(finding), "fingerprint": name}
        for finding, name in zip(checked.findings, names, strict=True)
    ]
    head = {
        "schema": "convcalc/findings/1",
        "convcalc": __version__,
        "checked": len(checked.paths),
    }
    lines = ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in objects)
    return f'{json.dumps(head)[:-1]},\n "findings": [{lines}]}}\n'
