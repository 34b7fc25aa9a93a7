"""Layers whose output nothing reads."""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import written


def report(unread: Sequence[Step], remarks: Remarks) -> None:
    """Warn of layers that nothing reads."""
    found: dict[object, list[Step]] = {}  # copies of one entry are reported together
    for step in unread:
        if "CC120" not in step.ignore:
            found.setdefault(step.place.kind or step.name, []).append(step)
    for step, *copies in found.values():
        shape = f" ({written(step.output)})" if step.output else ""
        many = f"{len(copies):,} copies" if len(copies) > 1 else "1 copy"
        unused = f" and {many} of it are unused" if copies else " is unused"
        remarks.error(
            "CC120",
            f"{step.name}{shape}{unused}",
            step.place.kind,
            "unused",
            (_help(step),),
            calls=step.place.calls,
            layer=step.name,
            severity=Severity.WARNING,
        )


def _help(step: Step) -> str:
    if step.place.kind is None and step.place.node:
        return "`convcalc import` writes a spec, in which it can be read or removed"
    return f"name it under `outputs: [{step.name}]`, read it, or remove it"
