"""A text that findings are about, and the name it goes by."""

import re

from convcalc.records import NamedTuple

#: What ends a line in YAML and in its editors.
LINE_BREAK = "\r\n|[\n\r]"


class Source(NamedTuple):
    """A text and what findings call it; empty for a network without one."""

    path: str
    text: str

    def line_of(self, place: int) -> int:
        """The line, from 1, of a place in the text."""
        return self.text.count("\n", 0, place) + 1

    def lines(self) -> list[str]:
        """The text's lines as YAML counts them."""
        return re.split(LINE_BREAK, self.text)
