"""Which argument of a block is typed at a place: no tree of the place itself is needed."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from convcalc.editor.cursor import Typing


class Wanted(NamedTuple):
    """The argument whose value is typed."""

    block: str
    """'' for a variable of the file."""
    name: str
    line: int
    """Of the call, or of the definition."""
    listed: bool
    """Whether it is an item of the list that a call gives, else it has its name before it."""


def wanted(
    here: Typing,
    arguments: Callable[[str], Collection[str] | None],
    lines: list[str],
    line: int,
    column: int,
) -> Wanted | None:
    """The argument at a place, of `arguments` by block (None for what is none); None for none."""
    path, key = here.keys, here.key
    if key is not None and path[-1:] == (key,):
        path = path[:-1]
    if path == ("vars",) and key is not None:
        return Wanted("", key, line, False)
    if len(path) == 3 and path[0] == "blocks" and path[2] == "args" and key is not None:
        return Wanted(path[1], key, line, False)
    if key is not None and arguments(key) is not None:  # all that the call gives, or a list of it
        place = _commas(lines[line - 1][: column - 1])[-1] if here.entry and here.inside else 0
        return _at(key, place, arguments, line)
    *around, block = path or ("",)
    if around == ["blocks"]:
        return None
    if key is not None:
        named = arguments(block)
        return Wanted(block, key, line, False) if named and key in named else None
    if not here.entry:
        return None
    if arguments(block) is not None:
        if here.inside:  # a list in the list
            return _at(block, _commas(lines[line - 1][: column - 1])[-2:][0], arguments, line)
        place, start = _dashes(lines, line)
        return _at(block, place, arguments, start)
    outer = arguments(around[-1]) if around and around != ["blocks"] else None
    if outer and block in outer:  # a list below the argument's name
        return Wanted(around[-1], block, _dashes(lines, line)[1], False)
    return None


def _at(
    block: str, place: int, arguments: Callable[[str], Collection[str] | None], line: int
) -> Wanted | None:
    """The argument of a block by its place."""
    names = [*(arguments(block) or ())]
    return Wanted(block, names[place], line, True) if place < len(names) else None


def _commas(text: str) -> list[int]:
    """How many commas are before a place in each of the brackets around it, outermost first."""
    found = [0]
    for char in text:
        if char in "[{":
            found.append(0)
        elif char in "]}" and len(found) > 1:
            found.pop()
        elif char == ",":
            found[-1] += 1
    return found


def _dashes(lines: list[str], line: int) -> tuple[int, int]:
    """How many items of a list are above the one on a line, and the line of the list's key."""
    indent, count = _indent(lines[line - 1]), 0
    for number in range(line - 1, 0, -1):
        text = lines[number - 1]
        if not text.strip() or text.lstrip()[0] == "#" or _indent(text) > indent:
            continue
        if _indent(text) < indent or text.lstrip()[:2] != "- ":
            return count, number
        count += 1
    return count, line


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
