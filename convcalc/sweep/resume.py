"""A file of rows that grows while a sweep runs, and is whole whenever it is looked at.

Rows are appended whole; what a kill left of the last one is cut off before the sweep goes on.
"""

import os
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import NamedTuple

from convcalc.escape import plain
from convcalc.files import IrregularFileError, open_to_extend, refuse_hidden
from convcalc.study.errors import RequestError

_CHUNK = 1 << 16
WORKED_OUT_AGAIN = 16  #: rows of a file that are compared with what they are now
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

    def rows(self) -> Iterator[str]:
        """Its whole rows as they are, line breaks included."""
        os.lseek(self.handle, 0, os.SEEK_SET)
        waiting, begins = b"", not self.header
        while chunk := os.read(self.handle, _CHUNK):
            lines = (waiting + chunk).split(b"\n")
            waiting = lines.pop()
            for line in lines:
                if begins:
                    yield f"{line.decode('utf-8', 'replace')}\n"
                begins = True
        os.lseek(self.handle, 0, os.SEEK_END)

    def close(self) -> None:
        """Leave the file as it is."""
        os.close(self.handle)


def next_variant(
    file: RowFile,
    size: int,
    begins: Callable[[int, str], bool],
    is_row: Callable[[int, str], bool],
    is_left_out: Callable[[int], bool] | None = None,
) -> int:
    """The variant after the last row of a file.

    Every row has to be of the variant that comes there, and the first, the last and some between
    have to be what is worked out for them now; all of them would be the sweep once more. Of the
    variants that a condition has left out, the first and some behind it have to be left out now.

    Args:
        file: the rows.
        size: how many variants there are.
        begins: whether a line begins as the row of a variant does.
        is_row: whether a line is the row of a variant; without its line break, the beginning of it.
        is_left_out: whether a condition leaves a variant out; None where there is none.

    Raises:
        RequestError: a row is of no variant of this sweep, or of another net.
    """
    left, chosen = file.left, is_left_out is not None
    if not left.last and not left.rest:
        return 0
    if not left.last:  # a file of one unfinished line: it may be anything
        if any(is_row(number, left.rest) for number in range(size if chosen else min(size, 1))):
            return 0
        raise _of_another(0, 1)
    again = worked_out_again(left.rows)
    number = passed = 0
    for index, line in enumerate(file.rows()):
        while is_left_out is not None and number < size and not begins(number, line):
            passed += 1
            if not passed & (passed - 1) and not is_left_out(number):  # the first, 2nd, 4th, 8th
                raise _of_another(index, left.rows)
            number += 1
        if number >= size or not begins(number, line):
            raise _of_another(index, left.rows)
        if index in again and not is_row(number, line):
            raise _of_another(index, left.rows)
        number += 1
    return number


def worked_out_again(rows: int) -> frozenset[int]:
    """Which rows of a file are worked out again before it is gone on with: its ends, and between.

    >>> sorted(worked_out_again(3)), sorted(worked_out_again(16))[-3:]
    ([0, 1, 2], [13, 14, 15])
    """
    most = min(rows, WORKED_OUT_AGAIN)
    return frozenset(number * (rows - 1) // max(most - 1, 1) for number in range(most))


def _of_another(index: int, rows: int) -> RequestError:
    which = "the last row" if index == rows - 1 else f"row {index + 1:,}"
    return RequestError(f"{which} of the file is of another sweep: nothing was written")
