"""A key that the file gives again: its list or its keys join those of the first."""

import re

from convcalc.findings import Finding
from convcalc.spec.edit import Edit, Editor

#: the help of one, where both have a list or both have keys
AGAIN = re.compile("put both (?:lists )?under one, or remove one of the two")
_ALONE = re.compile(r"( *)[\w-]+: *(#.*)?\Z")
_ENTRY = re.compile(r" *- ")


def joined(editor: Editor, finding: Finding) -> tuple[Edit, ...]:
    """What the second has below what the first has, without its key; () where one shares a line.

    What is between the two stays, below both.
    """
    span, first = finding.span, finding.related[0].span if finding.related else None
    if span is None or first is None or first.column != span.column:
        return ()
    lines = [editor.text[a:b] for a, b in zip(editor.starts, _ends(editor), strict=True)]
    keys = [_ALONE.match(lines[at - 1].rstrip()) for at in (first.line, span.line)]
    column = span.column - 1
    comments = [key[2] for key in keys if key is not None and len(key[1]) == column]
    above, below = (_block(lines, at, column) for at in (first.line, span.line))
    if len(comments) < 2 or not above or not below or above.stop >= span.line:
        return ()
    more = _indent(lines, above) - _indent(lines, below)
    moved = [_moved(line, more) for line in lines[below.start : below.stop]]
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


def _indent(lines: list[str], block: range) -> int:
    """The spaces before the first line of a block that is no comment."""
    texts = (lines[at] for at in block)
    first = next(text for text in texts if text.strip() and text.lstrip()[:1] != "#")
    return len(first) - len(first.lstrip(" "))


def _ends(editor: Editor) -> list[int]:
    return [*editor.starts[1:], len(editor.text)]


def _block(lines: list[str], line: int, column: int) -> range:
    """The lines below the one of a key in this column that belong to it, without empty ones.

    They are further in, or begin with a dash in the key's own column.
    """
    end = last = line
    while end < len(lines):
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
