"""A file from outside while it is read: no more of it at once than is wanted.

It is read, not mapped into memory: one that another process cuts short meanwhile would end this
one with a bus error.
"""

import os
from io import FileIO, RawIOBase, UnsupportedOperation

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.files import open_file


class MalformedError(ValueError):
    """Bytes that are not what the file's name says; one line that says why."""


class Opened(RawIOBase):
    """The bytes of a file, to be read from anywhere.

    Args:
        path: its name.
        largest: bytes that may be read at once, a bound on what a parser of them can take.

    Raises:
        OSError: it cannot be opened, or is no regular file.
        MalformedError: it is empty.
    """

    _handle = -1

    def __init__(self, path: str, largest: int) -> None:
        super().__init__()
        self.largest = largest
        self._at = 0
        with open_file(path) as file:
            self._length = os.fstat(file.fileno()).st_size
            if not self._length:
                raise MalformedError("it is empty")
            self._handle = os.dup(file.fileno())
        self._file = FileIO(self._handle, closefd=False)

    def __len__(self) -> int:
        return self._length

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        at = (0, self._at, self._length)[whence] + offset
        if not 0 <= at <= self._length:
            raise MalformedError("it says that it is longer than it is")
        self._at = at
        return at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        left = self._length - self._at
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > self.largest:
            raise MalformedError(f"it holds more than {self.largest:,} bytes beside its numbers")
        found = bytearray(wanted)
        self._fill(memoryview(found))
        return bytes(found)

    def numbers(self, dtype: str, count: int, begin: int) -> Array:
        """So many numbers from a place on, which must lie inside of the file."""
        found: Array = np.empty(count, dtype)
        self.seek(begin)
        self._fill(memoryview(found.view(np.uint8).data))
        return found

    def _fill(self, into: memoryview) -> None:
        self._file.seek(self._at)
        done = 0
        while done < len(into):
            piece = self._file.readinto(into[done:])
            if not piece:
                raise MalformedError("it became shorter while it was read")
            done += piece
        self._at += done

    def write(self, data: object, /) -> int:
        raise UnsupportedOperation("it is read only")
