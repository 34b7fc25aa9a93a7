"""Keys of an entry, such as its `name`, on lines between the entry's kind and its options.

To YAML the options then belong to the value above them, which is a text and has no keys.
"""

import re
from typing import NamedTuple

from convcalc.findings import Span, plain
from convcalc.tree.nodes import BESIDE
from convcalc.tree.slips import Slip, code, indent, line_above

#: how the help ends: what it says is an edit
MOVED = "below the options, in the same column"
_KIND = re.compile(r"( *(?:- +)*)([\w.-]+):\Z")
_VALUE = re.compile(r" *(\w+): +\S")
_KEYED = re.compile(r" *[\w.=-]+:(?: |\Z)")


def between(lines: list[str], line: int) -> Slip | None:
    """``- add:``, ``name: sum`` and, one level deeper, ``branches:``, at the key in between.

    `line` is that at which the parser has stopped: the first of the options.
    """
    number, first = line_above(lines, line), 0
    column = indent(lines[number - 1]) if number else 0
    while number and _is_beside(lines[number - 1], column):
        number, first = line_above(lines, number), number
    found = block(lines, first) if first else None
    if found is None or found.options != line:
        return None
    words = " and ".join(f"`{key}:`" for key in found.keys)
    are, these = ("are", "these lines") if len(found.keys) > 1 else ("is", "this line")
    what = f"{words} {are} between `{plain(found.kind)}:` and its options"
    span = Span(first, column + 1, first, column + len(found.keys[0]) + 2)
    return what, span, f"move {these} {MOVED}", "in between"


class Block(NamedTuple):
    """Lines that belong below others; all are counted from 1."""

    kind: str
    keys: tuple[str, ...]
    first: int
    """The first of the lines; they end above the options."""
    options: int
    """The first of the options of `kind`."""
    end: int
    """The last of the options."""


def block(lines: list[str], first: int) -> Block | None:
    """The keys between a kind and its options, of which the first is in line `first`."""
    column, last = indent(lines[first - 1]), len(lines)
    number = line_above(lines, first)
    kind = _KIND.match(code(lines[number - 1])) if number else None
    if kind is None or len(kind[1]) != column or kind[2] in BESIDE:
        return None
    options = first
    while options <= last and (
        not code(lines[options - 1]) or _is_beside(lines[options - 1], column)
    ):
        options += 1
    if options > last or not _is_option(lines[options - 1], column):
        return None
    end = options
    for number in range(options, last + 1):
        if code(lines[number - 1]):
            if indent(lines[number - 1]) <= column:
                break
            end = number
    keys = [match[1] for text in lines[first - 1 : options - 1] if (match := _VALUE.match(text))]
    return Block(kind[2], tuple(keys), first, options, end)


def _is_beside(text: str, column: int) -> bool:
    """Whether a line is a key of an entry with its value, in a column."""
    match = _VALUE.match(code(text))
    return match is not None and match[1] in BESIDE and indent(text) == column


def _is_option(text: str, column: int) -> bool:
    """Whether a line is a key that belongs to one in a column."""
    return indent(text) > column and _KEYED.match(text) is not None


def moved(lines: list[str], found: Block) -> list[str]:
    """The lines with the block below the options."""
    first, options, end = found.first - 1, found.options - 1, found.end
    return [*lines[:first], *lines[options:end], *lines[first:options], *lines[end:]]
