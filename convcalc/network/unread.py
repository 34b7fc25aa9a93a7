"""Layers whose output nothing reads."""

from collections.abc import Iterable, Sequence

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import written


def report(steps: Sequence[Step], unread: Iterable[int], remarks: Remarks) -> None:
    """Warn of the layers at these positions, which nothing reads."""
    found: dict[object, list[int]] = {}  # copies of one entry are reported together
    for index in unread:
        step = steps[index]
        if "CC120" not in step.ignore:
            found.setdefault(step.place.kind or step.name, []).append(index)
    for index, *copies in found.values():
        step = steps[index]
        shape = f" ({written(step.output)})" if step.output else ""
        many = f"{len(copies):,} copies" if len(copies) > 1 else "1 copy"
        unused = f" and {many} of it are unused" if copies else " is unused"
        remarks.error(
            "CC120",
            f"{step.name}{shape}{unused}",
            step.place.kind,
            "unused",
            (_help(steps, index),),
            calls=step.place.calls,
            layer=step.name,
            severity=Severity.WARNING,
        )


def _help(steps: Sequence[Step], index: int) -> str:
    step = steps[index]
    if step.place.kind is None and step.place.node:
        return "`convcalc import` writes a spec, in which it can be read or removed"
    return f"name it under `outputs: [{step.name}]`, {_reading(steps, index)}, or remove it"


def _reading(steps: Sequence[Step], index: int) -> str:
    """How to read a layer: in the merge below, where that reads one other alone."""
    step, below = steps[index], steps[index + 1 : index + 2]
    lone = [b for b in below if b.layer is not None and b.layer.merges and len(b.inputs) == 1]
    if not lone or step.place.calls or lone[0].place.calls:
        return "read it"
    words = f"{step.name}, {steps[lone[0].inputs[0]].name}"
    return f"read it (`from: [{words}]` of {lone[0].name})"
