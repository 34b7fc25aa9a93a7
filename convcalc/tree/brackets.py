"""Slips of a file's author with brackets and commas, after a parser has given up."""

import re
from itertools import islice

from convcalc.findings import Span, plain
from convcalc.tree.nodes import BESIDE
from convcalc.tree.slips import Slip, code, either, indent, meant, times

_PAIRS = {"]": "[", "}": "{"}
_CLOSING = {"[": "]", "{": "}"}
#: a value with a key behind it, or two values, within brackets
_NO_COMMA = re.compile(r"(?<![\w.\])}\"'])([\w.\])}\"']++)( +)(?:([A-Za-z_]\w*): |[\"'{\[])")
_OPTIONS = re.compile(
    r"\s*- +([\w.-]+)(?: +(\{.*\})|: +(\w+: [^{}()]*?)| ?\( *(\w+: [^{}()]*?)\))\s*(?: #.*)?\Z"
)
#: options without braces, or in round brackets, and how often
_AGAIN = re.compile(
    r"\s*- +([\w.-]+)(?::? *\( *(\w+: [^{}()]*?)\) *|: +(\w+: [^{}()]*?\S)(?= +x| *[*\u00d7]) *)"
    r"([x*\u00d7]) *([1-9][0-9]{0,8})\Z",
    re.A,
)
_KEY = re.compile(r", *[A-Za-z_][\w.-]*: (?! *\{)")  #: not `dropout: {rate: 0.5}`, a layer
_LAST = re.compile(r"\w+: +([^\s,][^,:]*)\Z")
#: what has a number an axis: behind these, a factor without brackets is one of two sides, 3 x 3
_SIDES = re.compile(
    r"(?:kernel|stride|pad|padding|dilation|output|size|sides|scale|\w+_\w+): *[0-9]+\Z"
)
_ROUND = re.compile(r": *\(( *\w+: .*)\)\s*(?: #.*)?\Z")
_LONGEST = 1000  #: letters of a line in which a comma or options are looked for
_VALUE = re.compile(r" *(?:- +)*")  #: what is before the first key or word of a line
_MOST = 20  #: groups of a line that are looked at
_TIMES = re.compile(r"\[([^\[\]{}:\"']*)\] *[x*\u00d7] *([0-9]+)(?![\w\[])")

_ENTRIES = re.compile(r" *- +\[([^\"'#]+)\] *[*xX\u00d7] *([0-9]{1,9})\Z")
_BESIDE = re.compile(r" *- +([\w.-]+: +[^\s\"'#][^\"'#]*?), *(\w+): +[^\s\"'#:][^\"'#:]*\Z")


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
    for match in _NO_COMMA.finditer(text, 0, _LONGEST):
        if _depth(text[: match.start(2)]) and not _in_quotes(text[: match.start(2)]):
            end = match.end(3) + 1 if match[3] else match.end()
            span = Span(line, match.start(1) + 1, line, end + 1)
            between = f"{match[1]}, {text[match.end(2) : end]}"
            return "a comma is missing between these", span, meant(between), "no comma"
    return None


def cut(lines: list[str], line: int) -> Slip | None:
    """``{kernel: [3, 3, stride: 2}``, a list in braces that is not closed before the next key."""
    text = code(lines[line - 1])[:_LONGEST]
    if '"' in text or "'" in text:
        return None
    opened: list[tuple[str, int]] = []
    stops: list[int] = []  # where each is closed, a list at a comma before a key
    for at, character in enumerate(text):
        if character in _CLOSING:
            opened.append((character, at))
            stops.append(0)
        elif character == "," and opened and opened[-1][0] == "[" and _KEY.match(text, at):
            stops[-1] = stops[-1] or at
        elif character in _PAIRS and opened and opened[-1][0] == _PAIRS[character]:
            opened.pop()
            stops.pop()
        elif character == "}" and len(opened) > 1 and opened[-2][0] == "{":
            begin, end = opened[-1][1], stops[-1] or at
            span = Span(line, begin + 1, line, at + 2)
            closed = f"{text[begin:end]}]{text[end : at + 1]}"
            return "a list is not closed", span, meant(closed), "opened here"
    return None


def unclosed(lines: list[str], opened: int, last: int) -> Slip | None:
    """``{filters: 8, kernel: 3`` opened in a line, with nothing behind a `last` one in brackets."""
    above = [code(line) for line in lines[opened - 1 : last - 1]]
    text = code(lines[last - 1]) if last >= opened else ""
    whole = "".join((*above, text))
    left = _depth(whole)
    if not left or not text.strip() or text[-1] == "," or '"' in whole or "'" in whole:
        return None
    start = indent(text) if above else min(text.index(bracket) for bracket in left)
    closed = text[start:] + "".join(_CLOSING[bracket] for bracket in reversed(left))
    span = Span(last, start + 1, last, len(text) + 1)
    return "a bracket is not closed", span, meant(closed), "no bracket" if above else "opened here"


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


def comma_behind(lines: list[str], line: int) -> Slip | None:
    """``- conv: {filters: 8},``, a comma as JSON and Python have it behind an item."""
    text = code(lines[line - 1])
    less = text[:-1].rstrip()
    if text[-1:] != "," or less[-1:] not in _PAIRS or _depth(less) or _in_quotes(less):
        return None
    span = Span(line, len(less), line, len(text) + 1)
    what = f"a comma behind the closing `{less[-1]}`: remove the comma"
    return what, span, meant(less[-1]), "a comma"


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
    """``conv {filters: 8}``, ``conv: filters: 8``, ``conv: (filters: 8)``, ``conv(filters: 8)``."""
    text = lines[line - 1]
    if len(text) > _LONGEST:
        return None
    if match := _ROUND.search(text):
        span = Span(line, match.start(1), line, match.end(1) + 2)
        return "options are in braces", span, meant(f"{{{match[1].strip()}}}"), "round brackets"
    if again := _options_repeated(lines, line):
        return again
    match = _OPTIONS.match(text)
    if match is None:
        return None
    word, after = match[1], match[2] or f"{{{match[3] or match[4].strip()}}}"
    end = match.end(4) + 1 if match[4] else match.end(2 if match[2] else 3)
    span = Span(line, match.start(1) + 1, line, end + 1)
    what = f"`{plain(word)}` needs a colon" if match[2] else "options on one line need braces"
    label = "no colon" if match[2] else "no braces"
    return what, span, meant(f"{word}: {after}"), label


def _options_repeated(lines: list[str], line: int) -> Slip | None:
    """``unit: c: 16 x2`` and ``unit(c: 16, s: 2)*2``; no edit of what a product may be meant by."""
    match = _AGAIN.match(code(lines[line - 1]))
    if match is None:
        return None
    options, number = match[2] or match[3].strip(), match[5]
    last = _LAST.search(options)
    if last is None or "=" in last[1]:
        return None  # a formula with its product
    if match[3] and match[4] in "x\u00d7" and _SIDES.search(options):
        entry = f"{plain(match[1])}: {{{plain(options)}x{match[5]}}}"
        span = Span(line, match.start(1) + 1, line, match.end() + 1)
        return "options on one line need braces", span, meant(entry), "no braces"
    entry = f"{plain(match[1])}: {{{plain(options)}}}"
    span = Span(line, match.start(1) + 1, line, match.end() + 1)
    help = times(lines, line, entry, number)
    if match[3] and match[4] != "x" and last[1].isdigit():
        product = f"{entry[: -len(last[1]) - 1]}={last[1]}*{number}}}"
        help = either(entry, number, product, "the layer")
    return "an entry is repeated with `times`", span, help, "no braces"


def multiplied(lines: list[str], line: int) -> Slip | None:
    """``[conv3-8, relu]x2``: a list that is repeated, which only a pattern can be."""
    text = code(lines[line - 1])
    written, begin, end = "", 0, 0
    for match in islice(_TIMES.finditer(text), _MOST):
        if match.start() < end or not match[1].strip() or _in_quotes(text[: match.start()]):
            continue
        start, stop = _pattern(text, *match.span())
        if start < end or {*"{}:\"'"} & {*text[start:stop]}:  # it is more than words
            start, stop = match.span()
        words = re.sub(r"[,\s]+", " ", text[start:stop])
        words = re.sub(r" ?(?:[x\u00d7]|\*) ?(?=[0-9]+(?![\w\[]))", "*", words)
        words = re.sub(r"(?<=\[) | (?=\])", "", words)
        begin, between = (begin, text[end:start]) if written else (start, "")
        written, end = f'{written}{between}"{words}"', stop
    if not written:
        return None
    span = Span(line, begin + 1, line, end + 1)
    what = "a list cannot be multiplied; a pattern in quotes can"
    return what, span, meant(written), "repeated"


def repeated(lines: list[str], line: int) -> Slip | None:
    """``- [basic: 64, relu]*2``, a list of entries with options, that a `repeat` repeats."""
    match = _ENTRIES.match(code(lines[line - 1])[:_LONGEST])
    if match is None or _depth(match[1]) or not {":", "{"} & {*match[1]}:
        return None
    one, items = match[1].strip(), match[1].strip()
    if not re.search(r",(?![^{\[]*[}\]])", one):  # no comma but within brackets
        one = one[1:-1].strip() if one[0] == "{" else one
        written = f"{{{one}, times: {match[2]}}}"
    else:
        written = f"repeat: {{times: {match[2]}, layers: [{items}]}}"
    span = Span(line, match.start(1), line, match.end() + 1)
    return "a list of layers is repeated with `times`", span, meant(written), "repeated"


def beside(lines: list[str], line: int) -> Slip | None:
    """``- basic: 64, times: 2``, a key beside a layer in the same line, without braces."""
    text = code(lines[line - 1])
    match = _BESIDE.match(text) if len(text) <= _LONGEST else None
    if match is None or _depth(match[1]) or match[2] not in BESIDE:
        return None
    span = Span(line, match.start(1) + 1, line, len(text) + 1)
    what = f"a key beside a layer, `{match[2]}:`, needs a line of its own, or braces"
    return what, span, meant(f"{{{match[1]}, {text[match.start(2) :]}}}"), "no braces"


def _pattern(text: str, begin: int, end: int) -> tuple[int, int]:
    """Where the pattern starts and ends that a group is a part of: the value, or the list's item.

    A list around the group belongs to the pattern if it is repeated itself, or if more text follows
    its bracket.
    """
    opened: list[int] = []
    around: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        if character == "[":
            opened.append(at)
        elif character == "]" and opened and (start := opened.pop()) < begin <= end <= at:
            around.append((start, at + 1))
    for start, stop in around:
        if text[stop:].lstrip()[:1] not in {"", ",", "]", "}"}:
            begin, end = start, stop
    inside = any(start < begin for start, _ in around)
    floor = _VALUE.match(text)
    stops = "{}," if inside else "{}"
    first, last, depth = floor.end() if floor else 0, len(text), 0
    for at in range(begin - 1, first - 1, -1):
        depth += (text[at] == "]") - (text[at] == "[")
        if depth < 0 or text[at : at + 2] == ": " or (not depth and text[at] in stops):
            first = at + 1
            break
    depth = 0
    for at in range(end, last):
        depth += (text[at] == "[") - (text[at] == "]")
        if depth < 0 or (not depth and text[at] in stops):
            last = at
            break
    inner = text[first:last]
    return first + len(inner) - len(inner.lstrip()), last - len(inner) + len(inner.rstrip())


def _depth(text: str) -> str:
    """The brackets that are open at the end of a text; what closes none is as if not there."""
    open_ones: list[str] = []
    for character in text:
        if character in _CLOSING:
            open_ones.append(character)
        elif character in _PAIRS and open_ones[-1:] == [_PAIRS[character]]:
            open_ones.pop()
    return "".join(open_ones)


def _in_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("'") % 2 == 1
