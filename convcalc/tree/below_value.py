"""A key below one that has its value in its own line, or below a list, which has no keys.

To move it into the column of the line above would make it an entry beside that line: of a block's
`layers` another block, of a branch's `when` another branch. What it belongs to is said instead.
"""

import re

from convcalc.findings import Span, plain
from convcalc.tree.nodes import BESIDE
from convcalc.tree.slips import Slip, code, indent, line_above
from convcalc.tree.unkeyed_list import arguments

_LONGEST = 1000  #: letters of a line that is looked at
_MOST = 200  #: lines of brackets, or of entries below a key, that are gone through for their first
_KEY = re.compile(r" *([\w.-]+):(?: |\Z)")
_VALUED = re.compile(r" *([\w.-]+): +(\S.*)\Z")
_TWO = re.compile(r" *([\w.-]+): +([A-Za-z_]\w*):(?: |\Z)")
_BRANCH = re.compile(r" *(?:- +)*(?:[\w.-]+: +)?\[")
#: what fits within `{...}` as it is
_BARE = re.compile(r"[^\s,{}\[\]#&*!|>'\"%@`][^,{}\[\]#`]{0,80}\Z")
#: the keys of a file that have no text
_MAPPINGS = frozenset({"vars", "blocks", "expect", "budget", "rounding", "rules", "inputs"})
_TEXTS = frozenset({"name", "description"})


def two_keys(lines: list[str], line: int) -> Slip | None:
    """``fire: args: {width: }``, a key whose value is another key, in a line without a dash."""
    text = code(lines[line - 1])
    match = _TWO.match(text) if len(text) <= _LONGEST else None
    if match is None or match[1] in _TEXTS or not (indent(text) or match[1] in _MAPPINGS):
        return None  # at the margin as likely a text with a colon
    outer, inner = plain(match[1]), plain(match[2])
    span = Span(line, match.start(2) + 1, line, match.end(2) + 2)
    column = indent(text) + 3
    below = next((code(other) for other in lines[line:] if code(other)), "")
    if indent(below) > indent(text) and _KEY.match(below):
        column = indent(below) + 1
    help = f"put `{inner}:` and its value in a line of its own below `{outer}:`, in column {column}"
    return f"`{outer}:` and `{inner}:` are in one line", span, help, "a second key"


def below_value(lines: list[str], line: int) -> Slip | None:
    """``fire: {width: }`` with `layers:` below it, and ``- [conv3-8, relu]`` with `when:`."""
    text = code(lines[line - 1])
    match = _KEY.match(text)
    above = _opening(lines, line_above(lines, line))
    if match is None or not above or len(lines[above - 1]) > _LONGEST:
        return None
    first = code(lines[above - 1])
    if indent(first) >= indent(text):
        return None
    span = Span(line, match.start(1) + 1, line, match.end(1) + 2)
    if match[1] in BESIDE and _BRANCH.match(first):
        return _below_list(lines, line, above, span)
    valued = _VALUED.match(first)
    head = _VALUED.match(first) and _parent(lines, above)
    if valued is None or match[1] not in {"args", "layers"} or head != "blocks":
        return None
    block, key = plain(valued[1]), match[1]
    what = f"`{key}:` is below `{block}:`, which has its value in its own line"
    help = arguments(valued[1], valued[2] if key == "layers" else "", indent(text) + 1)
    return what, span, help, "no place for a key"


def _below_list(lines: list[str], line: int, above: int, span: Span) -> Slip | None:
    """A key of an entry below a list of layers: below a branch, or an entry that is a list."""
    first, text = code(lines[above - 1]), code(lines[line - 1])
    entry = re.match(r" *- +\[", first)
    branch = _parent(lines, above) == "branches"
    if entry is None and (first.lstrip()[0] == "-" or not branch):
        return None
    key = text.strip().partition(":")[0]
    value = text.strip().partition(":")[2].strip()
    value = value if _BARE.match(value) and plain(value) == value else "..."
    what = f"`{key}:` is below a list of layers, which has no keys"
    if key in {"when", "times"}:
        beside = (
            f"times: {value}, layers: [...]}}" if key == "times" else "times: 1, layers: [...]}"
        )
        behind = "}" if key == "times" else f", {key}: {value}}}"
        written = f"{{repeat: {{{beside}{behind}"
        written = f"[{written}]" if branch else f"- {written}"
        help = f"write `{written}`, with the layers of the list within `[...]`"
    else:
        help = f"put it beside a layer of the list, in braces: `{{relu: , {key}: {value}}}`"
    return what, span, help, "no place for a key"


def _opening(lines: list[str], line: int) -> int:
    """The line in which the brackets are opened that are closed in one, or that line itself."""
    closed = 0
    for number in range(line, max(line - _MOST, 0), -1):
        text = code(lines[number - 1])
        closed += sum(map(text.count, "]}")) - sum(map(text.count, "[{"))
        if closed <= 0:
            return number
    return 0


def _parent(lines: list[str], line: int) -> str:
    """The key below which a line is; empty where none is found near it."""
    own = indent(lines[line - 1])
    entry = lines[line - 1][own] == "-"  # may be in the column of its key
    for number in range(line - 1, max(line - _MOST, 0), -1):
        text = code(lines[number - 1])
        if text and indent(text) + (text.lstrip()[0] == "-") <= own - (not entry):
            match = re.fullmatch(r" *(?:- +)*([\w.-]+):", text)
            return match[1] if match else ""
    return ""
