"""A layer with `times` as a repeat of two: what is behind each copy cannot be said beside it."""

import re

from convcalc.spec.context import is_empty
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Mapping, Scalar

_KEPT = frozenset({"name", "from", "when", "expect", "ignore"})  #: mean the same beside a repeat


def repeated(
    editor: Editor,
    item: Mapping,
    word: str,
    key: str,
    without: tuple[tuple[Edit, ...], tuple[Edit, ...], tuple[Edit, ...]],
    layer: str,
    comment: str,
) -> tuple[Edit, ...]:
    """A `repeat` in place of the layer `word` of an entry, in its layout; () where that cannot be.

    Args:
        editor: knows the text.
        item: the entry.
        word: its key that is the layer.
        key: the one that `layer` is in place of, in the options of that layer or beside it.
        without: what takes out `key`, with the comment behind it and but for that, and `times`.
        layer: what follows in each turn, as an entry of a list.
        comment: what goes with it, where it has a line.
    """
    at, value = item.entries[word]
    times = item.entries["times"][1]
    others = set(item.entries) - {word, key, "times"} - _KEPT
    if not all(without) or others or not isinstance(times, Scalar):
        return ()
    if (name := item.get("name")) is not None and not _is_free(editor, name):
        return ()
    often, taken = editor.written(times), (*without[0], *without[2])
    start, stop = editor.start(at), editor.end(at)
    options = isinstance(value, Mapping) and bool(value.entries)
    end = editor.end(value) if options else editor.text.index(":", stop) + 1
    if not {"#", "\n"}.isdisjoint(often) or (not options and not is_empty(value)):
        return ()
    if "\n" not in editor.text[start:end]:
        entry = f"{{{layer}}}" if ": " in layer else layer
        first = Edit(start, start, f"repeat: {{times: {often}, layers: [")
        tail = Edit(end, end, f", {entry}]}}") if options else Edit(stop, end, f", {entry}]}}")
        return (first, *without[1], *without[2], tail)
    line = editor.text.rfind("\n", 0, start) + 1
    if editor.is_flow(item) or editor.is_flow(value) or "\t" in editor.text[line:start]:
        return ()
    indent, newline = " " * (start - line), editor.newline()
    head = (
        f"repeat:{newline}{indent}  times: {often}{newline}{indent}  layers:{newline}{indent}    - "
    )
    last = editor.text.find("\n", end) + 1 or len(editor.text)
    deeper = [
        Edit(at, at, "      ")
        for at in editor.starts
        if start < at < end
        and editor.text[at : at + 1] not in {"", "\r", "\n"}
        and not any(edit.start <= at < edit.end for edit in taken)
    ]
    more = f"{indent}    - {layer}{comment}"
    more = f"{more}{newline}" if editor.text[:last].endswith("\n") else f"{newline}{more}"
    return (Edit(start, start, head), *deeper, *taken, Edit(last, last, more))


def _is_free(editor: Editor, name: object) -> bool:
    """Whether a name can be the one of the whole repeat: none of its copies is read by its own."""
    text = name.text if isinstance(name, Scalar) else ""
    return bool(text) and not re.search(rf"\b{re.escape(text)}\.|\bweights:", editor.text)
