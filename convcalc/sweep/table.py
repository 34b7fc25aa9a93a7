"""The rows of a sweep, read back from its file: csv, JSON lines or Parquet.

A file may come from a stranger: what is no row, no number and no text of a sweep is refused, with
the row where it is.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Self

from convcalc.escape import plain
from convcalc.files import IrregularFileError, read_at_most
from convcalc.findings import brief
from convcalc.study.errors import RequestError
from convcalc.study.links import own_file
from convcalc.sweep.resume import LONGEST_ROW

Cell = int | float | str | None

#: Rows that are looked at together, columns of a row, letters of a cell.
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 20_000, 64, 300
_MOST_BYTES = 1 << 26
_ENDINGS = (".csv", ".jsonl", ".ndjson", ".parquet")
_INTEGER = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?", re.ASCII)
_LARGEST, _INFINITY = 10**40, float("inf")
_HEAD = b'{"set": {'


class Table(NamedTuple):
    """Rows with names for their cells."""

    path: str
    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def is_number(self, column: int) -> bool:
        """Whether all cells of a column that are known are numbers, and some are."""
        cells = [row[column] for row in self.rows if row[column] is not None]
        return bool(cells) and not any(isinstance(cell, str) for cell in cells)


def holds_rows(path: object) -> bool:
    """Whether a file is one of a sweep's rows, by its name; ``.json`` by how it begins."""
    if not isinstance(path, (str, os.PathLike)):
        return False
    name = os.fsdecode(path)
    if name.lower().endswith(_ENDINGS):
        return True
    if not name.lower().endswith(".json"):
        return False
    try:
        return read_at_most(name, len(_HEAD)) == _HEAD
    except (OSError, ValueError):
        return False


def table(path: str | os.PathLike[str]) -> Table:
    """The rows of a file.

    Raises:
        RequestError: there is no such file, or it does not hold the rows of a sweep.
    """
    name = os.fsdecode(path)
    shown = plain(name)
    try:
        data = read_at_most(own_file(name), _MOST_BYTES + 1)
    except IrregularFileError as error:
        raise RequestError(f"{shown} is not a regular file") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or plain(str(error))
        raise RequestError(f"cannot read {shown}: {why}") from error
    if len(data) > _MOST_BYTES:
        raise _much(shown, f"larger than {_MOST_BYTES:,} bytes")
    try:
        if name.lower().endswith(".parquet"):
            names, rows = _parquet(data)
        elif name.lower().endswith(".csv"):
            names, rows = _csv(_text(data))
        else:
            names, rows = _json_lines(_text(data))
    except _RowError as error:
        raise RequestError(f"{shown} does not hold the rows of a sweep: {error}") from error
    except _MuchError as error:
        raise _much(shown, str(error)) from error
    if not rows:
        raise RequestError(f"{shown} holds no rows")
    return Table(name, names, tuple(rows))


class _RowError(Exception):
    """What is wrong with a file."""


class _MuchError(Exception):
    """A file has more than is looked at together."""


def _much(path: str, what: str) -> RequestError:
    return RequestError(
        f"{path} is {what}: `convcalc sweep` leaves rows out with --where, --sample or --columns"
    )


def _text(data: bytes) -> str:
    """The whole rows of a text; what a kill left of the last one is no row."""
    try:
        return data[: data.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RowError("it is not UTF-8 text") from error


def _named(names: Sequence[str]) -> tuple[str, ...]:
    if not names or not all(names) or len(set(names)) < len(names):
        raise _RowError("its first line does not name the columns, each once")
    if len(names) > MOST_COLUMNS:
        raise _RowError(f"{len(names):,} columns, {MOST_COLUMNS} at most")
    return tuple(brief(name, 60) for name in names)


def _counted(rows: list[tuple[Cell, ...]]) -> None:
    if len(rows) > MOST_ROWS:
        raise _MuchError(f"more than {MOST_ROWS:,} rows long")


class _Lines:
    """The lines of a text, up to `left` letters: what is made of a row takes many times its bytes.

    Whoever has read a row sets `left` again: one of csv may be many lines.
    """

    def __init__(self, text: str, newline: str) -> None:
        from io import StringIO

        self._lines = StringIO(text, newline=newline)
        self.left = LONGEST_ROW

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.left -= len(line)
        if self.left < 0:
            raise _RowError(f"a row is longer than {LONGEST_ROW:,} letters")
        return line


def _csv(text: str) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    import csv

    lines = _Lines(text, "")
    found = csv.reader(lines, strict=True)
    rows: list[tuple[Cell, ...]] = []
    try:
        names = _named(next(found, []))
        for number, cells in enumerate(found, 1):
            lines.left = LONGEST_ROW
            if len(cells) != len(names):
                said = f"row {number} has {len(cells)} cells, the first line {len(names)} names"
                raise _RowError(said)
            rows.append(tuple(map(_cell, cells)))
            _counted(rows)
    except csv.Error as error:
        raise _RowError(f"row {len(rows) + 1}: {error}") from error
    return names, rows


def _cell(text: str) -> Cell:
    """A cell of csv: empty, a number, or text."""
    if not text:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _DECIMAL.fullmatch(text) else _INFINITY
    return number if abs(number) < _INFINITY else brief(text, MOST_LETTERS)


def _json_lines(text: str) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    import json

    rows: list[tuple[Cell, ...]] = []
    keys: tuple[str, ...] = ()
    lines = _Lines(text, "\n")
    for number, line in enumerate(lines, 1):
        lines.left = LONGEST_ROW
        try:
            found = json.loads(line, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise _RowError(f"row {number} is not JSON") from error
        cells = dict(_flat(found, number))
        if number == 1:
            keys = tuple(cells)
            _named(keys)
        if tuple(cells) != keys:
            raise _RowError(f"row {number} has other columns than the first")
        rows.append(tuple(cells.values()))
        _counted(rows)
    return (_named(keys) if keys else ()), rows


def _no_number(text: str) -> None:
    raise ValueError(text)


def _flat(row: Any, number: int) -> Iterator[tuple[str, Cell]]:
    """The cells of a row: variables beside the rest, shapes as HxWxC, findings with blanks."""
    if not isinstance(row, dict):
        raise _RowError(f"row {number} is not an object")
    for name, value in row.items():
        if name == "set" and isinstance(value, dict):
            yield from ((key, _plain_cell(own, number, key)) for key, own in value.items())
        elif isinstance(value, list) and len(value) <= MOST_LETTERS:
            joint = "x" if name == "input" else " "
            yield name, brief(joint.join(str(_plain_cell(v, number, name)) for v in value))
        else:
            yield name, _plain_cell(value, number, name)


def _plain_cell(value: Any, number: int, name: str) -> Cell:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return brief(value, MOST_LETTERS)
    if value is None or (isinstance(value, int) and abs(value) < _LARGEST):
        return value
    if isinstance(value, float) and abs(value) < _INFINITY:
        return value
    raise _RowError(f"row {number}: {brief(name, 60)} is neither a number nor a text")


def _parquet(data: bytes) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        text = "Parquet needs the package pyarrow: pip install 'convcalc[sweep]'"
        raise RequestError(text) from error
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        names = _named(file.schema_arrow.names)
        if file.metadata.num_rows > MOST_ROWS:
            raise _MuchError(f"more than {MOST_ROWS:,} rows long")
        for column in file.schema_arrow:
            if column.type.num_fields:  # a list or a table in a cell
                raise _RowError(f"{brief(column.name, 60)} is neither a number nor a text")
        rows: list[tuple[Cell, ...]] = []
        for batch in _unpacked(file, data):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                at = len(rows) + 1
                rows.append(tuple(_plain_cell(c, at, n) for c, n in zip(cells, names, strict=True)))
            _counted(rows)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise _RowError("it is not a Parquet file, or it is damaged") from error
    return names, rows


def _unpacked(file: Any, raw: bytes) -> Iterator[Any]:
    """The batches of a Parquet file, as many rows at once as cannot take more than the file may.

    A text is stored once and named a thousand times: each row takes up to all that is stored.
    """
    from convcalc.sweep.page_headers import MOST_FOOTER, chunks, page_sizes

    if file.metadata.serialized_size > MOST_FOOTER:
        raise _MuchError(f"larger than {MOST_FOOTER:,} bytes in its footer alone")
    stored = 0
    for chunk in chunks(raw):
        pages = page_sizes(raw, chunk.at, chunk.end)
        before = stored
        for size in pages:
            stored += size
            if stored > _MOST_BYTES:
                break
        stored = max(stored, before + chunk.size)
        if stored > _MOST_BYTES:
            break
    rows_at_once = min(1000, max(1, _MOST_BYTES // max(1, stored)))
    taken = stored
    for batch in file.iter_batches(batch_size=rows_at_once) if stored <= _MOST_BYTES else ():
        taken += batch.nbytes
        if taken > _MOST_BYTES:
            break
        yield batch
    if taken > _MOST_BYTES:
        raise _MuchError(f"larger than {_MOST_BYTES:,} bytes when it is unpacked")
