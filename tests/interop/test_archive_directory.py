"""Archives whose last records lead zipfile and PyTorch to different lists of members: refused."""

import io
import struct
import zipfile

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.archive import opened
from tests.interop.stated_programs import packed

SMALL = packed({"a/models/model.json": "{}", "a/version": "1"})
LARGE = packed({"a/models/model.json": "[]", "a/version": "2"})


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Members, the list of them, and the last record."""
    size, place = struct.unpack("<2I", data[-10:-2])
    return data[:place], data[place : place + size], data[-22:]


def _end(count: int, size: int, place: int, comment: int = 0) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, place, comment)


def _long(count: int, size: int, place: int, at: int) -> bytes:
    """The records of an archive of more than 4 GB, which PyTorch writes always."""
    numbers = (44, 45, 45, 0, 0, count, count, size, place)
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", *numbers)
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)


BODY, LISTED, _ = _parts(SMALL)
SIZE, PLACE = len(LISTED), len(BODY)
AFTER = PLACE + SIZE


def names(data: bytes) -> list[str]:
    with opened(io.BytesIO(data)) as archive:
        return archive.namelist()


@pytest.mark.parametrize("short", [(2, SIZE, PLACE), (0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)])
def test_one_list_is_read_in_short_and_in_long_records(short: tuple[int, int, int]) -> None:
    long = BODY + LISTED + _long(2, SIZE, PLACE, AFTER) + _end(*short)
    assert names(SMALL) == names(long) == ["a/models/model.json", "a/version"]


def _two_lists() -> bytes:
    """The last record states the place of the large net's list, that of the small is before it."""
    members, listed, _ = _parts(LARGE)
    archive = io.BytesIO()
    assert len(listed) == SIZE
    archive.write(BODY + members)
    for field in (42, 42 + 46 + len("a/models/model.json")):  # where the large net's members lie
        (at,) = struct.unpack_from("<I", listed, field)
        listed = listed[:field] + struct.pack("<I", at + PLACE) + listed[field + 4 :]
    shifted = LISTED
    for field in (42, 42 + 46 + len("a/models/model.json")):  # zipfile takes this off again
        (at,) = struct.unpack_from("<I", shifted, field)
        shifted = shifted[:field] + struct.pack("<I", at + SIZE + 22) + shifted[field + 4 :]
    place = PLACE + len(members) + SIZE + 22
    return archive.getvalue() + shifted + _end(2, SIZE, place, SIZE) + listed


def test_a_list_behind_the_last_record_is_refused() -> None:
    data = _two_lists()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # as Python has it
        assert archive.read("a/models/model.json") == b"{}"
    with pytest.raises(UnreadableError, match=r"another net .* bytes follow its last record: pack"):
        names(data)


BETWEEN = "states 2 members listed in .* from byte .* and 2 are listed in the bytes before byte"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BODY + LISTED + _end(2, SIZE, PLACE, 1) + b"x", "other bytes follow its last record"),
        (BODY + LISTED + _end(2, SIZE, PLACE + 1), BETWEEN),
        (BODY + LISTED + _end(1, SIZE, PLACE), "states 1 member listed .*, and 2 are listed"),
        (
            BODY + LISTED + _long(2, SIZE, PLACE, PLACE) + _end(2, SIZE, PLACE),
            "its last records do not lie one behind the other",
        ),
        (
            BODY + LISTED + _long(2, SIZE, PLACE, AFTER) + _end(1, SIZE, PLACE),
            "its last records state different lists",
        ),
        (SMALL.replace(b"model.json", b"model\0json"), "a member has two names"),
    ],
)
def test_what_two_readers_find_differently_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        names(data)
