"""A file of rows that grows while a sweep runs, and is whole whenever it is looked at.

Rows are appended whole; what a kill left of the last one is cut off before the sweep goes on.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from convcalc.study.errors import RequestError

_CHUNK = 1 << 16
_LONGEST = 1 << 20  #: bytes of a row


class Left(NamedTuple):
    """What a file already has."""

    rows: int
    last: str
    """Its last whole row, line break included; '' where it has none."""


class RowFile:
    """Rows in a file; each write ends with a whole row, or leaves the file as it was."""

    def __init__(self, path: str, header: str, resume: bool) -> None:
        """Open a file.

        Raises:
            RequestError: it cannot be written, or is not the file of such a sweep.
        """
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
        try:
            self.handle = os.open(path, flags if resume else flags | os.O_EXCL, 0o666)
        except FileExistsError as error:
            raise RequestError(
                f"{path} exists: go on with --resume {path}, or remove it"
            ) from error
        except OSError as error:
            raise RequestError(f"cannot write {path}: {error.strerror}") from error
        import stat

        if not stat.S_ISREG(os.fstat(self.handle).st_mode):
            os.close(self.handle)
            raise RequestError(f"{path} is not a regular file")
        self.left = self._left(header)

    def _left(self, header: str) -> Left:
        end, count, last = 0, -1 if header else 0, b""
        tail = b""
        os.lseek(self.handle, 0, os.SEEK_SET)
        while chunk := os.read(self.handle, _CHUNK):
            lines = (tail + chunk).splitlines(keepends=True)
            tail = b"" if lines[-1].endswith(b"\n") else lines.pop()
            if len(tail) > _LONGEST:
                raise RequestError(f"{self.path} does not hold rows")
            for line in lines:
                if count < 0 and line.decode("utf-8", "replace") != header:
                    raise RequestError(f"{self.path} is of another sweep: its columns differ")
                end += len(line)
                count, last = count + 1, line
        os.ftruncate(self.handle, end)
        os.lseek(self.handle, end, os.SEEK_SET)
        self.size = end
        if end == 0 and header:
            self.write(header)
            return Left(0, "")
        return Left(count, "" if count == 0 else last.decode("utf-8", "replace"))

    def write(self, text: str) -> None:
        """Append whole rows.

        Raises:
            RequestError: there is no room; the rows so far are whole.
        """
        data = text.encode()
        written = 0
        try:
            while written < len(data):
                written += os.write(self.handle, data[written:])
        except OSError as error:
            whole = data[:written].rfind(b"\n") + 1
            os.ftruncate(self.handle, self.size + whole)
            reason = f"{error.strerror}: the rows so far are whole, --resume goes on"
            raise RequestError(f"cannot write {self.path}: {reason}") from error
        self.size += len(data)

    def times(self, line: str) -> int:
        """How many of the rows are this one."""
        data, count, tail = line.encode(), 0, b""
        os.lseek(self.handle, 0, os.SEEK_SET)
        while chunk := os.read(self.handle, _CHUNK):
            lines = (tail + chunk).splitlines(keepends=True)
            tail = b"" if lines[-1].endswith(b"\n") else lines.pop()
            count += lines.count(data)
        os.lseek(self.handle, 0, os.SEEK_END)
        return count

    def close(self) -> None:
        """Leave the file as it is."""
        os.close(self.handle)


def next_variant(file: RowFile, size: int, is_row: Callable[[int, str], bool], chosen: bool) -> int:
    """The variant after the last row of a file.

    Args:
        file: the rows.
        size: how many variants there are.
        is_row: whether a line is the row of a variant.
        chosen: whether a condition leaves rows out: then the last row is looked for.

    Raises:
        RequestError: no variant of this sweep has that row.
    """
    left = file.left
    if not left.last:
        return 0
    if not chosen:
        if left.rows <= size and is_row(left.rows - 1, left.last):
            return left.rows
    else:
        times = file.times(left.last)  # a sample may draw a variant again
        for number in range(size):
            if is_row(number, left.last):
                times -= 1
                if not times:
                    return number + 1
    raise RequestError("the last row of the file is of another sweep: nothing was written")
