"""Rows as Parquet, with the columns of csv.

A Parquet file can be read only when it is complete. Rows are therefore kept, as they come, as JSON
lines in ``FILE.part``; the Parquet file is made of them at the end, one row group at a time.
"""

from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from json import loads
from typing import Any

from convcalc.escape import plain
from convcalc.files import open_file
from convcalc.report.drawing.encode import encoded
from convcalc.report.sweep.rows import Cell, cells, columns
from convcalc.study.errors import RequestError
from convcalc.sweep.axes import Axis, AxisValue
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow

_GROUP = 50_000  #: rows of a row group
_LARGEST = 2**63


def header(request: Request) -> str:
    """The line of names and types."""
    return encoded(dict(zip(columns(request), _types(request), strict=True))) + "\n"


def line(request: Request, row: VariantRow) -> str:
    """One row of the file that grows, its line break included."""
    return encoded(cells(request, row)) + "\n"


def beginning(request: Request, values: tuple[AxisValue, ...]) -> str:
    """How the line of a variant begins."""
    own = encoded(cells(request, VariantRow(0, values, {}))[: len(values)])[:-1]
    return f"{own}, " if values else own


def require() -> None:
    """Whether Parquet can be written.

    Raises:
        RequestError: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise RequestError(
            "--format parquet needs the package pyarrow: pip install 'convcalc[sweep]'"
        ) from error


def finish(request: Request, part: str, path: str) -> None:
    """Make the Parquet file of the rows in `part`: whole, or not at all.

    Raises:
        RequestError: it cannot be written, or a number is beyond 64 bits.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from convcalc.whole_file import whole_file

    names, kinds = columns(request), _types(request)
    arrow = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "text": pa.string()}
    schema = pa.schema([(name, arrow[kind]) for name, kind in zip(names, kinds, strict=True)])
    try:
        with open_file(part) as data, whole_file(path) as file:
            lines = TextIOWrapper(data, encoding="utf-8", newline="\n")
            next(lines)
            with pq.ParquetWriter(file, schema, compression="zstd") as writer:
                for rows in _groups(lines, len(names)):
                    arrays = [
                        pa.array(_exact(values, kind), type=arrow[kind])
                        for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)
                    ]
                    writer.write_batch(pa.record_batch(arrays, schema=schema))
    except OSError as error:
        part, path = plain(part), plain(path)
        raise RequestError(
            f"cannot write {path}: {error.strerror}: the rows are in {part}, --resume goes on"
        ) from error
    except RequestError:
        raise
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:  # pyarrow's are these
        reason = f"{plain(part)} holds lines that are not rows of this sweep: remove it"
        raise RequestError(reason) from error


def _groups(lines: Iterator[str], width: int) -> Iterator[list[list[Cell]]]:
    while rows := [loads(line) for line in islice(lines, _GROUP)]:
        if any(not isinstance(row, list) or len(row) != width for row in rows):
            raise ValueError("no row")
        yield rows


def _exact(values: tuple[Any, ...], kind: str) -> list[Any]:
    if kind == "text":
        return [None if value is None else str(value) for value in values]
    for value in values if kind == "int" else ():
        if value is not None and not -_LARGEST <= value < _LARGEST:
            raise RequestError(f"{value} is beyond Parquet's 64 bits: choose csv or json")
    return list(values)


def _types(request: Request) -> tuple[str, ...]:
    """The type of each column."""
    axes = (_type(axis) for axis in request.plan.axes)
    return (*axes, *("int" for _ in request.columns), "text")


def _type(axis: Axis) -> str:
    kinds = {"int" if isinstance(part, range) else "" for part in axis.parts} - {""}
    for part in axis.parts:
        if not isinstance(part, range):
            kinds |= {_CELLS.get(type(value), "text") for value in part}
    if kinds == {"int", "float"}:
        return "float"
    return kinds.pop() if len(kinds) == 1 else "text"


_CELLS = {bool: "bool", int: "int", float: "float"}
