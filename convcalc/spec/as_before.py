"""The entries of a text that is nearly another one: those that are equal, and at the same place.

A place in a spec is made of nodes of its tree, which each reading of the text makes anew. Where the
places of two nets are to be held once, their nodes have to be the same ones.
"""

from collections.abc import Iterable
from typing import TypeVar

from convcalc.network.place import Place
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_Any = TypeVar("_Any", bound="Node | None")
#: Nodes that are kept for further copies at a time.
_MOST_KNOWN = 4096


class NodesBefore:
    """The nodes of the places of another net, each found by where it starts."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._old: dict[tuple[type, int], Node] = {}
        for place in places:
            for node in (place.kind, place.options, *place.calls):
                if isinstance(node, Node):
                    self._old[type(node), node.start] = node
        self._known: dict[int, tuple[Node, Node]] = {}
        """By the ids of nodes: they, which keeps their ids, and what is held of them."""

    def held(self, node: _Any) -> _Any:
        """The node of then that is equal, or this one."""
        if node is None:
            return node
        known = self._known.get(id(node))
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            old = self._old.get((type(node), node.start))
            alike = old is not None and _is_alike(node, old)
            known = self._known[id(node)] = node, old if alike and old is not None else node
        return known[1]  # type: ignore[return-value]


def _is_alike(one: Node, other: Node) -> bool:
    """Whether two nodes say the same at the same place."""
    waiting = [(one, other)]
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other) or (one.start, one.end) != (other.start, other.end):
            return False
        if isinstance(one, Scalar) and isinstance(other, Scalar):
            if (one.text, one.plain) != (other.text, other.plain):
                return False
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            if [*one.entries] != [*other.entries]:
                return False
            pairs = zip(one.entries.values(), other.entries.values(), strict=True)
            waiting += [pair for entries in pairs for pair in zip(*entries, strict=True)]
        elif isinstance(one, Sequence) and isinstance(other, Sequence):
            if len(one.items) != len(other.items):
                return False
            waiting += zip(one.items, other.items, strict=True)
    return True
