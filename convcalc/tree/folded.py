"""Scalars over several lines, and where in the file each of their words is.

Folding changes the white space between words alone, so the words are found again in the file in
their order; only one that is written with escapes is not, and is reported with the one before it.
"""

import re

from convcalc.source import LINE_BREAK
from convcalc.tree.nodes import Marked

#: What comes before the text: an anchor or tag, then a quote or the head of a block scalar.
_HEAD = r"(?:[&!]\S*\s+)*(?:[|>][^\r\n]*|[\"'])?"


class Folded(Marked):
    """A scalar over several lines."""

    __slots__ = ("_beginning", "_file", "_index", "_offsets", "_places", "_stop")

    def __init__(
        self, text: str, plain: bool, start: int, end: int, file: str, index: int, stop: int
    ) -> None:
        super().__init__(text, plain, start, end)
        self._file = file
        self._index = index
        self._stop = stop
        self._offsets: list[int] = []
        self._places: list[int] = []
        self._beginning: set[int] = set()  # places of words that begin a line after the first

    def place(self, offset: int) -> int:
        """The place in the file of a character of its text."""
        if not self._offsets:
            self._find()
        from bisect import bisect_right  # most are in no finding

        word = max(bisect_right(self._offsets, offset) - 1, 0)
        return self._places[word] + max(offset - self._offsets[word], 0)

    def _find(self) -> None:
        """Look up every word in the file."""
        head = re.compile(_HEAD).match(self._file, self._index)
        line_break = re.compile(LINE_BREAK)
        at = head.end() if head else self._index
        line, begin = self.start >> 32, self._index - (self.start & 0xFFFFFFFF)
        seen = self._index
        for match in re.finditer(r"\S+", self.text):
            found = self._file.find(match[0], at, self._stop)
            if found < 0:
                break
            for newline in line_break.finditer(self._file, seen, found):
                line, begin = line + 1, newline.end()
            self._offsets.append(match.start())
            self._places.append(line << 32 | found - begin)
            if seen <= begin and line > self.start >> 32 and not self._file[begin:found].strip():
                self._beginning.add(self._places[-1])
            seen = at = found + len(match[0])
        if not self._offsets:
            self._offsets, self._places = [0], [self.start]

    def hyphen_column(self) -> int | None:
        """The column, from 1, of the hyphen of the list entry that it starts after."""
        begin = self._index - (self.start & 0xFFFFFFFF)
        before = self._file[begin : self._index].rstrip(" ")
        return len(before) if before.endswith("-") else None

    def starts_line(self, place: int) -> bool:
        """Whether a word of it is at a place, with only blanks before it, after the first line."""
        if not self._offsets:
            self._find()
        return place in self._beginning
