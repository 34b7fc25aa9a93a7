"""A number behind `repeat:`, and below it the layers, as a loop is written in code.

YAML takes the number for the whole value, and has no place for the list.
"""

import re

from convcalc.findings import Span, plain
from convcalc.tree.slips import Slip, code, indent

_REPEAT = re.compile(r"( *(?:- +)+)(repeat: +([0-9]{1,9}|=[^\s{}\[\],]{1,60}))\Z", re.A)
_MOST = 200  #: lines of a list that are looked through for what is above it


def loop(lines: list[str], line: int) -> Slip | None:
    """``- repeat: 3`` with entries below it, at the `repeat`; `line` is in one of the entries."""
    column = indent(lines[line - 1])
    for number in range(line - 1, max(line - _MOST, 0), -1):
        text = code(lines[number - 1])
        if not text or indent(text) > column:
            continue
        if not text.lstrip().startswith("- "):
            return None  # a key of the entry, as `layers:`
        match = _REPEAT.match(text)
        if match is None:
            column = indent(text)
            continue
        if indent(text) == column:
            return None
        times, start = plain(match[3]), match.start(2) + 1
        what = f"the layers below `repeat: {times}` have no key"
        span = Span(number, start, number, match.end(2) + 1)
        help = (
            f"write `repeat: {{times: {times}, layers: [...]}}`, or below `- repeat:` the keys "
            f"`times: {times}` and `layers:`, two columns further in, and the list below `layers:`"
        )
        return what, span, help, "a number, and a list below it"
    return None
