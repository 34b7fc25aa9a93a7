"""What the pages of a Parquet file unpack to, by their own headers: its footer may lie about it.

The footer is read here too: of one with damaged statistics pyarrow ends the process.
"""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.sweep.thrift import INTEGER, LIST, LONG, STRUCT, struct

_SIZE, _PACKED = (2, INTEGER), (3, INTEGER)  #: of a page's header: its bytes unpacked, and as is
_ROW_GROUPS, _CHUNKS, _CHUNK = (4, LIST), (1, LIST), (3, STRUCT)
_CHUNK_SIZE, _CHUNK_PACKED = (6, LONG), (7, LONG)
_PAGES, _DICTIONARY = (9, LONG), (11, LONG)  #: where they begin
_LEAST = 1024  #: what an empty page counts as: a file may have millions
_END = 8  #: bytes after the footer: its length, and who made it
MOST_FOOTER = 1 << 21  #: bytes; files of as many rows as are looked at have less


class Chunk(NamedTuple):
    """One column of a row group."""

    at: int
    """Where its first page is."""
    end: int
    size: int
    """Bytes unpacked, as the footer says."""


def chunks(data: bytes) -> Iterator[Chunk]:
    """The columns of all row groups.

    Raises:
        ValueError: the footer is none, or is larger than a file of so few rows needs.
    """
    length = int.from_bytes(data[-_END:-4], "little")
    if length > min(MOST_FOOTER, len(data) - _END):
        raise ValueError("no footer")
    end = len(data) - _END
    try:
        footer, _ = struct(data[end - length : end], 0)
        for group in footer[_ROW_GROUPS]:
            for column in group[_CHUNKS]:
                yield _chunk(column[_CHUNK], end)
    except (IndexError, KeyError, TypeError) as error:
        raise ValueError("no footer") from error


def _chunk(own: dict[tuple[int, int], int], end: int) -> Chunk:
    first, size, packed = own[_PAGES], own[_CHUNK_SIZE], own[_CHUNK_PACKED]
    if 0 < own.get(_DICTIONARY, 0) < first:
        first = own[_DICTIONARY]
    if min(first, size, packed) < 0:
        raise ValueError("no footer")
    return Chunk(first, min(end, first + packed), size)


def page_sizes(data: bytes, at: int, end: int) -> Iterator[int]:
    """Bytes that each page of one column takes when it is unpacked.

    Raises:
        ValueError: what is there is no page.
    """
    while at < end:
        try:
            fields, at = struct(data, at)
            size, packed = fields[_SIZE], fields[_PACKED]
        except (IndexError, KeyError, ValueError) as error:
            raise ValueError("no page") from error
        if size < 0 or packed < 0:
            raise ValueError("no page")
        yield max(size, _LEAST)
        at += packed
