"""Options of other tools: left out, written as ours, or made a layer of their own."""

import re

from convcalc.findings import Span
from convcalc.fix.as_one import AS_ONE, as_one
from convcalc.fix.below import below, comment_behind
from convcalc.fix.keyed import KEYED, NAMED, with_key, with_name
from convcalc.fix.listed import listed
from convcalc.fix.pair_helps import (
    AGAIN,
    BELOW_KIND,
    BOTH,
    FROM,
    INPUT,
    LAYER,
    LAYERS,
    LEAKS,
    LEFT_OUT,
    OUTSIDE,
    SERIES,
    WRITTEN,
)
from convcalc.fix.pair_tree import PairTree, counted_kind
from convcalc.fix.repeated import repeated
from convcalc.fix.taken_in import taken_in
from convcalc.spec.edit import Edit
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar

_SAFE_BESIDE = frozenset({"expect", "ignore"})  #: nothing that names or repeats the layer
_BELOW_TOO = frozenset({*_SAFE_BESIDE, "from", "name", "weights", "when"})  #: where `below` looks


class Pairs:
    """Edits of a key together with its value."""

    def __init__(self, tree: PairTree) -> None:
        self.tree = tree
        self.editor = tree.editor

    def edits(self, help: str, span: Span) -> tuple[str | None, tuple[Edit, ...]]:
        """What is written for the pair at a place, and how; nothing where the layout forbids it."""
        pair = self.tree.pair_at(span)
        if pair is None:
            return ("", self.tree.without_word(span)) if LEFT_OUT.match(help) else (None, ())
        mapping, key = pair
        at, value = mapping.entries[key]
        if match := KEYED.match(help):
            return match[1], self._keyed(mapping, match[1], match[2])
        if match := NAMED.match(help):
            return match[1], with_name(self.editor, mapping, key, match[1], match[2])
        if match := AS_ONE.match(help):
            return match[1], as_one(self.editor, mapping, match[2], match[1])
        if match := WRITTEN.match(help):
            if "#" in self.editor.text[self.editor.start(at) : self.editor.end(value)]:
                return None, ()  # a comment would be lost
            alone = ":" in match[1] or len(mapping.entries) == 1
            text = match[1] if alone else f"{match[1]}:"
            if not self.editor.is_flow(mapping):
                text = OUTSIDE.sub(f"{self.editor.newline()}{self._indent(at)}", text)
            after = " " if self.editor.is_flow(mapping) and text[-1:] == ":" else ""
            return text, (Edit(self.editor.start(at), self.editor.end(value), text + after),)
        if match := INPUT.match(help):
            first = self.editor.start(mapping.entries["layers"][0])
            after = ", " if self.editor.is_flow(mapping) else self.editor.newline()
            return match[1], (Edit(first, first, f"{match[1]}{after}"),)
        if LEFT_OUT.match(help):
            return "", self.tree.without(mapping, key)
        if match := BELOW_KIND.match(help):
            return f"{match[1]}: beside it", self._beside(mapping, key)
        if match := FROM.match(help):
            empty = " " if self.editor.is_flow(mapping) else ""
            given = Edit(self.editor.end(at) + 1, self.editor.end(value), empty)
            added = self.editor.added(mapping, "from", match[1])
            safe = "from" not in mapping.entries and self.tree.written(span)
            return f"from: {match[1]}", (given, added) if safe else ()
        if found := self._with_layers(help, mapping, key):
            return found
        return taken_in(help, self.editor, mapping, key, self.tree.without) or (None, ())

    def _with_layers(
        self, help: str, mapping: Mapping, key: str
    ) -> tuple[str | None, tuple[Edit, ...]] | None:
        """The same of help that makes a layer or more of the pair; None for other help."""
        value = mapping.entries[key][1]
        several = len(LAYERS.intersection(mapping.entries)) > 1
        if match := LAYER.match(help):
            if several:
                return None, ()
            layer = self._below(mapping, (match[1],), comment_behind(self.editor, mapping, value))
            without = self.tree.without(mapping, key, moved=True) if layer else ()
            known = isinstance(value, Scalar)
            return f"- {match[1]}", (*without, layer) if layer and without and known else ()
        if match := LEAKS.match(help):
            exactly = self.editor.written(value) == match[1].rpartition(": ")[2][:-1]
            return match[1], self._as_kind(mapping, match[1]) if exactly else ()
        if match := SERIES.match(help):
            first, *others = re.findall("`- ([^`]+)`", match[1])
            return match[1].replace("`", ""), self._series(mapping, key, first, tuple(others))
        if match := BOTH.match(help):
            known = isinstance(value, Scalar) and not several
            return f"[..., {match[1]}]", self._listed(mapping, key, match[1]) if known else ()
        if match := AGAIN.match(help):
            known = isinstance(value, Scalar) and not several
            again = self._again(mapping, key, match[1]) if known else ()
            return f"repeat: [..., {match[1]}]", again
        return None

    def _as_kind(self, options: Mapping, entry: str) -> tuple[Edit, ...]:
        """An entry in place of a kind and its only option."""
        item = self.tree.holders.get(id(options), options)
        words = [word for word, (_, value) in item.entries.items() if value is options]
        several = len(options.entries) > 1 or self.tree.standing.times(options) > 1
        if several or not words or any(map(self.tree.numbers, (words[0], entry.partition(":")[0]))):
            return ()
        start, end = self.tree.extent(*item.entries[words[0]])
        return () if "#" in self.editor.text[start:end] else (Edit(start, end, entry),)

    def _series(
        self, item: Mapping, key: str, first: str, others: tuple[str, ...]
    ) -> tuple[Edit, ...]:
        """An entry in place of a key and its options, and others after it."""
        start, end = self.tree.extent(*item.entries[key])
        options = item.entries[key][1]
        if "#" in self.editor.text[start:end] or not isinstance(options, Mapping):
            return ()
        layer = self._below(options, others, "") if others else Edit(end, end, "")
        return (Edit(start, end, first), layer) if layer else ()

    def _again(self, options: Mapping, key: str, layer: str) -> tuple[Edit, ...]:
        """A layer with `times` as a repeat of it, without one of its keys, and another."""
        item = self.tree.holders.get(id(options), options)
        words = (w for w in item.entries if w not in BESIDE and (item is not options or w != key))
        word = next(words, "")
        again = any(self.tree.standing.times(node) > 1 for node in (options, item))
        numbered = any(map(self.tree.numbers, (counted_kind(word), layer.partition(":")[0])))
        if again or numbered or not word:
            return ()
        without = self.tree.without(options, key, moved=True), self.tree.without(options, key)
        comment = comment_behind(self.editor, options, options.entries[key][1])
        each = *without, self.tree.without(item, "times")
        return repeated(self.editor, item, word, key, each, layer, comment)

    def _listed(self, options: Mapping, key: str, layer: str) -> tuple[Edit, ...]:
        """A branch of one layer as a list of it, without one of its keys, and another."""
        item = self.tree.holders.get(id(options), options)
        word = next(iter(item.entries))
        beside = set(item.entries) - {word, key}
        again = any(self.tree.standing.times(node) > 1 for node in (options, item))
        numbered = any(map(self.tree.numbers, (counted_kind(word), layer.partition(":")[0])))
        if again or numbered or not _SAFE_BESIDE.issuperset(beside):
            return ()
        comment = comment_behind(self.editor, options, options.entries[key][1])
        without = self.tree.without(options, key, moved=True)
        return listed(self.editor, item, without, layer, comment)

    def _beside(self, options: Mapping, key: str) -> tuple[Edit, ...]:
        """A key that stands among the options of a layer, beside its kind."""
        found, value = self.tree.standing.entry(options), options.entries[key][1]
        text = self.editor.written(value)
        if found is None or "\n" in text or key in found[1].entries:
            return ()
        if any(self.tree.standing.times(node) > 1 for node in (options, found[1], value)):
            return ()
        if not self.editor.is_flow(options) and key == list(options.entries)[-1]:
            return self._raised(options, key, next(iter(found[1].entries.values()))[0])
        without = self.tree.without(options, key)
        if len(options.entries) == 1 and self.editor.is_flow(options):
            start, end = self.tree.extent(options)
            start -= 0 if self.editor.is_flow(found[1]) else 1
            without = (Edit(start, end, ""),)
        return (*without, self.editor.added(found[1], key, text)) if without else ()

    def _raised(self, options: Mapping, key: str, kind: Node) -> tuple[Edit, ...]:
        """The last key below a kind, in the column of the kind; () where it shares a line."""
        start = self.editor.start(options.entries[key][0])
        begin = self.editor.text.rfind("\n", 0, start) + 1
        blank = not self.editor.text[begin:start].strip(" ")
        return (Edit(begin, start, " " * (kind.span.column - 1)),) if blank else ()

    def _keyed(self, mapping: Mapping, entry: str, layer: str | None) -> tuple[Edit, ...]:
        """An entry in place of all its keys, and its activation below it."""
        edits = with_key(self.editor, mapping, entry)
        if layer is None or not edits:
            return edits
        items, _ = self.tree.standing.list_of(mapping) or (None, 0)
        holder = self.tree.holders.get(id(items))
        branch = holder is not None and holder.get("branches") is items
        again = "times" in mapping.entries or self.tree.standing.times(mapping) > 1
        if items is None or branch or again or self.tree.numbers(layer):
            return ()
        more = below(self.editor, items, mapping, (layer,), "")
        return (*edits, more) if more else ()

    def _indent(self, key: Node) -> str:
        """The spaces before a key, or below it where a hyphen stands there."""
        start = self.editor.start(key)
        return " " * (start - self.editor.text.rfind("\n", 0, start) - 1)

    def _below(self, options: Mapping, layers: tuple[str, ...], comment: str) -> Edit | None:
        """Layers more after the one with these options; None where that is not the same.

        A layer that is repeated, that an alias means too, or whose name others may read, would mean
        another net; so would a reference to a layer by the number that one of these takes.
        """
        found = self.tree.standing.entry(options)
        if found is None and (own := self.tree.standing.list_of(options)) is not None:
            found = own[0], options  # the key is beside the kind
        if found is None or any(self.tree.numbers(layer.partition(":")[0]) for layer in layers):
            return None
        items, item = found
        if any(self.tree.standing.times(node) > 1 for node in (options, item)):
            return None
        holder = self.tree.holders.get(id(items))
        if holder is not None and holder.get("branches") is items:
            return None  # another branch would stand there
        beside = [key for key, (_, value) in item.entries.items() if value is not options]
        beside = [key for key in beside[1:] if key not in LAYERS] if item is options else beside
        word = next(key for key, (_, value) in item.entries.items() if key not in BESIDE)
        if not _BELOW_TOO.issuperset(beside) or self.tree.numbers(counted_kind(word)):
            return None
        return below(self.editor, items, item, layers, comment)
