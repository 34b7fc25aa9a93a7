"""The formats of rows: each has a header and a line, imported when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from convcalc.sweep.request import Request
from convcalc.sweep.variant import Row


class RowFormat(Protocol):
    """How rows are written."""

    def header(self, request: Request) -> str:
        """What comes before the rows."""

    def line(self, request: Request, row: Row) -> str:
        """One row, its line break included."""


def _module(name: str) -> Callable[[], RowFormat]:
    return lambda: cast(RowFormat, import_module(f"convcalc.report.sweep.{name}"))


FORMATS: dict[str, Callable[[], RowFormat]] = {"csv": _module("csv"), "json": _module("json")}
