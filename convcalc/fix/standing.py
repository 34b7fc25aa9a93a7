"""Where the nodes of a tree stand: each is looked up, not searched, as faults may be thousands."""

from collections.abc import Iterable, Iterator

from convcalc.findings import Span
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence


class Standing:
    """The lists and mappings that the nodes of one tree stand in."""

    def __init__(self, root: Node | None) -> None:
        self._times: dict[int, int] = {}
        self._lists: dict[int, tuple[Sequence, int]] = {}
        self._entries: dict[int, tuple[Sequence, Mapping]] = {}
        self._words: dict[Span, tuple[Sequence, int]] = {}
        for node in _standing(root):
            first = id(node) not in self._times
            self._times[id(node)] = self._times.get(id(node), 0) + 1
            if first and isinstance(node, Sequence):
                self._in(node)

    def _in(self, node: Sequence) -> None:
        for place, item in enumerate(node.items):
            if isinstance(item, Scalar):
                self._words.setdefault(item.span, (node, place))
            self._lists.setdefault(id(item), (node, place))
            if isinstance(item, Mapping):
                for _, value in item.entries.values():
                    self._entries.setdefault(id(value), (node, item))

    def times(self, node: Node) -> int:
        """How often a node stands in the tree: more than once where an alias means it."""
        return self._times.get(id(node), 0)

    def list_of(self, item: Node) -> tuple[Sequence, int] | None:
        """The list that has this entry, and at which place."""
        return self._lists.get(id(item))

    def word_at(self, span: Span) -> tuple[Sequence, int] | None:
        """The list that has a word at these places as an entry, and at which place."""
        return self._words.get(span)

    def entry(self, options: Node) -> tuple[Sequence, Mapping] | None:
        """The list and the entry in it that has these options."""
        return self._entries.get(id(options))


def of_values(mappings: Iterable[Mapping]) -> dict[int, Mapping]:
    """For the place of each scalar or list that is a value the mapping it is in."""
    found: dict[int, Mapping] = {}
    for mapping in mappings:
        for _, value in mapping.entries.values():
            quoted = type(value) is Marked and value.span.line == value.span.end_line
            if quoted or type(value) is Scalar or type(value) is Sequence:
                found.setdefault(value.start, mapping)
    return found


def _standing(root: Node | None) -> Iterator[Node]:
    """Every node of a tree each time that it stands there; what is in it once."""
    waiting: list[Node | None] = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        yield node
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            waiting.extend(value for _, value in node.entries.values())
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
