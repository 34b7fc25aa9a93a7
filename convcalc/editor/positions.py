"""Places of findings and places of editors: code points from 1, and code units from 0."""

import re
from bisect import bisect_right

from convcalc.findings import Span
from convcalc.source import LINE_BREAK

UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"  #: as editors call their units


class Lines:
    """A text by lines, as YAML and editors count them."""

    def __init__(self, text: str) -> None:
        self.lines = re.split(LINE_BREAK, text)
        self._starts: list[int] = []  # of the lines, where they are asked for
        self._text = text

    def line(self, number: int) -> str:
        """A line by its number from 1; '' beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def to_editor(self, line: int, column: int, units: str = UTF_16) -> tuple[int, int]:
        """An editor's line and unit, both from 0, of a line and column from 1."""
        line = min(max(line, 1), len(self.lines))
        return line - 1, _length(self.lines[line - 1][: max(column - 1, 0)], units)

    def from_editor(self, line: int, unit: int, units: str = UTF_16) -> tuple[int, int]:
        """The line and column, from 1, of an editor's; clipped to the text."""
        if line >= len(self.lines):
            return len(self.lines), len(self.lines[-1]) + 1
        text, passed = self.lines[max(line, 0)], 0
        for column, char in enumerate(text, 1):
            if passed >= unit:
                return max(line, 0) + 1, column
            passed += _length(char, units)
        return max(line, 0) + 1, len(text) + 1

    def end(self, number: int) -> Span:
        """The place after the last character of a line."""
        column = len(self.line(number)) + 1
        return Span(number, column, number, column)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column, from 1, of an offset into the text."""
        if not self._starts:
            ends = (found.end() for found in re.finditer(LINE_BREAK, self._text))
            self._starts = [0, *ends]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _length(text: str, units: str) -> int:
    if text.isascii() or units == UTF_32:
        return len(text)
    if units == UTF_8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def covers(span: Span, line: int, column: int) -> bool:
    """Whether a place is in a span, or right after its last character."""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def first_word(text: str) -> int:
    """How many characters of a line are before its first word: its indent, the dashes of a list."""
    found = re.match(r"\s*(?:-\s+)*", text)
    return found.end() if found else 0
