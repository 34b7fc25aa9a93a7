"""One member out of a zip archive from outside: never extracted, never more than was asked for."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO

from convcalc.interop.flat import UnreadableError

MOST_BYTES = 32 * 2**20
_MOST_VALUES = 1_500_000  #: of JSON, each of which takes some 100 bytes
_MOST_MEMBERS = 10_000


def member(file: BinaryIO | bytes, wanted: Callable[[str], bool], what: str) -> bytes:
    """The bytes of the one member whose name is wanted.

    Raises:
        UnreadableError: the archive is damaged, or has none, several, or a larger one.
    """
    opened = BytesIO(file) if isinstance(file, bytes) else file
    try:
        with zipfile.ZipFile(opened) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_MEMBERS:
                raise UnreadableError(f"{len(entries):,} members: {_MOST_MEMBERS:,} are the most")
            found = [entry for entry in entries if wanted(entry.filename)]
            if not found:
                raise UnreadableError(f"the archive has no {what}")
            if len(found) > 1:
                raise UnreadableError(f"the archive has {len(found)} members like {what}")
            if found[0].file_size > MOST_BYTES:
                size = found[0].file_size
                raise UnreadableError(f"{what} has {size:,} bytes: {MOST_BYTES:,} are the most")
            with archive.open(found[0]) as stream:
                data = stream.read(MOST_BYTES + 1)
    except UnreadableError:
        raise
    except Exception as error:  # zipfile raises whatever its parts do: zlib, struct, RuntimeError
        raise UnreadableError("the archive is damaged, cut off or encrypted") from error
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"{what} unpacks to more than {MOST_BYTES:,} bytes")
    return data


def parsed(data: bytes, what: str) -> Any:
    """The value of JSON text.

    Raises:
        UnreadableError: it is none, or too deep, too long, or has a number of thousands of digits.
    """
    import json

    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > _MOST_VALUES:
        raise UnreadableError(f"{what} has more than {_MOST_VALUES:,} values")
    try:
        return json.loads(data)
    except RecursionError as error:
        raise UnreadableError(f"{what} is nested too deep") from error
    except ValueError as error:
        raise UnreadableError(f"{what} is no JSON: {str(error)[:80]}") from error
