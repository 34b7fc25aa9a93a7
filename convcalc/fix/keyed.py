"""Edits of entries whose kind or name is in another place: ``type: conv``, ``fc1: {units: 10}``."""

import re

from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import BESIDE, Mapping

#: what is put in place of an entry's keys, and its name
KEYED = re.compile(r"the kind is the key: `- ([^`]+)`(?:, and on the next line `- ([^`]+)`)?\Z")
NAMED = re.compile(r"a name stands beside its layer: `- ([^`]+)`, and `name: ([^`]+)` below it\Z")


def with_key(editor: Editor, mapping: Mapping, entry: str) -> tuple[Edit, ...]:
    """An entry in place of all its keys but those beside a kind; () where a comment forbids it."""
    text = editor.text
    parts = [
        (word in BESIDE, editor.start(at), max(editor.end(at), editor.end(value)))
        for word, (at, value) in mapping.entries.items()
    ]
    if any(beside for beside, _, _ in parts) and ":" not in entry:
        entry = f"{entry}:"
    own = [(start, end) for beside, start, end in parts if not beside]
    if editor.is_flow(mapping):
        first, last = parts[0][1], parts[-1][2]
        if not {"#", "\n"}.isdisjoint(text[first:last]):
            return ()
        kept = [text[start:end] for beside, start, end in parts if beside]
        return (Edit(first, last, ", ".join([entry, *kept])),)
    edits = [Edit(*own[0], entry)]
    for start, end in own[1:]:
        begin = text.rfind("\n", 0, start)
        begin -= text[begin - 1 : begin] == "\r"
        if text[begin:start].strip() or text[end:].partition("\n")[0].strip():
            return ()
        edits.append(Edit(begin, end, ""))
    return () if any("#" in text[edit.start : edit.end] for edit in edits) else tuple(edits)


def with_name(
    editor: Editor, mapping: Mapping, key: str, entry: str, name: str
) -> tuple[Edit, ...]:
    """An entry in place of a key, with its name behind it; () where that does not go."""
    at, value = mapping.entries[key]
    start, end = editor.start(at), max(editor.end(at), editor.end(value))
    line = editor.text.rfind("\n", 0, start) + 1
    if "name" in mapping.entries or not {"#", "\n"}.isdisjoint(editor.text[start:end]):
        return ()
    if editor.is_flow(mapping):
        return (Edit(start, end, f"{entry}{' ' * (entry[-1:] == ':')}, name: {name}"),)
    if re.fullmatch(r" *(?:- +)*", editor.text[line:start]) is None:
        return ()
    below = f"{editor.newline()}{' ' * (start - line)}name: {name}"
    return (Edit(start, end, f"{entry}{below}"),)
