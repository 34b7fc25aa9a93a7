"""Rows as comma-separated values."""

from convcalc.report.sweep.rows import Cell, cells, columns
from convcalc.sweep.request import Request
from convcalc.sweep.variant import Row


def header(request: Request) -> str:
    """The line of names."""
    return _joined(columns(request))


def line(request: Request, row: Row) -> str:
    """One row, its line break included."""
    return _joined(cells(request, row))


def _joined(values: tuple[Cell, ...]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(["" if v is None else v for v in values])
    return buffer.getvalue()
