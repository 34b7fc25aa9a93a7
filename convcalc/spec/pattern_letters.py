"""Options behind a short form as words of their own: ``conv3-8 p0``, ``pool3 stride 2``."""

import re
from collections.abc import Container, Sequence

from convcalc.spec.pattern_times import times_fault
from convcalc.spec.shortforms import expand

Fault = tuple[str, int, int, tuple[str, ...]]
Token = tuple[str, int]  #: a word, and where it starts in the pattern

#: words that give a layer its name, or a merge what it reads, and the beginning of one
NAMING = frozenset({"as", "AS", "As", "with", "from", "and"})
GIVEN = "name="

_LETTERS = re.compile("(?:[spdg][0-9]{1,4})+")
_OPTIONS = {"stride": "s", "strides": "s", "pad": "p", "padding": "p", "dilation": "d",
            "groups": "g", "s": "s", "p": "p", "d": "d", "g": "g"}  # fmt: skip


def odd_word(tokens: Sequence[Token], index: int, blocks: Container[str]) -> Fault | None:
    """What to report of a word that is how often something is, or a layer's options or name."""
    if found := times_fault(tokens, index) or letters_fault(tokens, index, blocks):
        return found
    word = tokens[index][0]
    if not index or not (word in NAMING or word.startswith(GIVEN)):
        return None
    from convcalc.spec.pattern_names import name_fault  # only where something is wrong

    return name_fault(tokens, index, blocks)


def letters_fault(tokens: Sequence[Token], index: int, blocks: Container[str]) -> Fault | None:
    """What to report of a word that is an option of the short form before it.

    The message, where it starts in the pattern, its length and the help; None for other words.
    """
    if not index or not expand(tokens[index - 1][0].lower()):
        return None
    form, start = tokens[index - 1]
    joined, end = form.lower(), 0
    while index < len(tokens):
        letters, taken = _letters(tokens, index)
        if not letters or tokens[index][0] in blocks or not expand(joined + letters):
            break
        index += taken
        word, at = tokens[index - 1]
        joined, end = joined + letters, at + len(word)
    if not end:
        return None
    return (
        "the options of a layer are in its word",
        start,
        end - start,
        (f"did you mean `{joined}`?",),
    )


def _letters(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """The option at a word, as the letters of a short form, and how many words it takes; or ''."""
    word = tokens[index][0].lower()
    if _LETTERS.fullmatch(word):
        return word, 1
    number = tokens[index + 1][0] if index + 1 < len(tokens) else ""
    if not number.isdecimal() or not word.isalpha():
        return "", 0
    letter = _OPTIONS.get(word, "")
    if not letter:
        from convcalc.suggest import Suggestions  # only where something is wrong

        letter = _OPTIONS.get(Suggestions().nearest(word, tuple(_OPTIONS)), "")
    return f"{letter}{number}" if letter else "", 2
