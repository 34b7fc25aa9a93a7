"""Structs of Thrift's compact protocol, in which Parquet writes its footer and the heads of pages.

What a reader may take in two ways (a field twice, a number beyond its bits) is refused: the sizes
found here bound what another reader will unpack.
"""

from typing import Any

Struct = dict[tuple[int, int], Any]
"""Values by field and type: integers, structs and lists of them; texts are passed over."""

INTEGER, LONG, LIST, STRUCT = 5, 6, 9, 12
_BITS = {4: 16, INTEGER: 32, LONG: 64}
_TRUE, _FALSE, _BYTE, _TEXT = 1, 2, 3, 8
_DEEPEST = 8
_LAST_FIELD = (1 << 15) - 1


def struct(data: bytes, at: int, depth: int = 0) -> tuple[Struct, int]:
    """The struct at a place of the data, and where it ends.

    Raises:
        ValueError: there is none.
        IndexError: it goes on beyond the data.
    """
    found: Struct = {}
    field = 0
    while data[at]:
        kind, step = data[at] & 15, data[at] >> 4
        at += 1
        if step:
            field += step
        else:
            field, at = _integer(data, at, 16)
        if not 0 < field <= _LAST_FIELD or (field, kind) in found:
            raise ValueError("no struct")
        if kind in {_TRUE, _FALSE}:
            found[field, kind] = kind == _TRUE
        else:
            found[field, kind], at = _value(data, at, kind, depth)
    return found, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _BITS:
        return _integer(data, at, _BITS[kind])
    if kind == _TEXT:
        length, at = _unsigned(data, at)
        return None, at + length
    if kind in {_TRUE, _FALSE, _BYTE}:
        return None, at + 1
    if depth >= _DEEPEST or kind not in {LIST, STRUCT}:
        raise ValueError("no struct")
    if kind == STRUCT:
        return struct(data, at, depth + 1)
    of, size = data[at] & 15, data[at] >> 4
    at += 1
    if size == 15:
        size, at = _unsigned(data, at)
    values = []
    for _ in range(size):
        value, at = _value(data, at, of, depth + 1)
        values.append(value)
        if at > len(data):
            raise ValueError("no struct")
    return values, at


def _integer(data: bytes, at: int, bits: int) -> tuple[int, int]:
    number, at = _unsigned(data, at)
    if number >> bits:
        raise ValueError("no struct")
    return (number >> 1) ^ -(number & 1), at


def _unsigned(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place in range(10):
        number |= (data[at + place] & 127) << 7 * place
        if data[at + place] < 128:
            return number, at + place + 1
    raise ValueError("no struct")
