"""Writing over a file that has to stay the same file, without losing what it has."""

import errno
import os
import shutil
from contextlib import suppress
from typing import BinaryIO

#: what says that room cannot be asked for: another C library or file system
_NOT_ASKED = frozenset({errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_PIECE = 2**20


def make_room(handle: int, before: int, size: int) -> None:
    """Have the disk keep room for `size` bytes of a file of `before` bytes.

    Raises:
        OSError: it has none; the file is as it was.
    """
    try:
        if not _allocated(handle, size):
            os.lseek(handle, before, os.SEEK_SET)
            left = size - before
            while left > 0:
                left -= os.write(handle, bytes(min(left, _PIECE)))
    except BaseException:
        with suppress(OSError):
            os.ftruncate(handle, before)
        raise


def _allocated(handle: int, size: int) -> bool:
    """Whether the system makes the room when it is asked."""
    if not size:
        return True
    try:
        os.posix_fallocate(handle, 0, size)
    except AttributeError:  # macOS, Windows
        return False
    except OSError as error:
        if error.errno in _NOT_ASKED:
            return False
        raise
    return True


def write_over(handle: int, whole: str) -> None:
    """Put the content of the file `whole` into a file that has room for it, and remove `whole`.

    Once begun it is not given up: an interruption waits until all is written.

    Raises:
        OSError: it cannot be done; `whole` stays, and is named.
    """
    interruption = None
    try:
        with open(whole, "rb") as new, os.fdopen(handle, "r+b") as same:
            try:
                _copy(new, same)
            except KeyboardInterrupt as error:
                interruption = error
                _copy(new, same)
    except OSError as error:
        said = f"{error.strerror}: it is written over in part; all of it is in {whole}"
        raise OSError(error.errno, said) from error
    os.unlink(whole)
    if interruption is not None:
        raise interruption


def _copy(new: BinaryIO, same: BinaryIO) -> None:
    """All of one file in place of all of another."""
    new.seek(0)
    same.seek(0)
    shutil.copyfileobj(new, same)
    same.truncate()
    same.flush()
