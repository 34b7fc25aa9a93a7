"""The keys of one text with their values: which is at a place, and what leaving it out takes."""

import re
from functools import cached_property

from convcalc import dialects
from convcalc.findings import Span
from convcalc.fix.removed import gone
from convcalc.fix.standing import Standing, of_values
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.shortforms import expand
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node, Sequence
from convcalc.tree.reader import read


def counted_kind(word: str) -> str:
    """The kind that layers of a short form or another tool's word are counted as."""
    form = expand(word)
    return form[0] if form else dialects.kind(word, KINDS) or word


class PairTree:
    """The tree of one text, read once for all that is asked of it."""

    def __init__(self, network: Network, editor: Editor) -> None:
        self.editor = editor
        self.root, _ = read(network.source, TRUSTED)
        self.mappings = entry_of(self.root)
        self._keys: dict[int, dict[int, str]] = {}
        self._numbered: dict[str, bool] = {}

    def pair_at(self, span: Span) -> tuple[Mapping, str] | None:
        """The mapping and its key of which the key or the value is at a place."""
        place = (span.line - 1 << 32) | (span.column - 1)
        mapping = self.mappings.get(place) or self.of_value(place)
        key = None if mapping is None else self._keys_of(mapping).get(place)
        return None if mapping is None or key is None else (mapping, key)

    def _keys_of(self, mapping: Mapping) -> dict[int, str]:
        """By the places of its keys and its values the keys, looked up: faults may be thousands."""
        found = self._keys.get(id(mapping))
        if found is None:
            found = self._keys[id(mapping)] = {}
            for key, pair in mapping.entries.items():
                for node in pair:
                    found.setdefault(node.start, key)
        return found

    def written(self, span: Span) -> str:
        """The text of the pair at a place; '' where it takes more than a line."""
        found = self.pair_at(span)
        if found is None:
            return ""
        start, end = self.extent(*found[0].entries[found[1]])
        text = self.editor.text[start:end]
        return "" if "\n" in text else text

    @cached_property
    def _values(self) -> dict[int, Mapping]:
        return of_values({id(mapping): mapping for mapping in self.mappings.values()}.values())

    @cached_property
    def holders(self) -> dict[int, Mapping]:
        """By the identity of each value of a mapping that mapping."""
        return {id(v): m for m in self.mappings.values() for _, v in m.entries.values()}

    @cached_property
    def standing(self) -> Standing:
        """Where its nodes stand."""
        return Standing(self.root)

    def of_value(self, place: int) -> Mapping | None:
        """The mapping that has a scalar at this place as a value."""
        return self._values.get(place)

    def without(self, mapping: Mapping, key: str, moved: bool = False) -> tuple[Edit, ...]:
        """A mapping or a list with one less; a comment behind it stays unless it is `moved`."""
        keys = list(mapping.entries)
        found = self.standing.list_of(mapping) if len(keys) == 1 else None
        if found is None:
            parts = [self.extent(*pair) for pair in mapping.entries.values()]
            return gone(
                self.editor, parts, keys.index(key), self.editor.is_flow(mapping), "", moved
            )
        return () if self.numbers(key) else self._without_entry(*found, moved)

    def without_word(self, span: Span) -> tuple[Edit, ...]:
        """A list with one entry less, which is a word; () where it is none or the only one."""
        found = self.standing.word_at(span)
        return () if found is None or self.numbers("input") else self._without_entry(*found, False)

    def _without_entry(self, items: Sequence, place: int, moved: bool) -> tuple[Edit, ...]:
        """A list with one entry less; () for its only one, as no list is left empty."""
        if len(items.items) == 1:
            return ()
        first = max(0, place - 1)
        parts = [self.extent(item) for item in items.items[first : place + 2]]
        return gone(self.editor, parts, place - first, self.editor.is_flow(items), "-", moved)

    def extent(self, *nodes: Node) -> tuple[int, int]:
        """Where the first node starts and the last one ends."""
        return self.editor.start(nodes[0]), self.editor.end(nodes[-1])

    def numbers(self, kind: str) -> bool:
        """Whether the file may read layers of a kind by automatic names, which are counted."""
        found = self._numbered.get(kind)
        if found is None:  # no short form as conv1-64
            name = rf"\b{re.escape(kind)}[1-9][0-9]*+(?![-x][0-9])"
            found = re.search(name, self.editor.text) is not None
            self._numbered[kind] = found
        return found

    def passes_by(self, layers: str) -> bool:
        """Whether `conv3-8 relu` in place of one layer would leave a reader before the relu.

        What reads the layer by its number means what comes out of all of them; and what reads a
        relu by its number, another one.
        """
        words = layers.split() if ":" not in layers else []
        return len(words) > 1 and any(self.numbers(counted_kind(word)) for word in words)
