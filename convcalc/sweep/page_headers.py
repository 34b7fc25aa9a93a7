"""What the pages of a Parquet file unpack to, by their own headers: its footer may lie about it."""

from collections.abc import Iterator

_SIZE, _PACKED = 2, 3  #: fields of a page's header: its bytes unpacked, and as they are
_DEEPEST = 8
_LEAST = 1024  #: what an empty page counts as: a file may have millions


def page_sizes(data: bytes, at: int, end: int) -> Iterator[int]:
    """Bytes that each page of one column takes when it is unpacked.

    Raises:
        ValueError: what is there is no page.
    """
    while at < end:
        try:
            fields, at = _struct(data, at, 0)
            size, packed = fields[_SIZE], fields[_PACKED]
        except (IndexError, KeyError) as error:
            raise ValueError("no page") from error
        if size < 0 or packed < 0:
            raise ValueError("no page")
        yield max(size, _LEAST)
        at += packed


def _struct(data: bytes, at: int, depth: int) -> tuple[dict[int, int], int]:
    """The integers of a struct of Thrift's compact protocol by their fields, and its end."""
    if depth > _DEEPEST:
        raise ValueError("no page")
    found: dict[int, int] = {}
    field = 0
    while data[at]:
        kind, step = data[at] & 15, data[at] >> 4
        at += 1
        if step:
            field += step
        else:
            field, at = _integer(data, at)
        if kind in {4, 5, 6}:
            found[field], at = _integer(data, at)
        elif kind == 8:
            length, at = _unsigned(data, at)
            at += length
        elif kind == 12:
            _, at = _struct(data, at, depth + 1)
        elif kind not in {1, 2}:
            raise ValueError("no page")  # headers of pages have no others
    return found, at + 1


def _integer(data: bytes, at: int) -> tuple[int, int]:
    number, at = _unsigned(data, at)
    return (number >> 1) ^ -(number & 1), at


def _unsigned(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place in range(10):
        number |= (data[at + place] & 127) << 7 * place
        if data[at + place] < 128:
            return number, at + place + 1
    raise ValueError("no page")
