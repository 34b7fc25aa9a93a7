"""Numbers that are typed, or read from a text file."""

import re

from convcalc.demo.numbers import Number, exact

_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?"
)
_MOST = 200_000  #: numbers of a text


def numbers_of(text: str) -> tuple[Number, ...] | None:
    """``1,0,-1`` or one number a line as numbers; None where it is anything else.

    >>> numbers_of("1, 0 -0.5"), numbers_of("input.npy")
    ((1, 0, -0.5), None)
    """
    words = text.replace(",", " ").strip().split(maxsplit=_MOST - 1)
    if not words or not all(map(_NUMBER.fullmatch, words)):
        return None
    return tuple(exact(float(word)) for word in words)
