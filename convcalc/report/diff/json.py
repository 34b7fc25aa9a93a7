"""JSON of `diff`, schema ``convcalc/diff/1``: exact integers, null where a net is broken."""

from typing import Any

from convcalc import __version__
from convcalc.analysis.record import Analysis, Row
from convcalc.difference.record import Descriptions
from convcalc.report.diff.fields import fields
from convcalc.report.diff.view import DiffView, factors, verdicts
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette


def render(view: DiffView, palette: Palette = PLAIN) -> str:
    """The whole comparison, one object."""
    head = {"schema": "convcalc/diff/1", "convcalc": __version__}
    return encoded_page({**head, **content(view)}) + "\n"


def content(view: DiffView) -> dict[str, Any]:
    """What is in that object beside its schema."""
    difference, passed = view.difference, view.passed
    stack, said = factors(difference), Descriptions()
    seen = [
        {"output": [*one.names], "before": [*one.before] or None, "after": [*one.after] or None}
        for one in fields(difference)
    ]
    return {
        "before": _net(difference.before),
        "after": _net(difference.after),
        "added": [_layer(row, said) for row in difference.added],
        "removed": [_layer(row, said) for row in difference.removed],
        "changed": [
            {
                "name": change.after.step.name,
                "ripple": change.ripple,
                "details": list(change.own),
                "before": _layer(change.before, said),
                "after": _layer(change.after, said),
            }
            for change in difference.changed
        ],
        "joins": [{"before": [*old], "after": [*new]} for old, new in difference.joins],
        "totals": {total.name: [total.before, total.after] for total in difference.totals},
        "receptive_field": next(
            ([one["before"], one["after"]] for one in reversed(seen)), [None, None]
        ),
        "receptive_fields": seen,
        "weights_in_channels": stack._asdict() if stack else None,
        "exceeded": [
            {"total": total.name, "increase": total.increase, "message": message}
            for (_, total), message in zip(passed, verdicts(view), strict=True)
        ],
        "notes": list(view.notes),
    }


def _net(analysis: Analysis) -> dict[str, Any]:
    network = analysis.network
    return {"name": network.name, "path": network.source.path, "broken": analysis.broken}


def _layer(row: Row, said: Descriptions) -> dict[str, Any]:
    step = row.step
    return {
        "name": step.name,
        "kind": step.kind,
        "description": said(row),
        "output": list(step.output) if step.output else None,
        "activations": row.activations,
        "params": row.params,
        "macs": row.macs,
    }
