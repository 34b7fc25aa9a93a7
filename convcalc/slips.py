"""Slips of the keys: by how many letters two words differ, and whether the keys are neighbours."""

import re

_SHORT = 4  #: letters of a word in which another vowel may be a slip
_VOWELS = frozenset("aeiou")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (row, place) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}


def bare(word: str) -> str:
    """A word without what joins its parts."""
    return re.sub("[-_ .]", "", word)


def slips(word: str, name: str, anywhere: bool = False) -> int:
    """The single letters to add, leave out, exchange or swap to make one word of another.

    With `anywhere`, of a word and what is most like it among the letters of the other.
    """
    before: list[int] = []
    row = [0] * (len(name) + 1) if anywhere else list(range(len(name) + 1))
    for i, letter in enumerate(word, 1):
        last, row = row, [i]
        for j, other in enumerate(name, 1):
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, word[i - 2]) == (name[j - 2], other):
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = last
    return min(row) if anywhere else row[-1]


def is_typed_for(one: str, other: str, letters: int) -> bool:
    """Whether a letter in a short word may be a slip for another: a neighbour, or both vowels.

    The consonants of such words stand for words of their own: another is another operation.
    """
    return _beside(one, other) or (letters == _SHORT and _VOWELS.issuperset((one, other)))


def _beside(one: str, other: str) -> bool:
    """Whether two letters are neighbours on the keyboard, or one is of another alphabet."""
    if one not in _KEYS or other not in _KEYS:
        return not (one + other).isascii()
    (row, place), (below, at) = sorted((_KEYS[one], _KEYS[other]))
    return place - at in ({0, 1} if below == row + 1 else {1, -1} if below == row else ())
