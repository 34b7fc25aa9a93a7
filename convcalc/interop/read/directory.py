"""The list of members at the end of a zip archive: that it is where every reader looks for it.

zipfile takes the list right before the last record, whatever place that states, and the names that
extra fields give members; the reader in PyTorch goes to the stated place, for as many members as
are stated, and knows no other names. Of one file they would load two nets.
"""

import struct
import zipfile
from typing import BinaryIO

from convcalc.interop.flat import UnreadableError

_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_PLACE_64 = struct.Struct("<4sIQI")
_MARK, _MARK_64, _MARK_PLACE_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ALSO_64 = 0xFFFF, 0xFFFF_FFFF  #: what the short record has where the long one is to be read


def check(file: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Hold what the archive's last records state against what zipfile read.

    Raises:
        UnreadableError: other readers find other members.
    """
    end = file.seek(0, 2) - _END.size
    mark, _, _, _, count, size, place, comment = _END.unpack(_at(file, end, _END.size))
    if mark != _MARK or comment:
        _refuse("other bytes follow its last record")
    short = count, size, place
    before = end - _PLACE_64.size
    found, _, stated, _ = _PLACE_64.unpack(_at(file, before, _PLACE_64.size))
    if found == _MARK_PLACE_64:
        end = before - _END_64.size
        mark, length, *_, count, size, place = _END_64.unpack(_at(file, end, _END_64.size))
        if (mark, length, stated) != (_MARK_64, _END_64.size - 12, end):
            _refuse("its last records do not lie one behind the other")
        pairs = zip(short, (count, size, place), strict=True)
        if any(one not in {other, *_ALSO_64} for one, other in pairs):
            _refuse("its last records state different lists of members")
    entries = archive.infolist()
    if place + size != end or count != len(entries):
        members = "1 member" if count == 1 else f"{count:,} members"
        text = f"its last record states {members} listed in {size:,} bytes from byte {place:,} on"
        _refuse(f"{text}, and {len(entries):,} are listed in the bytes before byte {end:,}")
    if any(entry.filename != entry.orig_filename for entry in entries):
        _refuse("a member has two names")


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    """Bytes of the file; zeros where it does not reach."""
    if place < 0:
        return bytes(size)
    file.seek(place)
    return file.read(size).ljust(size, b"\0")


def _refuse(why: str) -> None:
    raise UnreadableError(
        f"other readers may find another net in this archive, since {why}: pack it anew"
    )
