"""Axes over a variable that nothing in the file reads: all of its values give the same net."""

from collections.abc import Iterable, Sequence

from convcalc.findings import Finding, plain
from convcalc.spec.unused import UNUSED_VARIABLE
from convcalc.sweep.axes import Axis


def idle_axes(axes: Sequence[Axis], findings: Iterable[Finding]) -> tuple[str, ...]:
    """What to say of such axes; `findings` are those of any variant that has no error."""
    noted = {finding.message for finding in findings if finding.code == "CC124"}
    return tuple(
        f"nothing reads variable {axis.name}: variants that differ in it alone are equal"
        for axis in axes
        if axis.role == "variable"
        and axis.length > 1
        and plain(UNUSED_VARIABLE.format(axis.name)) in noted
    )
