"""Rows as JSON, one object a line."""

from typing import assert_never

from convcalc.report.drawing.encode import encoded
from convcalc.sweep.axes import AxisValue
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow


def header(request: Request) -> str:
    """Nothing comes before the rows."""
    return ""


def line(request: Request, row: VariantRow) -> str:
    """One row, its line break included."""
    found = _axes(request, row.values)
    found.update({name: row.numbers.get(name) for name in request.columns})
    if request.estimated:
        found["estimated"] = list(request.estimated)
    found["findings"] = list(row.findings)
    return encoded(found) + "\n"


def beginning(request: Request, values: tuple[AxisValue, ...]) -> str:
    """How the line of a variant begins."""
    return encoded(_axes(request, values))[:-1] + ","


def _axes(request: Request, values: tuple[AxisValue, ...]) -> dict[str, object]:
    own = None if request.input is None else list(request.input)
    found: dict[str, object] = {"set": {}, "input": own, "batch": 1}
    variables: dict[str, object] = {}
    for axis, value in zip(request.plan.axes, values, strict=True):
        match axis.role:
            case "variable":
                variables[axis.name] = value
            case "input" | "setting":
                found[axis.name] = list(value) if isinstance(value, tuple) else value
            case _:
                assert_never(axis.role)
    found["set"] = variables
    if all(axis.name != "batch" for axis in request.plan.axes):
        found["batch"] = found.get("accumulate", 1)  # as everywhere: an image a micro-batch
    return found
