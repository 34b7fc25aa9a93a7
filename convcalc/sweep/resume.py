"""A file of rows that grows while a sweep runs, and is whole whenever it is looked at.

Rows are appended whole; what a kill left of the last one is cut off before the sweep goes on.
"""

import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import NamedTuple

from convcalc.escape import plain
from convcalc.files import IrregularFileError, open_to_extend, refuse_hidden
from convcalc.study.errors import RequestError

_CHUNK = 1 << 16
LONGEST_ROW = 1 << 20  #: bytes of a row, also of one that is read back


class Left(NamedTuple):
    """What a file already has."""

    rows: int
    last: str
    """Its last whole row, line break included; '' where it has none."""
    rest: str
    """What follows its last whole line: the beginning of another, which a kill left."""
    end: int
    """Bytes of its whole lines."""


class RowFile:
    """Rows in a file; each write ends with a whole row, or leaves the file as it was.

    Nothing is written before `begin`: a file may be of another sweep, or no rows at all.
    """

    def __init__(self, path: str, header: str, resume: bool, named: str) -> None:
        """Open a file.

        Args:
            path: its name.
            header: its first line, '' for none.
            resume: whether it may be there already.
            named: what ``--resume`` takes for it: the name of what is made of it in the end.

        Raises:
            RequestError: it cannot be written, or is not the file of such a sweep.
        """
        self.path, self.shown = path, plain(path)
        self.header = header
        try:
            refuse_hidden(path)
            self.handle = open_to_extend(path, resume)
        except FileExistsError as error:
            from shlex import quote

            resuming = f"--resume {quote(named)}" if plain(named) == named else "--resume"
            raise RequestError(
                f"{self.shown} exists: go on with {resuming}, or remove it"
            ) from error
        except IrregularFileError as error:
            raise RequestError(f"{self.shown} is not a regular file") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise RequestError(f"cannot write {self.shown}: {reason}") from error
        try:
            self.left = self._left()
        except RequestError:
            self.close()
            raise

    def _left(self) -> Left:
        end, count, last = 0, -1 if self.header else 0, b""
        tail = b""
        os.lseek(self.handle, 0, os.SEEK_SET)
        while chunk := os.read(self.handle, _CHUNK):
            lines = (tail + chunk).split(b"\n")
            tail = lines.pop()
            if len(tail) > LONGEST_ROW:
                raise RequestError(f"{self.shown} does not hold rows")
            for line in lines:
                if count < 0 and line.decode("utf-8", "replace") != self.header[:-1]:
                    raise RequestError(f"{self.shown} is of another sweep: its columns differ")
                end += len(line) + 1
                count, last = count + 1, line
        row = "" if count <= 0 else f"{last.decode('utf-8', 'replace')}\n"
        try:
            rest = getincrementaldecoder("utf-8")().decode(tail)
        except UnicodeDecodeError as error:
            if not row:  # after rows it may be what a machine left that lost its power
                raise RequestError(f"{self.shown} does not hold rows") from error
            rest = ""
        if count < 0 and not self.header.startswith(rest):
            raise RequestError(f"{self.shown} is of another sweep: its columns differ")
        return Left(max(count, 0), row, rest if count >= 0 else "", end)

    def begin(self) -> None:
        """Cut off what a kill left of a line, and write the header where there is none."""
        os.ftruncate(self.handle, self.left.end)
        os.lseek(self.handle, self.left.end, os.SEEK_SET)
        self.size = self.left.end
        if not self.size:
            self.write(self.header)

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
            raise RequestError(f"cannot write {self.shown}: {reason}") from error
        self.size += len(data)

    def times(self, line: str) -> int:
        """How many of the rows are this one."""
        data, count, tail = line.encode()[:-1], 0, b""
        os.lseek(self.handle, 0, os.SEEK_SET)
        while chunk := os.read(self.handle, _CHUNK):
            lines = (tail + chunk).split(b"\n")
            tail = lines.pop()
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
        is_row: whether a line is the row of a variant; without its line break, the beginning of it.
        chosen: whether a condition leaves rows out: then the last row is looked for.

    Raises:
        RequestError: no variant of this sweep has that row.
    """
    left = file.left
    if not left.last and not left.rest:
        return 0
    if not left.last:  # a file of one unfinished line: it may be anything
        if any(is_row(number, left.rest) for number in range(size if chosen else min(size, 1))):
            return 0
    elif not chosen:
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
