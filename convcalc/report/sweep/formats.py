"""The formats of rows, each imported when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from convcalc.sweep.axes import AxisValue
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow


def _nothing() -> None:
    return None


class RowFormat(NamedTuple):
    """How rows are written."""

    header: Callable[[Request], str]
    """What comes before the rows."""
    line: Callable[[Request, VariantRow], str]
    """One row, its line break included."""
    beginning: Callable[[Request, tuple[AxisValue, ...]], str]
    """How the line of a variant begins."""
    require: Callable[[], None] = _nothing
    """Raises RequestError where a package is absent."""
    finish: Callable[[Request, str, str], None] | None = None
    """Makes the file of all lines, where that is another one than the lines'."""


def _module(name: str) -> Callable[[], RowFormat]:
    def load() -> RowFormat:
        module = import_module(f"convcalc.report.sweep.{name}")
        fields = RowFormat._fields
        return RowFormat(**{key: getattr(module, key) for key in fields if hasattr(module, key)})

    return load


FORMATS: dict[str, Callable[[], RowFormat]] = {
    "csv": _module("csv"),
    "json": _module("json"),
    "parquet": _module("parquet"),
}
#: the formats that a file's name chooses
ENDINGS = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json",
           ".parquet": "parquet"}  # fmt: skip
