"""Whether a text fits a pattern with ``*``, ``?`` and ``[...]``: `fnmatch`, at a known cost.

`fnmatch` has `re` compile each pattern. Where a stranger wrote it, that is the dearer part: a set
of letters with one above U+00FF takes up to 2 ms, and a pattern has a hundred of them. Here
nothing is compiled, and every comparison is counted.
"""

from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

_BEGINNING = 2  #: comparisons that beginning one piece at one place counts for
_ANY = (0,)  #: any letter, from the first on

#: one character: itself, or where the ranges of a set begin and end, by turns
_Sign = str | tuple[int, ...]
#: what is between two stars: letters that are found as they are, or signs
_Piece = str | tuple[_Sign, ...]


class Wildcards:
    """One pattern. A ``*`` stands for any letters, ``/`` and line breaks too."""

    __slots__ = ("_pieces", "compared")

    def __init__(self, pattern: str) -> None:
        self._pieces = _pieces(pattern)
        self.compared = 0
        """How often all tries so far compared a letter with a sign, one by one."""

    def fits(self, text: str) -> bool:
        """Whether it stands for all of a text.

        >>> Wildcards("*/net[0-9].y*ml").fits("nets/net3.yaml"), Wildcards("[!a]?").fits("ab")
        (True, False)
        """
        first, *others = self._pieces
        if not others:
            return len(first) == len(text) and self._at(first, text, 0)
        last = others.pop()
        place, end = len(first), len(text) - len(last)
        if place > end or not self._at(first, text, 0) or not self._at(last, text, end):
            return False
        for piece in others:  # each as early as it is found: what follows has the most room then
            found = self._find(piece, text, place, end)
            if found < 0:
                return False
            place = found + len(piece)
        return True

    def _find(self, piece: _Piece, text: str, start: int, end: int) -> int:
        """Where a piece is in a part of a text; -1 where it is not."""
        if isinstance(piece, str):
            return text.find(piece, start, end)
        places = range(start, end - len(piece) + 1)
        return next((place for place in places if self._at(piece, text, place)), -1)

    def _at(self, piece: _Piece, text: str, place: int) -> bool:
        if isinstance(piece, str):
            return text.startswith(piece, place)
        self.compared += _BEGINNING
        for at, sign in enumerate(piece, place):
            self.compared += 1
            letter = text[at]
            if letter != sign if isinstance(sign, str) else not bisect_right(sign, ord(letter)) % 2:
                return False
        return True


def _pieces(pattern: str) -> tuple[_Piece, ...]:
    pieces = list[_Piece]()
    signs = list[_Sign]()
    at = 0
    while at < len(pattern):
        letter, at = pattern[at], at + 1
        if letter == "*":
            pieces.append(_piece(signs))
            signs = []
        elif letter == "?":
            signs.append(_ANY)
        elif letter == "[" and (end := _closed(pattern, at)) > 0:
            signs.append(_ranges(pattern[at:end]))
            at = end + 1
        else:
            signs.append(letter)
    return (*pieces, _piece(signs))


def _piece(signs: list[_Sign]) -> _Piece:
    letters = "".join(sign for sign in signs if isinstance(sign, str))
    return letters if len(letters) == len(signs) else tuple(signs)


def _closed(pattern: str, start: int) -> int:
    """Where a set ends, a bracket first in it aside; -1 where it does not, and is no set."""
    start += pattern.startswith("!", start)
    return pattern.find("]", start + pattern.startswith("]", start))


@lru_cache(maxsize=4096)
def _ranges(inner: str) -> tuple[int, ...]:
    """Where the letters of a set begin and end, by turns, in order."""
    parts = _parts(inner)
    negated = parts[0][:1] == "!"
    if negated:
        parts[0] = parts[0][1:]
        if not parts[0] and len(parts) > 1:  # a hyphen that comes first is one
            parts[:2] = [f"-{parts[1]}"]
    ranges = [(ord(letter), ord(letter)) for part in parts for letter in part]
    ranges += [(ord(a[-1]), ord(b[0])) for a, b in pairwise(parts)]
    bounds = list[int]()
    for first, last in sorted(ranges):
        if bounds and first <= bounds[-1]:
            bounds[-1] = max(bounds[-1], last + 1)
        else:
            bounds += first, last + 1
    return (0, *bounds) if negated else tuple(bounds)


def _parts(inner: str) -> list[str]:
    """What is between the brackets of a set, without the hyphens that make ranges.

    As `fnmatch` reads it: a hyphen that is the first or last letter, or of the end of a range, is a
    letter, and a range without letters is none.
    """
    parts = list[str]()
    start, hyphen = 0, inner.find("-", 2 if inner[:1] == "!" else 1)
    while hyphen > 0:
        parts.append(inner[start:hyphen])
        start, hyphen = hyphen + 1, inner.find("-", hyphen + 3)
    if inner[start:]:
        parts.append(inner[start:])
    else:
        parts[-1] += "-"
    for at in range(len(parts) - 1, 0, -1):
        if parts[at - 1][-1] > parts[at][0]:
            parts[at - 1 : at + 1] = [parts[at - 1][:-1] + parts[at][1:]]
    return parts
