"""What is not YAML, in our own words: libyaml's and PyYAML's differ, and say little to a reader."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.findings import Span, plain
from convcalc.source import Source
from convcalc.tree import brackets, colons, slips
from convcalc.tree.bare_first import bare_first
from convcalc.tree.below_value import below_value, two_keys
from convcalc.tree.between import between
from convcalc.tree.loops import loop
from convcalc.tree.tried import tried
from convcalc.tree.unkeyed_list import unkeyed_list

_BEFORE = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n]|\Z))*")
_MARKER = re.compile(r"(?:\A|(?<=[\r\n]))(---|\.\.\.)(?=[ \t\r\n]|\Z)")


class Fault(NamedTuple):
    """Why a text is no YAML, or not YAML that a spec uses."""

    code: str
    message: str
    span: Span | None
    label: str
    help: str


def framing(source: Source) -> Fault | None:
    """A directive or a second document: found in the text, as no parser reports it."""
    text = source.text
    start = _BEFORE.match(text)
    assert start is not None, "it matches nothing, too"
    if text.startswith("%", start.end()):
        span = _at(source, start.end(), 1)
        return Fault(
            "CC005", "directives such as %YAML are not supported", span, "not supported", ""
        )
    if "---" not in text and "..." not in text:
        return None
    for marker in _MARKER.finditer(text):
        if marker[1] == "---":
            apart = marker.start() > start.end()
            where = marker.start()
        else:
            rest = _BEFORE.match(text, marker.end())
            assert rest is not None, "it matches nothing, too"
            apart = rest.end() < len(text)
            where = rest.end()
        if apart:
            span = _at(source, where, 3 if marker[1] == "---" else 1)
            help = "put each document in its own file"
            return Fault(
                "CC005", "a spec must be a single YAML document", span, "not supported", help
            )
    return None


def _at(source: Source, offset: int, length: int) -> Span:
    lines = Source("", source.text[:offset]).lines()
    line, column = len(lines), len(lines[-1]) + 1
    return Span(line, column, line, column + length)


def explained(source: Source, error: Any, parser: Any) -> Fault:
    """The fault that a parser's error is about, at a place on which both parsers agree."""
    found, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    context, problem = str(getattr(error, "context", "")), str(getattr(error, "problem", ""))
    if found is None:
        return Fault("CC001", "not YAML", None, "", "")
    lines = source.lines()
    here = _span(found, lines)
    there = _span(opened, lines) if opened else here
    line = lines[here.line - 1]
    character = line[here.column - 1 : here.column]
    if character == "\t" or "tab character" in problem:
        return _fault("tabs cannot be used for indentation", here, "indent with spaces")
    special = _special_space(lines, {max(here.line - 1, 1), here.line, there.line})
    if special is not None:
        return special
    for number in (here.line, there.line):
        times = slips.repeated(lines, number) or brackets.multiplied(lines, number)
        times = times or brackets.repeated(lines, number)
        if times is not None:
            return _fault(*times)
    if "tag" in context or "tag handle" in problem:
        return Fault("CC005", "tags are not supported", there, "not supported", "remove it")
    if "anchor" in context or "alias" in context:
        bullet = slips.bullet(lines, there.line)
        if bullet is not None:
            return _fault(*bullet)
        return _fault("& and * need a name", there, "quote a text that starts with & or *")
    if "quoted" in context:
        if "end of stream" in problem or "document" in problem:
            help = "close the quote on the same line"
            return _fault("a quote is not closed", there, help, "opened here")
        return bad_escape(there)
    if "block scalar" in context:
        return _fault("| and > must end their line", there, "write the text in quotes, on one line")
    if "flow" in context:
        slip = tried(lines, here.line, _in_brackets(lines, there.line, here.line), parser)
        if slip is not None:
            return _fault(*slip)
    if here >= _end(lines) and "node content" in problem and "flow" in context:
        help = "close every [ and {, and put commas between the items"
        return _fault("a bracket is not closed", _end(lines), help, "the text ends here")
    if "node content" in problem or "cannot start any token" in problem:
        what = f"a value cannot start with {character!r}" if character else "a value is missing"
        return _fault(what, here, "put the text in quotes, or write the value that is missing")
    if "unexpected ':'" in problem:
        help = "put a space behind it, or the text in quotes"
        return _fault("a colon needs a space after it", here, help, "here")
    if "flow" in context:
        help = "close every [ and {, and put commas between the items"
        return _fault("a bracket is not closed, or a comma is missing", there, help, "opened here")
    odd = there if "simple key" in context else here
    slip = tried(lines, here.line, _of_the_line(lines, odd.line, here.line), parser)
    if slip is not None:
        return _fault(*slip)
    if "mapping values" in problem:
        help = (
            "quote a text with a colon in it; an entry with keys below it needs a colon itself: "
            "`- relu:`"
        )
        return _fault("a colon where no key can be", here, help)
    if "document start" in problem:
        return _fault(
            "unexpected text after the closing quote", here, "quote all of it, or remove this"
        )
    unassigned = colons.within(lines, odd.line)  # one of several
    if unassigned is not None:
        return _fault(*unassigned)
    text = lines[odd.line - 1]
    if re.fullmatch(r"\s*[A-Za-z_]\w*\s*", text):
        word = text.strip()
        span = Span(odd.line, text.index(word) + 1, odd.line, text.index(word) + 1 + len(word))
        return _fault(f"`{word}` needs a colon", span, slips.meant(f"{word}:"), "no colon")
    behind = re.search(r"(?<=[}\]])\s*+,?+\s*+([^\s,#}\]].*)", text)
    if behind and text.lstrip()[:1] == "-":
        span = Span(odd.line, behind.start(1) + 1, odd.line, len(text.rstrip()) + 1)
        help = "the next layer needs a line of its own, with its own `- `"
        return _fault(f"text behind the closing `{text[behind.start() - 1]}`", span, help)
    column = len(text) - len(text.lstrip()) + 1
    span = Span(odd.line, column, odd.line, max(len(text.rstrip()) + 1, column + 1))
    help = "write `key: value` or `- item`, indented like its neighbours"
    return _fault("this line fits no list or mapping above it", span, help)


def _in_brackets(lines: list[str], opened: int, line: int) -> Iterator[slips.Slip | None]:
    """What may be wrong within brackets that are opened in a line, the likeliest first."""
    yield slips.shell(lines, line)
    yield slips.shell(lines, opened)
    yield brackets.comma(lines, opened, line)
    yield brackets.cut(lines, line)
    yield brackets.unclosed(lines, opened, opened)
    yield brackets.unclosed(lines, opened, line - 1)


def _of_the_line(lines: list[str], odd: int, line: int) -> Iterator[slips.Slip | None]:
    """What may be wrong with a line of its own, or with the one above it."""
    yield loop(lines, line)
    yield slips.commented(lines, odd)
    yield slips.commented(lines, line)
    yield slips.commented(lines, max(line - 1, 1))
    yield slips.bullet(lines, odd)
    yield slips.bullet(lines, line)
    yield slips.section(lines, line)
    yield slips.printed(lines, line)
    yield slips.dashless(lines, odd)
    yield slips.colonless(lines, line)
    yield brackets.comma_behind(lines, odd)
    yield brackets.comma_behind(lines, line)
    yield brackets.comma_behind(lines, max(line - 1, 1))
    yield between(lines, line)
    yield colons.in_braces(lines, line)
    yield two_keys(lines, line)
    yield below_value(lines, line)
    yield unkeyed_list(lines, line)
    unassigned = colons.within(lines, odd)
    yield unassigned
    if unassigned is None:
        yield _askew(lines, line)
    yield slips.glued(lines, line)
    yield slips.glued(lines, odd)
    yield slips.glued(lines, max(line - 1, 1))
    yield colons.unassigned(lines, line)
    yield brackets.beside(lines, line)
    yield bare_first(lines, line)
    yield brackets.unbraced(lines, line)
    yield brackets.closed_twice(lines, odd)
    yield brackets.tight(lines, odd)


def _special_space(lines: list[str], where: set[int]) -> Fault | None:
    """A no-break space, which looks like a space and is a letter to YAML."""
    for number in sorted(where):
        text = lines[number - 1].split(" #")[0]
        column = next((i for i, c in enumerate(text, 1) if c.isspace() and not c.isascii()), 0)
        if column:
            what = f"column {column} holds a special space (U+{ord(text[column - 1]):04X})"
            span = Span(number, column, number, column + 1)
            return _fault(what, span, "write an ordinary space", "not a space to YAML")
    return None


_KEY = re.compile(r"( *)((?:- +)*)(?:- *\Z|[\w.=-]+:(?: |\Z))")
_ODDEST = 3  #: columns by which a line is probably mistyped, no list or mapping of its own


def _askew(lines: list[str], line: int) -> slips.Slip | None:
    """A key or entry a few columns off those above that it belongs with."""
    text = lines[line - 1]
    entry = re.match(r"( *)-(?: |\Z)", text)
    key = _KEY.match(text)
    if entry is None and (key is None or key[2]):
        return None
    own = len(text) - len(text.lstrip(" "))
    for above in range(line - 1, max(line - 200, 0), -1):
        other = lines[above - 1]
        if not other.strip() or other.lstrip().startswith("#"):
            continue
        if entry is not None:
            match = re.match(r"( *)-(?: |\Z)", other)
            column = len(match[1]) if match else None
        else:
            match = _KEY.match(other)
            column = len(match[1]) + len(match[2]) if match else None
        if column is None:
            if entry is None and slips.indent(other) < own:
                return None  # it would belong to that line: nothing further up is beside it
            continue
        if not 0 < abs(column - own) <= _ODDEST:
            return None
        word = "-" if entry is not None else text.strip().split(":")[0] + ":"
        what = f"`{plain(word)}` is in column {own + 1}, the one above it in column {column + 1}"
        span = Span(line, own + 1, line, own + 1 + len(word))
        return what, span, f"put it in column {column + 1}", "out of line"
    return None


def _end(lines: list[str]) -> Span:
    """After the last character that is no blank."""
    last = max((i for i, line in enumerate(lines, 1) if line.strip()), default=1)
    column = len(lines[last - 1].rstrip()) + 1
    return Span(last, column, last, column + 1)


def bad_escape(span: Span) -> Fault:
    """A backslash in double quotes before a character that it does not escape."""
    help = r"write \\ for a backslash, or put the text in single quotes"
    return _fault("invalid escape sequence", span, help, "in here")


def _fault(what: str, span: Span, help: str, label: str = "stopped here") -> Fault:
    return Fault("CC001", f"not YAML: {what}", span, label, help)


def _span(mark: Any, lines: list[str]) -> Span:
    """A parser's mark, which may lie after the last line."""
    line, column = mark.line, mark.column
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return Span(line + 1, column + 1, line + 1, column + 2)
