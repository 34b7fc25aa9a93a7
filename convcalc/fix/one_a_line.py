"""A list in brackets whose calls YAML cuts at their commas, with one entry a line."""

import re

from convcalc.findings import Span
from convcalc.fix.pair_tree import PairTree
from convcalc.fix.record import Told
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Scalar

CUT = re.compile(r"inside \[ \] YAML ends an entry at each comma: write `- ")
_SIGNS = re.compile(r"[\"']|[\[({]|[\])}]|,")
_LONGEST = 20_000  #: letters of such a list
_OPENS = {"(": ")", "[": "]", "{": "}"}


def one_a_line(editor: Editor, tree: PairTree, span: Span) -> list[Told]:
    """The edit of a list in which the word at a place is the first call that is cut."""
    value, place = tree.standing.word_at(span) or (None, 0)
    holder = tree.holders.get(id(value))
    if value is None or holder is None or editor.is_flow(holder) or not editor.is_flow(value):
        return []
    key = next(at for at, own in holder.entries.values() if own is value)
    first = next(
        (one for one in value.items if isinstance(one, Scalar) and _is_cut(one.text)), None
    )
    start, end = editor.start(value), editor.end(value)
    line = editor.text.rfind("\n", 0, editor.start(key)) + 1
    before = editor.text[line : editor.start(key)]
    gap = editor.text[editor.end(key) : start]
    behind = editor.text[end:].partition("\n")[0].strip()
    if first is not value.items[place] or before.strip(" ") or gap.strip(" ") != ":" or behind:
        return []
    entries = _split(editor.text[start + 1 : end - 1]) if end - start < _LONGEST else []
    if not entries:
        return []
    newline = f"{editor.newline()}{' ' * (len(before) + 2)}- "
    lines = "".join(f"{newline}{' '.join(entry.split())}" for entry in entries)
    return [("[...]", "one entry a line", (Edit(editor.end(key) + 1, end, lines),))]


def _is_cut(text: str) -> bool:
    return text.count("(") > text.count(")")


def _split(text: str) -> list[str]:
    """The entries of a list between its commas, those inside brackets and quotes left alone.

    [] where a bracket or a quote is left open, or a comment would be lost.

    >>> _split("conv(3, 16, k=(3, 3)), relu"), _split("conv(3, relu")
    (['conv(3, 16, k=(3, 3))', 'relu'], [])
    """
    found, waiting, begin, quote = list[str](), list[str](), 0, ""
    for match in _SIGNS.finditer(text):
        sign = match[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in _OPENS:
            waiting.append(_OPENS[sign])
        elif sign != ",":
            if not waiting or waiting.pop() != sign:
                return []
        elif not waiting:
            found.append(text[begin : match.start()].strip())
            begin = match.end()
    last = text[begin:].strip()
    found += [last] if last else []
    whole = not waiting and not quote and "#" not in text
    return found if whole and all(found) else []
