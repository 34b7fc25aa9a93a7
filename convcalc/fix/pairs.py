"""Options of other tools: left out, written as ours, or made a layer of their own."""

import re
from collections.abc import Collection, Iterator

from convcalc.findings import Span
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.reader import read

_LEFT_OUT = re.compile(r"leave out `[^`]+`: ")
_WRITTEN = re.compile(r"write `([^`]+)` in place of `")
_LAYER = re.compile(r"an activation is a separate layer: `- (\w+)`")
#: how a help begins that is about a key and its value
PAIR_HELP = ("leave out `", "write `", "an activation is a separate layer")

_SAFE_BESIDE = frozenset({"expect", "ignore"})  #: nothing that names or repeats the layer


class Pairs:
    """Edits of a key together with its value; it knows the tree of one text."""

    def __init__(self, network: Network, editor: Editor) -> None:
        self.editor = editor
        self.root, _ = read(network.source, TRUSTED)
        self.mappings = entry_of(self.root)

    def pair_at(self, span: Span) -> tuple[Mapping, str] | None:
        """The mapping and its key of which the key or the value is at a place."""
        place = (span.line - 1 << 32) | (span.column - 1)
        mapping = self.mappings.get(place) or self.of_value(place)
        for key, pair in (mapping.entries if mapping else {}).items():
            if mapping and any(
                (n.span.line, n.span.column) == (span.line, span.column) for n in pair
            ):
                return mapping, key
        return None

    def written(self, span: Span) -> str:
        """The text of the pair at a place; '' where it takes more than a line."""
        found = self.pair_at(span)
        if found is None:
            return ""
        start, end = self._of(*found[0].entries[found[1]])
        text = self.editor.text[start:end]
        return "" if "\n" in text else text

    def edits(self, help: str, span: Span) -> tuple[str | None, tuple[Edit, ...]]:
        """What is written for the pair at a place, and how; nothing where the layout forbids it."""
        pair = self.pair_at(span)
        if pair is None:
            return None, ()
        mapping, key = pair
        at, value = mapping.entries[key]
        if match := _WRITTEN.match(help):
            if "#" in self.editor.text[self.editor.start(at) : self.editor.end(value)]:
                return None, ()  # a comment would be lost
            alone = ":" in match[1] or len(mapping.entries) == 1
            text = match[1] if alone else f"{match[1]}:"
            if "{" not in text and not self.editor.is_flow(mapping):
                text = text.replace(", ", f"{self.editor.newline()}{self._indent(at)}")
            after = " " if self.editor.is_flow(mapping) and text[-1:] == ":" else ""
            return text, (Edit(self.editor.start(at), self.editor.end(value), text + after),)
        if _LEFT_OUT.match(help):
            return "", self._without(mapping, key)
        if match := _LAYER.match(help):
            layer = self._below(mapping, match[1], self._comment(mapping, value))
            without = self._without(mapping, key, moved=True) if layer else ()
            known = isinstance(value, Scalar)
            return f"- {match[1]}", (*without, layer) if layer and without and known else ()
        return None, ()

    def _indent(self, key: Node) -> str:
        """The spaces before a key, or below it where a hyphen stands there."""
        start = self.editor.start(key)
        return " " * (start - self.editor.text.rfind("\n", 0, start) - 1)

    def _comment(self, mapping: Mapping, value: Node) -> str:
        """The comment behind a value on a line of its own, with the spaces before it."""
        end = self.editor.end(value)
        rest = self.editor.text[end:].partition("\n")[0].rstrip()
        return rest if rest.lstrip()[:1] == "#" and not self.editor.is_flow(mapping) else ""

    def of_value(self, place: int) -> Mapping | None:
        """The mapping that has a scalar at this place as a value."""
        mappings = self.mappings.values()
        for mapping in {id(mapping): mapping for mapping in mappings}.values():
            values = (value for _, value in mapping.entries.values())
            if any(type(value) is Scalar and value.start == place for value in values):
                return mapping
        return None

    def _without(self, mapping: Mapping, key: str, moved: bool = False) -> tuple[Edit, ...]:
        """A mapping with one key less, a list with one entry less where it has no other.

        A comment behind it stays unless it is moved.
        """
        keys = list(mapping.entries)
        place, whole = keys.index(key), self._of(mapping)
        items = _list_of(self.root, mapping) if len(keys) == 1 else None
        if items is None:
            parts = [self._of(*pair) for pair in mapping.entries.values()]
            return self._gone(parts, place, self.editor.is_flow(mapping), "", moved)
        parts = [self._of(item) for item in items.items]
        if len(parts) == 1 or self._numbers(key):
            return ()  # no list is left empty
        return self._gone(parts, parts.index(whole), self.editor.is_flow(items), "-", moved)

    def _of(self, *nodes: Node) -> tuple[int, int]:
        """Where the first node starts and the last one ends."""
        return self.editor.start(nodes[0]), self.editor.end(nodes[-1])

    def _gone(
        self, parts: list[tuple[int, int]], place: int, flow: bool, hyphen: str, moved: bool
    ) -> tuple[Edit, ...]:
        """The text without one of several parts: with its comma, or with its line."""
        start, end = parts[place]
        if flow:
            own = (start, end)
            if place + 1 < len(parts):
                end = parts[place + 1][0]
            elif place:
                start = parts[place - 1][1]
            if "#" in self.editor.text[start : own[0]]:
                start = own[0]  # a comment stays, and a comma may end a mapping in brackets
            elif "#" in self.editor.text[own[1] : end]:
                end = self.editor.text.index(",", own[1]) + 1
                if "#" in self.editor.text[own[1] : end]:
                    return ()
            return (Edit(start, end, ""),)
        text = self.editor.text
        begin = text.rfind("\n", 0, start) + 1
        stop = text.find("\n", end) + 1 or len(text)
        rest = text[end:stop].strip()
        if text[begin:start].strip() != hyphen or (rest and not rest.startswith("#")):
            return ()  # the first key after a hyphen
        if rest and not moved:
            start = text.rindex(hyphen, begin, start) if hyphen else start
            return (Edit(start, end + text[end:stop].index("#"), ""),)
        return (Edit(begin, stop, ""),)

    def _numbers(self, kind: str) -> bool:
        """Whether the file may read layers of a kind by automatic names, which are counted."""
        return re.search(rf"\b{re.escape(kind)}[1-9]", self.editor.text) is not None

    def _below(self, options: Mapping, layer: str, comment: str) -> Edit | None:
        """One layer more after the one with these options; None where that is not the same.

        A layer that is repeated, that an alias means too, or whose name others may read, would mean
        another net; so would a reference to a layer by the number that this one takes.
        """
        found = _entry(self.root, options)
        if found is None or self._numbers(layer):
            return None
        items, item = found
        if any(_times(self.root, node) > 1 for node in (options, item)):
            return None
        beside = [key for key, (_, value) in item.entries.items() if value is not options]
        if not _SAFE_BESIDE.issuperset(beside):
            return None
        text, start = self.editor.text, self.editor.start(item)
        if self.editor.is_flow(items):
            end = self.editor.end(item)
            return Edit(end, end, f", {layer}")
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if not re.fullmatch(r" *- +", line):
            return None
        entry, newline = f"{line.rstrip()} {layer}{comment}", self.editor.newline()
        end = text.find("\n", self.editor.end(item)) + 1  # the line may be one that is taken out
        if not end:
            return Edit(len(text), len(text), f"{newline}{entry}")
        return Edit(end, end, f"{entry}{newline}")


def _entry(root: Node | None, options: Mapping) -> tuple[Sequence, Mapping] | None:
    """The list and the entry in it that has these options."""
    for node in _lists(root):
        for item in node.items:
            if isinstance(item, Mapping) and any(
                value is options for _, value in item.entries.values()
            ):
                return node, item
    return None


def _list_of(root: Node | None, item: Mapping) -> Sequence | None:
    """The list that has this entry."""
    found = (node for node in _lists(root) if any(other is item for other in node.items))
    return next(found, None)


def _times(root: Node | None, wanted: Node) -> int:
    """How often a node stands in a tree: more than once where an alias means it."""
    return sum(node is wanted for node in _standing(root))


def _lists(root: Node | None) -> Collection[Sequence]:
    """Every list of a tree; aliases once."""
    found = (node for node in _standing(root) if isinstance(node, Sequence))
    return {id(node): node for node in found}.values()


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
