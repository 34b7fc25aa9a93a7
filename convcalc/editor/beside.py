"""The keys that are written beside a place of a text: no tree is needed."""

import re

from convcalc.editor.cursor import KEY
from convcalc.editor.positions import first_word

_TYPED = re.compile(r"[\w.+-]+")
_FLAT_KEY = re.compile(r"""(?:^|,)\s*["']?([\w.+-]+)["']?\s*:""")


def given(lines: list[str], line: int, column: int) -> frozenset[str]:
    """The keys beside the one that is typed: in the same braces, or at the same indent."""
    text = lines[line - 1] if line <= len(lines) else ""
    indent = first_word(text)
    for word in _TYPED.finditer(text):
        if word.start() < column <= word.end() + 1:
            text = text[: word.start()] + " " * len(word[0]) + text[word.end() :]
    start = _opened(text[: column - 1])
    if start is not None:
        own = text[start + 1 : len(text) if (end := _closed(text, start)) is None else end]
        return frozenset(_FLAT_KEY.findall(_outer(own)))
    found: set[str] = set()
    for numbers in (range(line - 1, 0, -1), range(line + 1, len(lines) + 1)):
        for number in numbers:
            other = lines[number - 1]
            if not other.strip() or first_word(other) > indent:
                continue
            if first_word(other) < indent or (number > line and other.lstrip()[:2] == "- "):
                break
            match = KEY.match(other)
            found |= {match[1]} if match else set()
            if other.lstrip()[:2] == "- ":
                break
    return frozenset(found)


def _opened(before: str) -> int | None:
    """Where the braces begin that a place is in; None outside of any."""
    waiting = 0
    for at in range(len(before) - 1, -1, -1):
        if before[at] in "]}":
            waiting += 1
        elif before[at] in "[{":
            if not waiting:
                return at if before[at] == "{" else None
            waiting -= 1
    return None


def _outer(text: str) -> str:
    """A text without what is in brackets in it."""
    found, depth = [], 0
    for char in text:
        depth += char in "[{"
        if not depth:
            found.append(char)
        depth -= char in "]}" and depth > 0
    return "".join(found)


def _closed(text: str, start: int) -> int | None:
    """Where braces end; None where they do not."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "[{") - (text[at] in "]}")
        if not depth:
            return at
    return None
