"""What the arguments of a block are called in Python."""

import builtins
import keyword
from collections.abc import Iterable

from convcalc.interop.write.words import OWN_NAMES

IN_CHANNELS = "in_channels"
_TAKEN = {*OWN_NAMES, "y", "z", IN_CHANNELS, *dir(builtins)}


def pythonic(words: Iterable[str]) -> dict[str, str]:
    """Names that Python code can have beside its own, another for each word."""
    found: dict[str, str] = {}
    words = dict.fromkeys(words)
    taken: set[str] = set()
    for word in words:
        name = safe(word)
        while name != word and (name in words or name in taken):
            name = f"{name}_"
        found[word] = name
        taken.add(name)
    return found


def safe(word: str) -> str:
    """A name that Python code can have beside its own."""
    taken = keyword.iskeyword(word) or word in _TAKEN
    # ``__x`` is another name in each class
    return f"{word.lstrip('_')}_" if word.startswith("__") else f"{word}_" if taken else word
