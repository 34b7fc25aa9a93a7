"""What the writers share: words taken apart, names and docstrings made safe, long lines folded."""

import keyword
import re
from collections.abc import Collection, Iterable

from convcalc.findings import plain

_WIDTH = 100
#: what the code that is written calls and counts with: no value of a layer may have these names
OWN_NAMES = frozenset(
    """
    self x _ i torch nn F keras layers np math build super range slice reversed zip map
    len list tuple int float bool min max round sum
    """.split()  # noqa: SIM905
)
#: letters that look like digits: no linter takes them for names
_AMBIGUOUS = frozenset("lIO")
#: no keyword, but Python takes no assignment to it
_CONSTANT = "__debug__"
_HEAD = re.compile(r"(\s*def \w+\()(.*)\)( -> [^()]*:)")


class CannotWriteError(ValueError):
    """Some layers have no counterpart; the message names them all."""


class TooLargeError(ValueError):
    """A file would be larger than the other tool reads."""


def variable(name: str) -> str:
    """A Python name for a layer's name, beside those that the code has itself."""
    found = re.sub(r"\W", "_", name)
    taken = found in OWN_NAMES or found in _AMBIGUOUS or found == _CONSTANT
    if not found or found[0].isdigit() or keyword.iskeyword(found) or taken:
        found = f"y_{found}"
    return found


class Names:
    """Names in code, each given once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}
        """The first number behind a name that may be free: thousands may differ in ``-`` alone."""

    def free(self, name: str, between: str = "_") -> str:
        """This name, or where it is taken the first free one with a number behind."""
        found, number = name, self._next.get(name, 2)
        while found in self._taken:
            found, number = f"{name}{between}{number}", number + 1
        self._next[name] = number
        self._taken.add(found)
        return found


def split_words(words: str) -> list[str]:
    """``nn.A(...), nn.B(...)`` as its parts."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(words):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append(words[start:i].strip())
            start = i + 1
    return [*parts, words[start:].strip()]


def keyword_before(text: str, end: int) -> str:
    """The keyword of the argument that starts there; '' where it is given by its place."""
    if text[end - 1 : end] != "=":
        return ""
    start = end - 1
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start : end - 1]


def folded(line: str) -> str:
    """A line of at most 100 letters; a longer call, or a longer function's head, over several."""
    if len(line) <= _WIDTH:
        return line
    head = _HEAD.fullmatch(line)
    if head:
        opened, inside, closed = head[1], head[2], f"){head[3]}"
    elif line.endswith(")") and "(" in line and line.startswith(" " * 4):
        opened, _, inside = line.partition("(")
        opened, inside, closed = f"{opened}(", inside[:-1], ")"
    else:
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    parts = [f"{indent}    {part}," for part in split_words(inside)]
    return "\n".join([opened, *parts, f"{indent}{closed}"])


def returning_tensors(forward: list[str], given: Collection[str]) -> list[str]:
    """A body whose result has a type, where that is not one of the function's arguments.

    What a module gives is of any type to type checkers.
    """
    result = forward[-1].removeprefix("return ")
    if result in given or not result.isidentifier():
        return forward
    made = re.compile(rf"(\s*{result}) = ")
    first = next((at for at, line in enumerate(forward) if made.match(line)), len(forward))
    typed = [made.sub(r"\1: torch.Tensor = ", line, count=1) for line in forward[first : first + 1]]
    return [*forward[:first], *typed, *forward[first + 1 :]]


def docstring(text: str) -> str:
    """Text for a docstring: in one line, without quotes and backslashes that would end it."""
    safe = plain(" ".join(text.split()))
    return safe.replace("\\", "/").replace('"', "'").rstrip(". ")
