"""One member out of a zip archive from outside: never extracted, never more than was asked for."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from convcalc.files import Bounded
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read import directory

MOST_BYTES = 32 * 2**20
_MOST_VALUES = 1_500_000  #: of JSON, each of which takes some 100 bytes
_MOST_DIGITS = 40
_MOST_MEMBERS = 10_000
_MOST_DIRECTORY = 4 * 2**20  #: bytes of the list of members, each of which takes 46 and its name
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  #: the others unpack without a bound


class AbsentError(UnreadableError):
    """The archive has no such member."""


@contextmanager
def opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """An archive of not too many members.

    Raises:
        UnreadableError: it has more.
        Exception: whatever a damaged archive makes zipfile raise.
    """
    bounded = Bounded(file, _MOST_DIRECTORY, UnreadableError)
    with zipfile.ZipFile(bounded) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_MEMBERS:
            raise UnreadableError(f"{len(entries):,} members: {_MOST_MEMBERS:,} are the most")
        if entries and min(entry.header_offset for entry in entries) > 0:
            # other readers count from the file's start: they may find another archive there
            raise UnreadableError("the archive stands behind other bytes: pack it anew")
        directory.check(file, archive)
        bounded.most = MOST_BYTES + 1
        yield archive


def names(file: BinaryIO | bytes) -> list[str]:
    """The names of its members, in their order.

    Raises:
        UnreadableError: the archive is damaged, or has too many.
    """
    try:
        with opened(BytesIO(file) if isinstance(file, bytes) else file) as archive:
            return archive.namelist()
    except UnreadableError:
        raise
    except Exception as error:  # whatever a damaged archive makes zipfile raise
        raise UnreadableError("the archive is damaged or cut off") from error


def member(file: BinaryIO | bytes, wanted: Callable[[str], bool], what: str) -> bytes:
    """The bytes of the one member whose name is wanted.

    Args:
        file: the archive.
        wanted: asked of each name in small letters: PyTorch finds members whatever their case.
        what: the member, for messages.

    Raises:
        AbsentError: it has none.
        UnreadableError: the archive is damaged, or has several, or a larger one.
    """
    try:
        with opened(BytesIO(file) if isinstance(file, bytes) else file) as archive:
            found = [entry for entry in archive.infolist() if wanted(entry.filename.lower())]
            if not found:
                raise AbsentError(f"the archive has no {what}")
            if len(found) > 1:
                raise UnreadableError(f"the archive has {len(found)} members like {what}")
            if found[0].compress_type not in _METHODS:
                raise UnreadableError(
                    f"{what} is packed as no tool packs it: stored and deflated are read"
                )
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
        UnreadableError: it is none, or too deep, too long, or has a number of very many digits.
    """
    import json

    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > _MOST_VALUES:
        raise UnreadableError(f"{what} has more than {_MOST_VALUES:,} values")
    try:
        return json.loads(data, parse_int=_integer)
    except RecursionError as error:
        raise UnreadableError(f"{what} is nested too deep") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{what} is not UTF-8 at byte {error.start:,}") from error
    except ValueError as error:
        raise UnreadableError(f"{what} is not JSON: {str(error)[:80]}") from error


def _integer(text: str) -> int:
    """An integer that every float holds; no file of nets has one near these."""
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(text):,} digits")
    return int(text)
