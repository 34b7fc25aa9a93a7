"""What a row says, once for all formats: the axes first, then the numbers, then the findings."""

from convcalc.shapes import written
from convcalc.sweep.axes import AxisValue
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow

Cell = int | float | str | bool | None


def columns(request: Request) -> tuple[str, ...]:
    """The names of a row's cells, in order."""
    return (*(axis.name for axis in request.plan.axes), *request.columns, "findings")


def cells(request: Request, row: VariantRow) -> tuple[Cell, ...]:
    """A row as plain values; shapes as HxWxC, findings as codes with blanks between."""
    numbers = [row.numbers.get(name) for name in request.columns]
    return (*map(_cell, row.values), *numbers, " ".join(row.findings))


def _cell(value: AxisValue) -> Cell:
    if isinstance(value, tuple):
        return written(value)  # type: ignore[arg-type]
    return value if isinstance(value, int | float | str) else str(value)
