"""Did you mean: of several words the known phrase, such as a term or an option."""

from collections.abc import Iterable, Sequence

_LONGEST = 100  #: letters of a word that are compared
_ALIKE = 0.6  #: share of equal letters from which a phrase is named
_SURE = 0.8  #: and from which no phrase that shares a word is nearer
_STEM = 4  #: letters with which a word is begun


def phrase(words: Sequence[str], known: Iterable[str]) -> str:
    """The known phrase that some words were probably meant to be; '' where none is near.

    A word in common counts more than letters, unless nearly all of them are equal.
    """
    from difflib import SequenceMatcher

    asked, first = " ".join(words)[:_LONGEST].lower(), words[0][:_LONGEST].lower()
    parts = {word for word in asked.replace("-", " ").split() if len(word) > 2}

    def rank(name: str) -> tuple[bool, int, float]:
        shared = parts & set(name.replace("-", " ").replace("_", " ").split())
        alike = SequenceMatcher(None, asked, name).ratio()
        one = SequenceMatcher(None, first, name).ratio()
        return alike >= _SURE, len(shared), max(alike, one)

    close = max(known, key=rank)
    _, shared, alike = rank(close)
    letters = any(_few_letters_apart(one, close) for one in (asked, first))
    return close if shared or (alike >= _ALIKE and letters) else ""


def _few_letters_apart(one: str, other: str) -> bool:
    """Whether words differ in a letter, longer ones in two or three, or one only goes on."""
    if (len(one) >= _STEM and other.startswith(one)) or sorted(one) == sorted(other):
        return True  # or two letters changed places
    before: list[int] = [*range(len(other) + 1)]
    for number, letter in enumerate(one, 1):  # Levenshtein's distance
        now = [number]
        for at, against in enumerate(other, 1):
            same = before[at - 1] + (letter != against)
            now.append(min(same, before[at] + 1, now[-1] + 1))
        before = now
    allowed = max(1, min(3, len(one) // 4))
    return before[-1] <= allowed
