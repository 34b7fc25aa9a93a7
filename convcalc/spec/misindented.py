"""Entries of a list that are indented deeper than the one above: YAML joins them to its text.

Imported only where something is wrong.
"""

import re

from convcalc.network.remarks import Remarks
from convcalc.tree.folded import Folded
from convcalc.tree.nodes import Marked, Node

_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")


def told(node: Folded, offset: int) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a hyphen in a text over several lines, and the help; None for a sign."""
    place, column = node.place(offset), node.hyphen_column()
    if column is None or not node.starts_line(place):
        return None
    here = (place & 0xFFFFFFFF) + 1
    text = f"this `-` is in column {here}, the entry above it has its `-` in column {column}"
    return text, (f"put it in column {column}",)


def report(node: Folded, remarks: Remarks, calls: tuple[Node, ...]) -> bool:
    """Report the first such entry below a word alone, as ``- =act``; whether there is one."""
    for match in _HYPHEN.finditer(node.text):
        if found := told(node, match.start()):
            start = node.place(match.start())
            mark = Marked("", True, start, start + 1)
            remarks.error("CC021", found[0], mark, "", found[1], calls=calls)
            return True
    return False
