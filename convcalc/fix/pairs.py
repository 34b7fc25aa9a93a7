"""Options of other tools: left out, written as ours, or made a layer of their own."""

import re

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

    def edits(self, help: str, span: Span) -> tuple[str | None, tuple[Edit, ...]]:
        """What is written for the key at a place, and how; nothing where the layout forbids it."""
        mapping = self.mappings.get((span.line - 1 << 32) | (span.column - 1))
        found = [
            key
            for key, (at, _) in (mapping.entries if mapping else {}).items()
            if (at.span.line, at.span.column) == (span.line, span.column)
        ]
        if mapping is None or not found:
            return None, ()
        at, value = mapping.entries[found[0]]
        if match := _WRITTEN.match(help):
            if "#" in self.editor.text[self.editor.start(at) : self.editor.end(value)]:
                return None, ()  # a comment would be lost
            alone = ":" in match[1] or len(mapping.entries) == 1
            text = match[1] if alone else f"{match[1]}:"
            return text, (Edit(self.editor.start(at), self.editor.end(value), text),)
        if _LEFT_OUT.match(help):
            return "", self._without(mapping, found[0])
        if match := _LAYER.match(help):
            layer = self._below(mapping, match[1], self._comment(mapping, value))
            without = self._without(mapping, found[0], moved=True) if layer else ()
            known = isinstance(value, Scalar)
            return f"- {match[1]}", (*without, layer) if layer and without and known else ()
        return None, ()

    def _comment(self, mapping: Mapping, value: Node) -> str:
        """The comment behind a value on a line of its own, with the spaces before it."""
        end = self.editor.end(value)
        rest = self.editor.text[end:].partition("\n")[0].rstrip()
        return rest if rest.lstrip()[:1] == "#" and not self.editor.is_flow(mapping) else ""

    def _without(self, mapping: Mapping, key: str, moved: bool = False) -> tuple[Edit, ...]:
        """A mapping with one key less; a comment behind it stays unless it is moved."""
        keys = list(mapping.entries)
        place = keys.index(key)
        at, value = mapping.entries[key]
        start, end = self.editor.start(at), self.editor.end(value)
        if self.editor.is_flow(mapping):
            if place + 1 < len(keys):
                end = self.editor.start(mapping.entries[keys[place + 1]][0])
            elif place:
                start = self.editor.end(mapping.entries[keys[place - 1]][1])
            return (Edit(start, end, ""),)
        text = self.editor.text
        begin = text.rfind("\n", 0, start) + 1
        stop = text.find("\n", end) + 1 or len(text)
        rest = text[end:stop].strip()
        if text[begin:start].strip() or (rest and not rest.startswith("#")):
            return ()  # the first key after a hyphen
        if rest and not moved:
            return (Edit(start, end + text[end:stop].index("#"), ""),)
        return (Edit(begin, stop, ""),)

    def _below(self, options: Mapping, layer: str, comment: str) -> Edit | None:
        """One layer more after the one with these options; None where that is not the same.

        A layer that is repeated, or whose name others may read, would mean another net.
        """
        found = _item(self.root, options)
        if found is None:
            return None
        items, item = found
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


def _item(root: Node | None, options: Mapping) -> tuple[Sequence, Mapping] | None:
    """The list and the entry in it that has these options."""
    waiting: list[Node | None] = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            waiting.extend(value for _, value in node.entries.values())
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Mapping) and any(
                    value is options for _, value in item.entries.values()
                ):
                    return node, item
            waiting.extend(node.items)
    return None
