"""Colour and characters of the terminal, decided once and handed to the renderers.

Plain escape codes: a table through rich costs more start-up than the whole analysis (see
tests/benchmarks), and these few codes are all that is needed.
"""

from convcalc.records import NamedTuple

_CODES = {
    "bold": "1",
    "dim": "2",
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bar": "36",
    "title": "1",
    "help": "32",
    "added": "32",
    "removed": "31",
    "changed": "33",
}


class Palette(NamedTuple):
    """How to write to one output."""

    colour: bool = False
    unicode: bool = True
    width: int | None = None
    """Columns of the terminal; None where the output is no terminal and nothing is squeezed."""

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of its role; unchanged without colour."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text

    def bar(self, part: int, whole: int, width: int) -> str:
        """A bar of at most `width` columns, in eighths where the output knows them."""
        if not whole:
            return ""
        eighths = round(8 * width * part / whole)
        if not self.unicode:
            return "#" * max(eighths // 8, 1 if part * 50 > whole else 0)
        full, rest = divmod(eighths, 8)
        return "\u2588" * full + (" \u258f\u258e\u258d\u258c\u258b\u258a\u2589"[rest].strip())


PLAIN = Palette()
