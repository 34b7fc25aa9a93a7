"""Layers and how often they are repeated, beside each other, as a `repeat:` with both inside."""

from bisect import bisect_left

from convcalc.fix.pair_tree import PairTree
from convcalc.fix.record import Told
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import BESIDE, Mapping, Scalar, Sequence


def in_repeat(editor: Editor, mapping: Mapping, tree: PairTree) -> list[Told]:
    """``{layers: [...], repeat: 3}`` and ``times: 3`` beside ``layers:``; [] where it is not sure.

    Their order does not matter; what else is beside them stays there. Layers beside a `when` alone
    are one group under it.
    """
    word = "repeat" if "repeat" in mapping.entries else "times"
    if word not in mapping.entries:
        return _grouped(editor, mapping)
    if not {word, "layers"} <= mapping.entries.keys():
        return []
    number, layers = mapping.entries[word][1], mapping.entries["layers"][1]
    if not isinstance(number, Scalar) or not number.text or isinstance(layers, Scalar):
        return []
    times = editor.written(number)
    if editor.is_flow(mapping):
        told = f"repeat: {{times: {times}, layers: [...]}}"
        return _told(f"{word}: {times}", told, _braced(editor, mapping, word, times, tree))
    order = [key for key in mapping.entries if key in {word, "layers"}]
    made = _below if order[0] == word else _above
    told = f"times: {times} and layers inside"
    return _told(f"{word}: {times}", told, made(editor, mapping, word, times, tree))


def _grouped(editor: Editor, mapping: Mapping) -> list[Told]:
    """``when: =s > 1`` beside ``layers:``, which are made once, together."""
    keys = mapping.entries.keys()
    if not {"when", "layers"} <= keys or not keys - {"layers"} <= {*BESIDE}:
        return []
    key, value = mapping.entries["layers"]
    if not isinstance(value, Sequence) or not value.items:
        return []
    start, end = editor.start(key), editor.end(value)
    told = "layers: [...]", "repeat: {times: 1, layers: [...]}"
    if editor.is_flow(mapping):
        edits = Edit(start, start, "repeat: {times: 1, "), Edit(end, end, "}")
        return [(*told, edits)]
    between = editor.newline() + " " * (key.span.column + 1)
    first = Edit(start, start, f"repeat:{between}times: 1{between}")
    return [(*told, (first, *deeper(editor, start, end)))]


def _told(before: str, after: str, edits: tuple[Edit, ...]) -> list[Told]:
    return [(before, after, edits)] if edits else []


def _braced(
    editor: Editor, mapping: Mapping, word: str, times: str, tree: PairTree
) -> tuple[Edit, ...]:
    """``{repeat: {times: 3, layers: [...]}}``."""
    key, value = mapping.entries["layers"]
    start, end = editor.start(key), editor.end(value)
    without = tree.without(mapping, word)
    inside = Edit(start, start, f"repeat: {{times: {times}, "), Edit(end, end, "}")
    return (*inside, *without) if without else ()


def _below(
    editor: Editor, mapping: Mapping, word: str, times: str, tree: PairTree
) -> tuple[Edit, ...]:
    """``repeat:`` and ``times: 3`` in place of the number, and the layers right below it."""
    at, number = mapping.entries[word]
    moved = put_below(editor, mapping, "layers", word)
    between = editor.newline() + " " * (at.span.column + 1)
    first = Edit(editor.start(at), editor.end(number), f"repeat:{between}times: {times}")
    return (first, *moved) if moved else ()


def _above(
    editor: Editor, mapping: Mapping, word: str, times: str, tree: PairTree
) -> tuple[Edit, ...]:
    """``repeat:`` and ``times: 3`` above the layers, which go two spaces further in."""
    key, value = mapping.entries["layers"]
    without = tree.without(mapping, word)
    between = editor.newline() + " " * (key.span.column + 1)
    start = editor.start(key)
    first = Edit(start, start, f"repeat:{between}times: {times}{between}")
    return (first, *deeper(editor, start, editor.end(value)), *without) if without else ()


def deeper(editor: Editor, start: int, end: int) -> list[Edit]:
    """Two more spaces before the lines that begin between two places, but for empty ones."""
    lines = editor.starts[bisect_left(editor.starts, start) : bisect_left(editor.starts, end)]
    return [Edit(at, at, "  ") for at in lines if editor.text[at : at + 1] not in {"", "\r", "\n"}]


def own_lines(editor: Editor, mapping: Mapping, word: str) -> tuple[int, int] | None:
    """Where the lines of a key and its value begin and end; None where it shares its line."""
    key, value = mapping.entries[word]
    start, end = editor.start(key), max(editor.end(key), editor.end(value))
    begin = editor.text.rfind("\n", 0, start) + 1
    return None if editor.text[begin:start].strip() else (begin, end)


def put_below(editor: Editor, mapping: Mapping, word: str, kind: str) -> tuple[Edit, ...]:
    """A key with its value below a kind in the same column, behind the options there are."""
    text, lines = editor.text, own_lines(editor, mapping, word)
    at, given = mapping.entries.get(kind, (None, None))
    if at is None or lines is None:
        return ()
    options = given if isinstance(given, Mapping) and given.entries else None
    if options is not None and editor.is_flow(options):
        return ()
    break_at = text.find("\n", editor.end(options or at)) + 1
    column = next(iter(options.entries.values()))[0].span.column if options else at.span.column + 2
    more = " " * (column - at.span.column)
    first, last = lines[0], text.find("\n", lines[1] - 1) + 1 or len(text)
    moved = "".join(f"{more}{line}" for line in text[first:last].splitlines(keepends=True))
    if not break_at or not more:
        return ()
    if last == len(text) and moved[-1:] != "\n":
        moved += editor.newline()
    return Edit(break_at, break_at, moved), Edit(first, last, "")
