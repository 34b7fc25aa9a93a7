"""Keys without a colon, with an equals sign for it, or with another key in the same line."""

import re

from convcalc.findings import Span, plain
from convcalc.tree.nodes import BESIDE
from convcalc.tree.slips import Slip, code, indent, line_above, meant

_LONGEST = 1000  #: letters of a line that is looked at
_UNASSIGNED = re.compile(
    r"([A-Za-z_]\w{0,60})(?: *= *| +)([^\s:#{}\[\]=][^:#{}\[\]=]{0,200}?)\s*(?: #.*)?\Z"
)
_INDENTED = re.compile(
    r" +([A-Za-z_][\w.]{0,60})(?:(?: *= *| +)([^\s:#{}=,\]][^:#{}=]{0,200}))?\Z", re.A
)
_KEY = re.compile(r"( *(?:- +)*)[\w.-]+:(?: |\Z)")
#: the keys of a file whose value may be a mapping
_TOP = re.compile(
    r"((?:vars|blocks|input|inputs|expect|budget|rounding|rules): *)([\w.-]+: +\S.*)\Z", re.A
)


def unassigned(lines: list[str], line: int) -> Slip | None:
    """``input 32x32x3`` and ``input = 32x32x3``, a key of the file without its colon."""
    if lines[line - 1][:1].isspace():
        return None
    before = next((i for i in range(line - 1, 0, -1) if lines[i - 1].strip()), line)
    for number in (before, line):
        match = _UNASSIGNED.match(lines[number - 1])
        if match:
            span = Span(number, 1, number, match.end(2) + 1)
            help = meant(f"{match[1]}: {match[2]}")
            return f"`{plain(match[1])}` needs a colon", span, help, "no colon"
    return None


def within(lines: list[str], line: int) -> Slip | None:
    """``h = 32``, ``h 32`` and ``h``, a line of a mapping beside keys that have their colon.

    It is often its last one, so that a parser stops only at the line below.
    """
    text = code(lines[line - 1])
    match = _INDENTED.match(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    column = indent(text)
    before = _beside(lines, line, column)
    if before is None or ("-" in before and match[1] not in BESIDE):
        return None  # below a layer it may be another layer, without its dash
    span = Span(line, column + 1, line, len(text) + 1)
    if match[2]:
        what = f"`{plain(match[1])}` needs a colon"
        return what, span, meant(f"{match[1]}: {match[2]}"), "no colon"
    if _below(lines, line) > column:
        return None  # its value is below it
    what = f"`{plain(match[1])}` needs a colon and a value"
    return what, span, f"write `{plain(match[1])}: ` and its value, or remove it", "no colon"


def _beside(lines: list[str], line: int, column: int) -> str | None:
    """What is before the key of a line above in a column, in the same mapping; None for no key."""
    above = line_above(lines, line)
    while above and indent(lines[above - 1]) > column:
        above = line_above(lines, above)
    match = _KEY.match(lines[above - 1]) if above else None
    return match[1] if match and match.end(1) == column else None


def _below(lines: list[str], line: int) -> int:
    """The indent of the next line; 0 at the end."""
    return next((indent(text) for text in lines[line:] if code(text)), 0)


def in_braces(lines: list[str], line: int) -> Slip | None:
    """``vars: w: 8``, a mapping in the line of its key, which needs braces there."""
    text = code(lines[line - 1])
    match = _TOP.match(text) if len(text) <= _LONGEST else None
    if match is None or _below(lines, line):
        return None
    key, inner = match[1].rstrip(), match[2].partition(":")[0]
    span = Span(line, 1, line, len(text) + 1)
    written = f"{key} {{{match[2].rstrip(' ,')}}}"
    what = f"`{key}` and `{inner}:` are in one line, and need braces there"
    return what, span, meant(written), "no braces"
