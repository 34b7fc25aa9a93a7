"""Slips of a file's author that only its lines show, after a parser has given up.

Each answers with what is wrong, where, what to write, and a label; None where it is another fault.
"""

import re

from convcalc.findings import Span, plain

Slip = tuple[str, Span, str, str]

_UNASSIGNED = re.compile(
    r"([A-Za-z_]\w{0,60})(?: *= *| +)([^\s:#{}\[\]=][^:#{}\[\]=]{0,200}?)\s*(?: #.*)?\Z"
)
_SHELL = re.compile(r"\$\{\s*(\w{1,60})\s*\}")


def unassigned(lines: list[str], line: int) -> Slip | None:
    """``input 32x32x3`` and ``input = 32x32x3``, a key of the file without its colon."""
    if lines[line - 1][:1].isspace():
        return None
    before = next((i for i in range(line - 1, 0, -1) if lines[i - 1].strip()), line)
    for number in (before, line):
        match = _UNASSIGNED.match(lines[number - 1])
        if match:
            span = Span(number, 1, number, match.end(2) + 1)
            help = f"write `{plain(f'{match[1]}: {match[2]}')}`"
            return f"`{plain(match[1])}` needs a colon", span, help, "no colon"
    return None


def shell(lines: list[str], line: int) -> Slip | None:
    """``{filters: ${width}}``, whose brackets are YAML's."""
    match = _SHELL.search(lines[line - 1])
    if match is None:
        return None
    span = Span(line, match.start() + 1, line, match.end() + 1)
    return f"`{plain(match[0])}` is no variable here", span, f"write `={plain(match[1])}`", "here"


def anchored_key(text: str, anchor: str) -> tuple[str, ...]:
    """Help for an alias of ``- &r relu: {}``, an anchor that is on the key and not on the entry."""
    match = re.search(rf"^[ -]*&{re.escape(anchor[:60])} +([\w-]+):(.*)", text, re.M)
    if match is None:
        return ()
    entry = f"{match[1]}: {plain(match[2].partition(' #')[0].strip()) or '...'}"
    return (f"an anchor on a key names the key alone: write `&{plain(anchor)} {{{entry}}}`",)
