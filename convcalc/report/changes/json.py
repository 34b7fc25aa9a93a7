"""JSON of `diff --base` for several specs, schema ``convcalc/changes/1``."""

from typing import Any

from convcalc import __version__
from convcalc.report.changes.view import ChangesView, faults
from convcalc.report.diff.json import content
from convcalc.report.diff.view import DiffView
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.study.changes import SpecChange
from convcalc.study.diff import Compared


def render(view: ChangesView, palette: Palette = PLAIN) -> str:
    """All of them, one object."""
    changes = view.changes
    found = {
        "schema": "convcalc/changes/1",
        "convcalc": __version__,
        "base": changes.base,
        "ok": changes.ok,
        "same": changes.same,
        "specs": [_spec(change) for change in changes.specs],
        "failures": list(changes.failures),
        "notes": list(changes.notes),
    }
    return encoded_page(found) + "\n"


def _diff(both: Compared) -> dict[str, Any]:
    return content(DiffView(both.difference, [*both.exceeded], notes=both.notes))


def _spec(change: SpecChange) -> dict[str, Any]:
    both = change.compared
    return {
        "path": change.path,
        "status": change.status,
        "renamed_from": change.renamed_from or None,
        "ok": change.ok,
        "faults": faults(change),
        "totals": {total.name: [total.before, total.after] for total in change.totals},
        "diff": None if both is None else _diff(both),
    }
