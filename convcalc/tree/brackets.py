"""Slips of a file's author with brackets and commas, after a parser has given up."""

import re

from convcalc.findings import Span, plain
from convcalc.tree.slips import Slip, code, indent, meant

_PAIRS = {"]": "[", "}": "{"}
_CLOSING = {"[": "]", "{": "}"}
#: a value with a key behind it, or two values, within brackets
_NO_COMMA = re.compile(r"(?<![\w.\])}\"'])([\w.\])}\"']++)( +)(?:([A-Za-z_]\w*): |[\"'{\[])")
_OPTIONS = re.compile(r"\s*- +([\w.-]+)(?: +(\{.*\})|: +(\w+: [^{}()]*?))\s*(?: #.*)?\Z")
_ROUND = re.compile(r": *\(( *\w+: .*)\)\s*(?: #.*)?\Z")
_LONGEST = 1000  #: letters of a line in which options are looked for
_TIMES = re.compile(r"\[([^\[\]{}:\"']*)\] *[x*\u00d7] *([0-9]+)(?![\w\[])")


def comma(lines: list[str], opened: int, line: int) -> Slip | None:
    """``{filters: 8 kernel: 3}``, and a line in brackets whose last item has no comma behind it."""
    text = code(lines[line - 1])
    above = code(lines[line - 2]) if line > opened else ""
    if line > opened and above.strip() and above[-1] not in ",[{:" and text.strip()[:1] not in "]}":
        if indent(text) <= indent(lines[opened - 1]):
            return None  # it is a line after the brackets
        start = indent(above)
        span = Span(line - 1, start + 1, line - 1, len(above) + 1)
        return "a comma is missing behind this", span, meant(f"{above[start:]},"), "no comma"
    for match in _NO_COMMA.finditer(text):
        if _depth(text[: match.start(2)]) and not _in_quotes(text[: match.start(2)]):
            end = match.end(3) + 1 if match[3] else match.end()
            span = Span(line, match.start(1) + 1, line, end + 1)
            between = f"{match[1]}, {text[match.end(2) : end]}"
            return "a comma is missing between these", span, meant(between), "no comma"
    return None


def unclosed(lines: list[str], line: int) -> Slip | None:
    """``{filters: 8, kernel: 3`` with the next line no part of it."""
    text = code(lines[line - 1])
    below = next((other for other in lines[line:] if code(other).strip()), "")
    left = _depth(text)
    if (
        not left
        or text[-1] == ","
        or '"' in text
        or "'" in text
        or (below and indent(below) > indent(text))
    ):
        return None
    start = min(text.index(bracket) for bracket in left)
    closed = text[start:] + "".join(_CLOSING[bracket] for bracket in reversed(left))
    span = Span(line, start + 1, line, len(text) + 1)
    return "a bracket is not closed", span, meant(closed), "opened here"


def closed_twice(lines: list[str], line: int) -> Slip | None:
    """``{filters: 8, kernel: 3}}``, a closing bracket too many at the end of a line."""
    text = code(lines[line - 1])
    less = text[:-1]
    if text[-1:] not in _PAIRS or '"' in text or "'" in text or less[-1:] not in _PAIRS:
        return None
    if _depth(less) != "" or not any(bracket in text for bracket in "[{"):
        return None
    start = min(text.index(bracket) for bracket in "[{" if bracket in text)
    span = Span(line, start + 1, line, len(text) + 1)
    return f"one `{text[-1]}` too many", span, meant(less[start:]), "closed twice"


def tight(lines: list[str], line: int) -> Slip | None:
    """``{filters:}``, a key without a value whose colon libyaml takes for a part of the word."""
    text = code(lines[line - 1])
    match = re.search(r"\b([A-Za-z_]\w*+):([}\],])", text)
    if match is None or _in_quotes(text[: match.start()]):
        return None
    span = Span(line, match.start() + 1, line, match.end() + 1)
    written = f"{match[1]}: {match[2]}"
    return "a colon needs a space after it", span, meant(written), "here"


def unbraced(lines: list[str], line: int) -> Slip | None:
    """``- conv {filters: 8}``, ``- conv: filters: 8`` and ``- conv: (filters: 8)``."""
    text = lines[line - 1]
    if len(text) > _LONGEST:
        return None
    if match := _ROUND.search(text):
        span = Span(line, match.start(1), line, match.end(1) + 2)
        return "options are in braces", span, meant(f"{{{match[1].strip()}}}"), "round brackets"
    match = _OPTIONS.match(text)
    if match is None:
        return None
    word, after = match[1], match[2] or f"{{{match[3]}}}"
    span = Span(line, match.start(1) + 1, line, match.end(2 if match[2] else 3) + 1)
    what = f"`{plain(word)}` needs a colon" if match[2] else "options on one line need braces"
    label = "no colon" if match[2] else "no braces"
    return what, span, meant(f"{word}: {after}"), label


def multiplied(lines: list[str], line: int) -> Slip | None:
    """``[conv3-8, relu]x2``: a list that is repeated, which only a pattern can be."""
    text = code(lines[line - 1])
    match = _TIMES.search(text)
    if match is None or not match[1].strip() or {*"\"'"} & {*text}:
        return None
    begin, end = match.span()
    alone = not text[:begin].strip() or text[begin - 2 : begin] in {": ", "- "}
    if alone and not {*"{}:"} & {*text[begin:]}:
        end = len(text)  # the pattern is all of the value
    words = re.sub(r" *(?:[x\u00d7]|\*) *(?=[0-9]+(?![\w\[]))", "*", text[begin:end])
    words = re.sub(r"(?<=\[) +| +(?=\])", "", re.sub(r"[,\s]+", " ", words))
    span = Span(line, begin + 1, line, end + 1)
    what = "a list cannot be multiplied; a pattern in quotes can"
    return what, span, meant(f'"{words}"'), "repeated"


def _depth(text: str) -> str:
    """The brackets that are open at the end of a text; what closes none is as if not there."""
    open_ones = ""
    for character in text:
        if character in _CLOSING:
            open_ones += character
        elif character in _PAIRS and open_ones[-1:] == _PAIRS[character]:
            open_ones = open_ones[:-1]
    return open_ones


def _in_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("'") % 2 == 1
