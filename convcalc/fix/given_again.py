"""A key that the file gives again: its list or its keys join those of the first."""

import re

from convcalc.findings import Finding, Span
from convcalc.spec.edit import Edit, Editor

#: the help of one, where both have a list or both have keys
AGAIN = re.compile("put both (?:lists )?under one, or remove one of the two")
#: and where both have the same text
SAME = re.compile("both are `[^`]+`: leave one out")
_PLAIN = re.compile(
    r": *[^][{}#'\",\s](?:[^][{}#'\",\r\n]*[^][{}#'\",\s])?(?=[ \t]*(?:[,}\r\n]|\Z))"
)
_GOES_ON = re.compile(r"(?:[ \t]*\r?\n)*( *)(?=[^ \r\n])")
_ALONE = re.compile(r"( *)[\w-]+: *(#.*)?\Z")
_ENTRY = re.compile(r" *- ")
_GAP = 1000  #: lines without a key that are gone over


class _Lines:
    """The lines of a file, each cut out when it is asked for: a file has many such keys."""

    def __init__(self, editor: Editor) -> None:
        self.text, self.starts = editor.text, editor.starts

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, at: int) -> str:
        end = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[at] : end]


def joined(editor: Editor, finding: Finding) -> tuple[Edit, ...]:
    """What the second has below what the first has, without its key; () where one shares a line.

    What is between the two stays, below both.
    """
    span, first = finding.span, finding.related[0].span if finding.related else None
    if span is None or first is None:
        return ()
    if (edits := _in_brackets(editor, first, span)) or first.column != span.column:
        return edits
    lines = _Lines(editor)
    keys = [_ALONE.match(lines[at - 1].rstrip()) for at in (first.line, span.line)]
    column = span.column - 1
    comments = [key[2] for key in keys if key is not None and len(key[1]) == column]
    above, below = (_block(lines, at, column) for at in (first.line, span.line))
    if len(comments) < 2 or not above or not below or above.stop >= span.line:
        return ()
    more = _indent(lines, above) - _indent(lines, below)
    moved = [_moved(lines[at], more) for at in below]
    if None in moved:
        return ()
    text = "".join(line for line in moved if line is not None)
    if comments[1]:
        text = f"{' ' * _indent(lines, above)}{comments[1]}{editor.newline()}{text}"
    place, start = editor.starts[above.stop], editor.starts[span.line - 1]
    end = editor.starts[below.stop] if below.stop < len(editor.starts) else len(editor.text)
    if place == start:
        return (Edit(start, end, text),)
    text += editor.newline() if text[-1:] != "\n" else ""
    return Edit(place, place, text), Edit(start, end, "")


def left_out(editor: Editor, finding: Finding) -> tuple[Edit, ...]:
    """The second of two that are the same; () where a comment would go with it, and of quotes."""
    span, text = finding.span, editor.text
    if span is None:
        return ()
    start = editor.offset(span.line, span.column)
    value = _PLAIN.match(text, editor.offset(span.end_line, span.end_column))
    if value is None:
        return ()
    line = editor.starts[span.line - 1]
    before, end = text[line:start].rstrip(" "), editor.line_end(value.end())
    if before:  # between others in braces
        return (Edit(line + len(before) - 1, value.end(), ""),) if before[-1] == "," else ()
    if text[value.end() : end].strip():
        return ()
    below = editor.starts[span.line] if span.line < len(editor.starts) else end
    if _GOES_ON.match(text, below, below + _LONGEST) and _column(text, below) >= span.column:
        return ()  # its value has more lines, or a comment is below it
    return (Edit(line, below, ""),)


def _column(text: str, line: int) -> int:
    """The spaces before what the first line from here that is not empty begins with."""
    match = _GOES_ON.match(text, line, line + _LONGEST)
    return len(match[1]) if match else 0


def _in_brackets(editor: Editor, first: Span, again: Span) -> tuple[Edit, ...]:
    """What the second has in brackets behind what the first has in such; () for other values."""
    one, two = (
        _value(editor.text, editor.offset(s.end_line, s.end_column)) for s in (first, again)
    )
    text = editor.text
    start = editor.offset(again.line, again.column)
    word = text[start : editor.offset(again.end_line, again.end_column)]
    if word not in _JOINED or not one or not two or text[one[0]] != text[two[0]]:
        return ()
    inside, there = (text[at + 1 : end - 1].strip().rstrip(",") for at, end in (two, one))
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" "):  # between others in braces
        comma = text[:start].rstrip()
        gone = Edit(len(comma) - 1, two[1], "") if comma[-1:] == "," else None
    else:
        end = text.find("\n", two[1]) + 1 or len(text)
        gone = Edit(line, end, "") if not text[two[1] : end].strip() else None
    if gone is None or not inside or "#" in text[gone.start : gone.end] + there:
        return ()
    place = one[0] + 1 + len(text[one[0] + 1 : one[1] - 1].rstrip().rstrip(","))
    return Edit(place, one[1] - 1, f"{', ' if there else ''}{inside}"), gone


#: keys whose lists and mappings are of any length: `sides: [1, 1]` twice is no list of four
_JOINED = frozenset({"layers", "branches", "blocks", "vars", "args", "inputs", "expect", "budget"})
_SIGNS = re.compile("[][{}\"'#]")
_LONGEST = 20_000  #: letters of a value in brackets


def _value(text: str, key: int) -> tuple[int, int] | None:
    """Where the value in brackets behind a key is; None for any other, and one with quotes."""
    begun = re.compile(r": *(?=[\[{])").match(text, key)
    depth = 0
    for match in _SIGNS.finditer(text, begun.end(), begun.end() + _LONGEST) if begun else ():
        if match[0] not in "[]{}":
            return None
        depth += 1 if match[0] in "[{" else -1
        if depth == 0:
            return (begun.end(), match.end()) if begun else None
    return None


def _indent(lines: _Lines, block: range) -> int:
    """The spaces before the first line of a block that is no comment."""
    texts = (lines[at] for at in block)
    first = next(text for text in texts if text.strip() and text.lstrip()[:1] != "#")
    return len(first) - len(first.lstrip(" "))


def _block(lines: _Lines, line: int, column: int) -> range:
    """The lines below the one of a key in this column that belong to it, without empty ones.

    They are further in, or begin with a dash in the key's own column.
    """
    end = last = line
    while end < min(len(lines), last + _GAP):
        text = lines[end]
        own = len(text) - len(text.lstrip(" "))
        blank = not text.strip() or text.lstrip()[:1] == "#"
        if not blank and own <= column and not (own == column and _ENTRY.match(text)):
            break
        end += 1
        last = last if blank else end
    return range(line, last)


def _moved(line: str, more: int) -> str | None:
    """A line so many columns further in, or out; None where it has no room."""
    if more >= 0 or not line.strip():
        return " " * more * bool(line.strip()) + line
    return line[-more:] if line[:-more].strip(" ") == "" else None
