"""Where the rows of a sweep go as they come: a file, standard output, or nowhere for text."""

import os
import sys
from time import monotonic
from typing import Self

from convcalc.report.sweep.formats import FORMATS
from convcalc.study.errors import RequestError
from convcalc.sweep.request import Request
from convcalc.sweep.resume import RowFile, next_variant
from convcalc.sweep.variant import Row, Variants

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
            if os.path.lexists(file):
                again = f"{file} exists and is complete: remove it first"
                raise RequestError(again)
        self.file = RowFile(growing, header, resume)
        try:
            size, chosen = wanted.grid.size, wanted.where is not None
            self.start = next_variant(self.file, size, self._is, chosen)
            self.file.begin()
        except RequestError:
            self.file.close()
            raise

    def _is(self, number: int, line: str) -> bool:
        """Whether a line is the row of a variant, which is worked out only where it may be.

        Of a line without its end: whether the row begins so.
        """
        assert self.format is not None, "only rows of a file are looked for"
        values = self.wanted.grid.variant(number)
        beginning = self.format.beginning(self.wanted, values)
        if not (line.startswith(beginning) or beginning.startswith(line)):
            return False
        row = Variants(self.wanted.plan).row(number, values)
        whole = self.format.line(self.wanted, row)
        return whole == line if line.endswith("\n") else whole.startswith(line)

    def write(self, row: Row) -> None:
        """Take a row; it is written soon."""
        if self.format is None:
            return
        self.waiting.append(self.format.line(self.wanted, row))
        self.count += 1
        if len(self.waiting) >= _WAITING or monotonic() > self.last + _SECONDS:
            self.flush()

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
        """Write what waits and, where a format needs it, make the file of all rows."""
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
