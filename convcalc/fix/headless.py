"""An entry of keys without a kind, taken into the entry of its layer: ``- name: p3`` above it."""

import re

from convcalc.fix.pair_tree import PairTree
from convcalc.fix.record import Told
from convcalc.fix.removed import gone
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Mapping, Scalar, Sequence

TAKEN = re.compile(r"take it into the entry (above|below): ")


def taken(editor: Editor, tree: PairTree, keys: Mapping, side: str) -> list[Told]:
    """The edits that take keys into the entry on one side of theirs; [] where layout forbids it."""
    items, place = tree.standing.list_of(keys) or (Sequence(0), 0)
    other = place + (1 if side == "below" else -1)
    if not 0 <= other < len(items.items):
        return []
    item, flow = items.items[other], editor.is_flow(items)
    given = [(word, editor.written(value)) for word, (_, value) in keys.entries.items()]
    if any(tree.standing.times(node) > 1 for node in (keys, item)):
        return []
    own = editor.text[editor.start(keys) : editor.end(keys)]
    if any("\n" in text for _, text in given) or "#" in own:
        return []
    first = min(place, other)
    parts = [(editor.start(one), editor.end(one)) for one in items.items[first : first + 2]]
    without = gone(editor, parts, place - first, flow, "-", False)
    if isinstance(item, Scalar):
        added = _with_colon(editor, item, given, flow)
    elif isinstance(item, Mapping) and flow == editor.is_flow(item):
        added = [editor.added(item, word, text) for word, text in given]
    else:
        return []
    if not without:
        return []
    what = ", ".join(f"{word}: {text}" for word, text in given)
    return [(what, f"in the entry {side}", (*without, *added))]


def _with_colon(
    editor: Editor, item: Scalar, given: list[tuple[str, str]], flow: bool
) -> list[Edit]:
    """A word as a key, with more keys beside it."""
    start, end = editor.start(item), editor.end(item)
    pairs = [f"{word}: {text}" for word, text in given]
    if flow:
        return [Edit(start, end, f"{{{editor.text[start:end]}: , {', '.join(pairs)}}}")]
    column = start - editor.text.rfind("\n", 0, start) - 1
    at = editor.line_end(end)
    below = "".join(f"{editor.newline()}{' ' * column}{pair}" for pair in pairs)
    return [Edit(end, end, ":"), Edit(at, at, below)]
