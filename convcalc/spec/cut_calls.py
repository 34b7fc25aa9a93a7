"""Calls in a list in brackets, which YAML cuts at their commas: ``[Conv(3, 16, 3), relu]``.

Imported only where something is wrong.
"""

from collections.abc import Sequence as Items

from convcalc.tree.nodes import Node, Scalar, Sequence

_MOST = 40  #: parts of one call


def parts(items: Items[Node], first: int) -> int:
    """How many entries behind one are the rest of its call; 0 where none of them ends it.

    >>> parts([Scalar(text, 0) for text in ("conv(3", "16", "k=(3", "3))", "relu")], 0)
    3
    """
    opened = 0
    for count, item in enumerate(items[first : first + _MOST]):
        opened += _opened(item)
        if opened <= 0:
            return count
    return 0


def _opened(item: Node) -> int:
    """How many round brackets an entry leaves open."""
    if isinstance(item, Sequence):
        return sum(map(_opened, item.items[:_MOST]))
    text = item.text if isinstance(item, Scalar) else ""
    return text.count("(") - text.count(")")
