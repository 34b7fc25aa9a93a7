"""Where the rows of a sweep go as they come: a file, standard output, or nowhere for text."""

import os
import sys
from collections.abc import Iterator
from time import monotonic
from typing import Self

from convcalc.escape import plain
from convcalc.report.sweep.formats import FORMATS
from convcalc.study.errors import RequestError
from convcalc.study.links import leads_out
from convcalc.sweep.request import Request
from convcalc.sweep.resume import RowFile, next_variant
from convcalc.sweep.rows import names
from convcalc.sweep.variant import VariantRow, Variants

_WAITING = 256  #: rows that wait to be written together
_SECONDS = 1.0  #: that a row waits at most for the next


class Rows:
    """The rows of one run."""

    def __init__(self, wanted: Request, form: str, file: str | None, resume: bool) -> None:
        """Find where the run begins.

        Raises:
            RequestError: the file cannot be written, or is of another sweep.
        """
        self.wanted = wanted
        self.start = self.count = 0
        self.path = file
        self.file: RowFile | None = None
        self.format = None if form == "text" else FORMATS[form]()
        self.waiting: list[str] = []
        self.last = monotonic()
        self.met_again = 0
        """Rows of a search that the file has."""
        self.kept: Iterator[str] = iter(())
        """They, as they are."""
        self.begun = True
        """The file is one that this run may write."""
        if self.format is None:
            return
        self.format.require()
        header = self.format.header(wanted)
        if file is None:
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
            sys.stdout.write(header)
            return
        growing = file
        if self.format.finish is not None:  # its file exists only when it is complete
            growing = f"{file}.part"
            wrong = leads_out(growing)
            if wrong:
                raise RequestError(wrong)
            if os.path.lexists(file):
                again = f"{plain(file)} exists and is complete: remove it first"
                raise RequestError(again)
        self.file = RowFile(growing, header, resume, file)
        if wanted.search:  # what is tried depends on all that was: its rows are met again
            self.met_again, self.kept = self.file.left.rows, self.file.rows()
            self.begun = False
            return
        try:
            left_out = None if wanted.where is None else self._is_left_out
            size = wanted.grid.size
            self.start = next_variant(self.file, size, self._begins, self._is, left_out)
            self.file.begin()
        except RequestError:
            self.file.close()
            raise

    @property
    def had(self) -> int:
        """How many rows the file had."""
        return 0 if self.file is None else self.file.left.rows

    def _begins(self, number: int, line: str) -> bool:
        """Whether a line begins with the values of a variant, or is a part of them."""
        assert self.format is not None, "only rows of a file are looked for"
        values = self.wanted.grid.variant(number)
        beginning = self.format.beginning(self.wanted, values)
        return line.startswith(beginning) or beginning.startswith(line)

    def _is(self, number: int, line: str) -> bool:
        """Whether a line is the row of a variant, which is worked out only where it may be.

        Of a line without its end: whether the row begins so.
        """
        assert self.format is not None, "only rows of a file are looked for"
        if not self._begins(number, line):
            return False
        values = self.wanted.grid.variant(number)
        row = Variants(self.wanted.plan).row(number, values)
        whole = self.format.line(self.wanted, row)
        same = whole == line if line.endswith("\n") else whole.startswith(line)
        return same and self._holds(row)

    def _is_left_out(self, number: int) -> bool:
        row = Variants(self.wanted.plan).row(number, self.wanted.grid.variant(number))
        return not self._holds(row)

    def _holds(self, row: VariantRow) -> bool:
        """Whether a row meets the condition, if there is one."""
        where = self.wanted.where
        return where is None or where.holds(names(self.wanted, row))

    def write(self, row: VariantRow) -> None:
        """Take a row; it is written soon."""
        if self.format is None:
            return
        line = self.format.line(self.wanted, row)
        if not self.begun and self._has(line):
            return
        self.waiting.append(line)
        self.count += 1
        if len(self.waiting) >= _WAITING or monotonic() > self.last + _SECONDS:
            self.flush()

    def _has(self, line: str) -> bool:
        """Whether the file has this row of a search.

        Raises:
            RequestError: it is of another search.
        """
        assert self.file is not None, "only a file has rows"
        left = self.file.left
        if self.met_again:
            self.met_again -= 1
            if line == next(self.kept, ""):
                return True
        elif line.startswith(left.rest):
            self.file.begin()
            self.begun = True
            return False
        which = "a row" if self.met_again else "the last row"
        raise RequestError(f"{which} of the file is of another search: nothing was written")

    def flush(self) -> None:
        """Write what waits."""
        text = "".join(self.waiting)
        self.waiting.clear()
        self.last = monotonic()
        if self.file is not None:
            self.file.write(text)
        elif text:
            sys.stdout.write(text)
            sys.stdout.flush()

    def finish(self) -> None:
        """Write what waits and, where a format needs it, make the file of all rows.

        Raises:
            RequestError: the file has rows that this search has not.
        """
        if not self.begun:
            if self.met_again:
                raise RequestError("the file has more rows than this search: nothing was written")
            assert self.file is not None, "only a file has rows"
            self.file.begin()
        self.flush()
        if self.file is None or self.format is None or self.format.finish is None:
            return
        assert self.path is not None, "it has a file"
        self.format.finish(self.wanted, self.file.path, self.path)
        os.unlink(self.file.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is KeyboardInterrupt:  # the rows that are done are kept
                self.flush()
        finally:
            if self.file is not None:
                self.file.close()
