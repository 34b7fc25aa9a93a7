"""The lines of texts that began on a line above: no edit of a file's layout is about them."""

import re
from collections.abc import Iterator

from convcalc.spec.edit import Editor

#: the dashes and the key of a line, before its value
_BEFORE = re.compile(r" *+(?:- ++)*+((?:[\w.-]++|'[\w.-]++'|\"[\w.-]++\"): ++)?+(?:[&!]\S++ ++)*+")
#: a quoted text with nothing but a comment behind it
_QUOTED = re.compile(
    r"(?s:'(?:[^']|'')*+'|\"(?:[^\"\\]|\\.)*+\")(?=[^\S\r\n]*+(?:\Z|[\r\n]|(?<=\s)#))"
)
_BLOCK = re.compile(r"[|>][-+1-9]{0,2}[ \t]*+(?:#.*)?\Z")


def outside(editor: Editor, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern of line beginnings, but for those inside of texts."""
    inside = _inside(editor)
    return (match for match in pattern.finditer(editor.text) if match.start() not in inside)


def _inside(editor: Editor) -> set[int]:
    """Where the lines begin that go on with the text of a line above.

    The text may be no YAML, so that no parser says where its scalars are: they go on in the lines
    that are further in than their key, or the dash before them. In quotes that are closed they go
    on in any column.
    """
    found, ends = set[int](), [*editor.starts[1:], len(editor.text)]
    column = -1  # of the key whose text goes on; -1: of none
    closed = 0  # where the quotes of the last text are closed
    for start, end in zip(editor.starts, ends, strict=True):
        line = editor.text[start:end].rstrip("\r\n")
        deep = len(line) - len(line.lstrip(" "))
        if start < closed or (column >= 0 and (deep > column or not line.strip())):
            found.add(start)
            continue
        column = _begins(line)
        before = _BEFORE.match(line)
        quoted = _QUOTED.match(editor.text, start + before.end()) if before else None
        closed = quoted.end() if quoted else 0
    return found


def _begins(line: str) -> int:
    """The column of the key or the dash whose value is a text that may go on below, or -1.

    >>> _begins("notes: |"), _begins("  - notes: >-  # why"), _begins("  - |"), _begins("  - relu")
    (0, 4, 2, -1)
    >>> _begins("notes: a text"), _begins("notes: 'of"), _begins("layers: [relu,"), _begins("a: #")
    (0, 0, -1, -1)
    """
    before = _BEFORE.match(line)
    value = line[before.end() :] if before else ""
    if before is None or value[:1] in {"", "[", "{", "#", "*"}:
        return -1
    if before[1]:
        return before.start(1)
    quoted = value[0] in "\"'" and value.count(value[0]) == 1
    return line.rfind("-", 0, before.end()) if quoted or _BLOCK.match(value) else -1
