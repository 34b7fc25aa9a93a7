"""Rows as comma-separated values."""

from convcalc.report.sweep.rows import Cell, cells, columns
from convcalc.sweep.axes import AxisValue
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow


def header(request: Request) -> str:
    """The line of names."""
    return _joined(columns(request))


def line(request: Request, row: VariantRow) -> str:
    """One row, its line break included."""
    return _joined(cells(request, row))


def beginning(request: Request, values: tuple[AxisValue, ...]) -> str:
    """How the line of a variant begins."""
    own = cells(request, VariantRow(0, values, {}))[: len(values)]
    return _joined(own).removesuffix("\n") + "," if own else ""


def _joined(values: tuple[Cell, ...]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(["" if v is None else v for v in values])
    return buffer.getvalue()
