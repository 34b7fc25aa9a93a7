"""A list of layers whose key `layers:` is forgotten, below a block's arguments or a repeat's times.

YAML has no list beside keys, so that a parser gives up at the first entry of the list.
"""

import re

from convcalc.findings import Span, plain
from convcalc.tree.slips import Slip, code, indent

_LONGEST = 1000  #: letters of a line that is looked at
_MOST = 200  #: lines that are gone through for the key above the list
_KEY = re.compile(r" *((?:- +)*)([\w.-]+):(?: +(.*))?\Z")
_BESIDE = {"blocks": frozenset({"args", "notes"}), "repeat": frozenset({"times"})}
#: how the help begins for a list that lacks its key alone, and for a block whose arguments do too
ABOVE = "write `layers:` on a line of its own above the list, in column "
UNDER = "a block's arguments are under `args:`: write "


def unkeyed_list(lines: list[str], line: int) -> Slip | None:
    """``- conv3-8`` where a block has `args: {...}` above it, or its arguments in its own line."""
    text = code(lines[line - 1])
    if len(text) > _LONGEST or not re.match(" *- ", text):
        return None
    own = indent(text)
    span = Span(line, own + 1, line, len(text) + 1)
    keys, above = _beside(lines, line, own)
    match = _KEY.match(code(lines[above - 1])[:_LONGEST]) if above else None
    if match is None:
        return None
    holder = "repeat" if match[2] == "repeat" else "blocks"
    what = "`layers:` is missing above the list"
    if not match[3]:
        if holder == "blocks" and _key_above(lines, above) != "blocks":
            return None
        if not keys or not keys <= _BESIDE[holder]:
            return None
        return what, span, f"{ABOVE}{own + 1}", "no key"
    if keys or match[1]:
        return None
    if match[2] == "args" and _key_above(lines, _above(lines, above)) == "blocks":
        return what, span, f"{ABOVE}{indent(code(lines[above - 1])) + 1}", "no key"
    if _key_above(lines, above) == "blocks":
        return what, span, arguments(match[2], match[3], own + 1), "no key"
    return None


def arguments(block: str, value: str, column: int) -> str:
    """What to write for a block whose arguments are in its own line."""
    block, value = plain(block), plain(value.strip())
    whole = f"`{block}:` alone in its line, and below it, both in column {column}"
    if value[:1] in {"{", "["} and value[-1:] in {"}", "]"} and "`" not in value:
        return f"{UNDER}{whole}, `args: {value}` and `layers:`"
    return f"a block has args and layers: write {whole}, `args: {{...}}` and `layers:`"


def _beside(lines: list[str], line: int, column: int) -> tuple[set[str], int]:
    """The keys above a line in its column, and the line that has them; 0 below an entry."""
    keys = set[str]()
    for number in range(line - 1, max(line - _MOST, 0), -1):
        text = code(lines[number - 1])
        if not text or indent(text) > column:
            continue
        if indent(text) < column:
            return keys, number
        match = _KEY.match(text[:_LONGEST])
        if match is None or match[1]:
            return keys, 0
        keys.add(match[2])
    return keys, 0


def _above(lines: list[str], line: int) -> int:
    """The line of the key below which a line is; 0 where none is found near it."""
    own = indent(code(lines[line - 1])) if line else 0
    near = range(line - 1, max(line - _MOST, 0), -1)
    return next((n for n in near if code(lines[n - 1]) and indent(lines[n - 1]) < own), 0)


def _key_above(lines: list[str], line: int) -> str:
    """The key below which a line is; '' where none is found near it."""
    above = _above(lines, line)
    match = _KEY.match(code(lines[above - 1])[:_LONGEST]) if above else None
    return match[2] if match and not match[3] else ""
