"""Layers whose output nothing reads."""

from collections.abc import Iterable, Sequence

from convcalc.findings import Severity
from convcalc.network.record import INPUT, Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import written


def unread(steps: Sequence[Step], outputs: Iterable[int], remarks: Remarks) -> None:
    """Warn of layers that nothing reads, unless the net is broken anyway."""
    ends = set(outputs)
    if not ends or any(step.layer is None and step.kind != INPUT for step in steps):
        return
    read = {index for step in steps for index in step.inputs} | ends
    read |= {step.like for step in steps if step.like is not None}
    found: dict[object, list[Step]] = {}  # copies of one entry are reported together
    for index, step in enumerate(steps):
        if index not in read and "CC120" not in step.ignore:
            found.setdefault(step.place.kind or step.name, []).append(step)
    for step, *copies in found.values():
        shape = f" ({written(step.output)})" if step.output else ""
        more = f", nor {len(copies):,} more copies of it" if copies else ""
        remarks.error(
            "CC120",
            f"nothing reads {step.name}{shape}{more}",
            step.place.kind,
            "leads nowhere",
            (f"name it under `outputs: [{step.name}]`, read it, or remove it",),
            calls=step.place.calls,
            layer=step.name,
            severity=Severity.WARNING,
        )
