"""Branches by their names right below a merge, or beside it: put below `branches:`."""

import re

from convcalc.fix.in_repeat import deeper, own_lines
from convcalc.fix.pair_tree import PairTree
from convcalc.fix.record import Told
from convcalc.layers import BY_NAME
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import BESIDE, Mapping, Scalar

NAMED = re.compile("branches stand below `branches:`")


def under_branches(editor: Editor, tree: PairTree, given: Mapping, key: str) -> list[Told]:
    """The edits that put all branches of a mapping below the key that they need; [] for none.

    `given` are the options of a merge, or the entry in which they are beside it. `key` is one of
    the branches: they are put there once, for the first.
    """
    item = tree.holders.get(id(given), given)
    kind = next((word for word in item.entries if word in BY_NAME), "")
    if not kind or not BY_NAME[kind].merges:
        return []
    others = {kind, "branches", *BESIDE, *(option.key for option in BY_NAME[kind].options())}
    words = [word for word in given.entries if word not in others]
    if words[:1] != [key]:
        return []
    order = [*given.entries]
    first, last = order.index(words[0]), order.index(words[-1])
    if order[first : last + 1] != words:
        return []
    told = " and ".join(f"{word}:" for word in words), "below `branches:`"
    if editor.is_flow(given):
        start = editor.start(given.entries[words[0]][0])
        end = editor.end(given.entries[words[-1]][1])
        if given is item or "branches" in given.entries:
            return []
        return [(*told, (Edit(start, start, "branches: {"), Edit(end, end, "}")))]
    there = given.entries.get("branches")
    if there is not None and (order.index("branches") != first - 1 or not _is_open(there[1])):
        return []
    begins = [own_lines(editor, given, word) for word in words]
    column = given.entries[words[0]][0].span.column - 1 + 2 * (given is item)
    edits = list[Edit]()
    for begin in begins:
        if begin is None:
            return []
        more = "  " if given is not item else "    "
        edits += [edit._replace(text=more) for edit in deeper(editor, *begin)]
    if there is None:
        at = edits[0].start
        key = f"{' ' * column}branches:{editor.newline()}"
        edits[0] = Edit(at, at, key + edits[0].text)
    return [(*told, tuple(edits))]


def _is_open(node: object) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text
