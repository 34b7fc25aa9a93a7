"""What a spec defines (layers, blocks, variables, arguments) and where each is used."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convcalc.editor.positions import covers
from convcalc.findings import Span
from convcalc.layers import BY_NAME
from convcalc.network.record import INPUT, Step
from convcalc.spec import shortforms
from convcalc.spec.values import RESERVED
from convcalc.tree import nodes
from convcalc.tree.nodes import Mapping, Node, Scalar

LAYER, BLOCK, VARIABLE = "layer", "block", "variable"

_WORD = re.compile(r"[A-Za-z_][\w.-]*", re.A)
_IDENTIFIER = re.compile(r"(?<![\w.])[A-Za-z_]\w*", re.A)
_REFERENCES = frozenset({"from", "weights", "like"})


class Symbol(NamedTuple):
    """One thing that a spec defines."""

    sort: str
    scope: str
    """The block that it is defined in; '' for the file."""
    name: str
    """'' for a layer that the file gives no name."""
    start: int
    """The place of the word that makes it: a layer's kind, else its name."""


class Use(NamedTuple):
    """One place of the text that names a symbol."""

    symbol: Symbol
    span: Span
    defines: bool = False


def _weight(use: Use) -> tuple[int, bool]:
    """Which of several uses at a place is meant: the shortest; a block before its call."""
    return use.span.end_column - use.span.column, use.symbol.sort == LAYER


class _Reference(NamedTuple):
    """A layer's name where it is read, before it is known which layer it is."""

    scope: str
    text: str
    node: Scalar


class Symbols(NamedTuple):
    """The symbols of a text, and every use in the order of the text."""

    uses: tuple[Use, ...]

    def at(self, line: int, column: int) -> Use | None:
        """The use at a place."""
        found = [use for use in self.uses if covers(use.span, line, column)]
        return min(found, key=_weight, default=None)

    def of(self, symbol: Symbol) -> tuple[Use, ...]:
        """All uses of a symbol."""
        return tuple(use for use in self.uses if use.symbol == symbol)

    def definition(self, symbol: Symbol) -> Use | None:
        """Where a symbol is defined."""
        return next((use for use in self.uses if use.symbol == symbol and use.defines), None)

    def names(self, sort: str, scope: str | None = None) -> list[str]:
        """The names of a sort, of one scope or all."""
        found = [
            use.symbol.name
            for use in self.uses
            if use.defines and use.symbol.sort == sort and use.symbol.name
            if scope is None or use.symbol.scope == scope
        ]
        return list(dict.fromkeys(found))


def symbols_of(root: Mapping, steps: Sequence[Step]) -> Symbols:
    """The symbols of a tree; `steps` say which layer an automatic or dotted name is."""
    walk = _Walk(root)
    walk.file()
    uses = [*walk.uses, *_resolved(walk, steps)]
    return Symbols(tuple(sorted(dict.fromkeys(uses), key=lambda use: use.span)))


class _Walk:
    """Collects what a tree defines and what it names."""

    def __init__(self, root: Mapping) -> None:
        self.root = root
        blocks = root.get("blocks")
        self.blocks = blocks.entries if isinstance(blocks, Mapping) else {}
        self.uses: list[Use] = []
        self.references: list[_Reference] = []
        #: given names by scope, with the layer that each names
        self.given: dict[tuple[str, str], Symbol] = {}
        #: layers by the place of their kind
        self.layers: dict[int, Symbol] = {}
        #: arguments by block, and the file's variables under ''
        self.variables: dict[str, dict[str, Symbol]] = {"": {}}
        self.seen: set[int] = set()

    def file(self) -> None:
        """Walk over all sections."""
        own = self.root.get("vars")
        for word, (key, value) in (own.entries if isinstance(own, Mapping) else {}).items():
            self.define("", word, key)
            self.formulas("", value)
        for name, (key, body) in self.blocks.items():
            self.uses.append(Use(Symbol(BLOCK, "", name, key.start), key.span, True))
            self.variables[name] = {}
            if isinstance(body, Mapping):
                self.block(name, body)
        for section in ("inputs", "input", "layers"):
            node = self.root.get(section)
            if section == "inputs" and isinstance(node, Mapping):
                for name, (at, _) in node.entries.items():
                    self.name_layer("", name, at, at)
            elif node is not None:
                self.walk("", node)
        outputs = self.root.get("outputs")
        if outputs is not None:
            self.refer("", outputs)

    def block(self, name: str, body: Mapping) -> None:
        """A block's arguments and layers."""
        args = body.get("args")
        for word, (key, value) in (args.entries if isinstance(args, Mapping) else {}).items():
            self.define(name, word, key)
            self.walk(name, value)
        layers = body.get("layers")
        if layers is not None:
            self.walk(name, layers)

    def define(self, scope: str, word: str, key: Scalar) -> None:
        """A variable or an argument."""
        symbol = Symbol(VARIABLE, scope, word, key.start)
        self.variables[scope][word] = symbol
        self.uses.append(Use(symbol, key.span, True))

    def name_layer(self, scope: str, name: str, at: Scalar, named: Scalar | None) -> None:
        """A layer, a call or a repeat, and its name where the text gives it one."""
        symbol = Symbol(LAYER, scope, name, at.start)
        self.layers[at.start] = symbol
        if name:
            self.given[scope, name] = symbol
        self.uses.append(Use(symbol, at.span if named is None else named.span, True))

    def walk(self, scope: str, node: Node, options: bool = False) -> None:
        """Entries, options and whatever lies in them; `options` are those of a kind or call."""
        if id(node) in self.seen:  # an alias
            return
        self.seen.add(id(node))
        if isinstance(node, Scalar):
            self.formulas(scope, node)
        elif isinstance(node, nodes.Sequence):
            for item in node.items:
                if isinstance(item, Scalar) and not options:
                    self.words(scope, item)
                self.walk(scope, item)
        elif isinstance(node, Mapping):
            kind = None if options else self.kind_of(node)
            if kind is not None:
                self.entry(scope, kind, node)
            for word, (_, value) in node.entries.items():
                if word in _REFERENCES:
                    self.refer(scope, value)
                elif options and word == "branches" and isinstance(value, Mapping):
                    for _, branch in value.entries.values():  # one may be called as a kind
                        self.walk(scope, branch)
                elif word != "name" or kind is None:
                    self.walk(scope, value, options=word == kind)

    def entry(self, scope: str, kind: str, node: Mapping) -> None:
        """An entry with its kind and name."""
        key, value = node.entries[kind]
        named = node.get("name")
        given = named if isinstance(named, Scalar) else None
        self.name_layer(scope, "" if given is None else given.text, key, given)
        if kind in self.blocks:
            self.call(kind, key, value)

    def kind_of(self, node: Mapping) -> str | None:
        """The key that makes a mapping an entry: a kind or call, else a short form."""
        kind = next(filter(self.is_kind, node.entries), None)
        return kind or next(filter(shortforms.expand, node.entries), None)

    def is_kind(self, word: str) -> bool:
        """Whether a key makes its mapping an entry."""
        return word in BY_NAME or word in self.blocks or word == "repeat"

    def words(self, scope: str, node: Scalar) -> None:
        """A short form, a bare kind, or a pattern in which blocks are called."""
        text = node.text.strip()
        if self.is_kind(text) or shortforms.expand(text):
            self.name_layer(scope, "", node, None)
        if not self.blocks or text[:1] == "=":
            return
        for match in _WORD.finditer(node.text):
            if match[0] in self.blocks:
                key = self.blocks[match[0]][0]
                span = _part(node, match.start(), match.end())
                if span is not None:
                    self.uses.append(Use(Symbol(BLOCK, "", match[0], key.start), span))

    def call(self, block: str, key: Scalar, value: Node) -> None:
        """A block call: the block and its arguments by name."""
        self.uses.append(Use(Symbol(BLOCK, "", block, self.blocks[block][0].start), key.span))
        body = self.blocks[block][1]
        args = body.get("args") if isinstance(body, Mapping) else None
        known = args.entries if isinstance(args, Mapping) else {}
        for word, (at, _) in (value.entries if isinstance(value, Mapping) else {}).items():
            if word in known:
                self.uses.append(Use(Symbol(VARIABLE, block, word, known[word][0].start), at.span))

    def formulas(self, scope: str, node: Node) -> None:
        """The variables of a formula, or of those in a list."""
        if isinstance(node, nodes.Sequence):
            for item in node.items:
                self.formulas(scope, item)
        if not isinstance(node, Scalar) or node.text[:1] != "=":
            return
        for match in _IDENTIFIER.finditer(node.text):
            own = self.variables.get(scope, {}).get(match[0])
            symbol = own or self.variables[""].get(match[0])
            span = _part(node, match.start(), match.end())
            if symbol is not None and match[0] not in RESERVED and span is not None:
                self.uses.append(Use(symbol, span))

    def refer(self, scope: str, node: Node) -> None:
        """Names of layers that are read."""
        items = node.items if isinstance(node, nodes.Sequence) else [node]
        for item in items:
            if isinstance(item, Scalar) and item.text and item.text[:1] != "=":
                self.references.append(_Reference(scope, item.text, item))


def _part(node: Scalar, start: int, end: int) -> Span | None:
    """The place of a part of a scalar; None where it runs over several lines."""
    span = node.span
    if span.line != span.end_line:
        return None
    column = span.column + (0 if node.plain else 1)
    return Span(span.line, column + start, span.line, column + end)


def _resolved(walk: _Walk, steps: Sequence[Step]) -> Iterator[Use]:
    """The uses that are references to layers."""
    places, prefixes = _named(walk, steps)
    for scope, text, node in walk.references:
        whole = walk.given.get((scope, text))
        if whole is not None:
            yield Use(whole, node.span)
            continue
        parts, offset, last = text.split("."), 0, None
        for number, part in enumerate(parts, 1):
            name = ".".join(parts[:number])
            symbol = walk.given.get((scope, name)) if number == 1 else None
            for prefix in () if symbol else prefixes.get(scope, ("",)):
                start = places.get(f"{prefix}{name}")
                symbol = symbol or (None if start is None else walk.layers.get(start))
            symbol = symbol or (walk.given.get(("", name)) if number == 1 else None)
            span = _part(node, offset, offset + len(part))
            if symbol is not None and symbol != last and span is not None:
                yield Use(symbol, span)
            last = symbol
            offset += len(part) + 1


def _named(walk: _Walk, steps: Sequence[Step]) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """The places of all full names, and the prefixes under which each block's names are found."""
    places: dict[str, int] = {}
    prefixes: dict[str, tuple[str, ...]] = {"": ("",)}
    for step in steps:
        mark = step.place.kind
        if step.kind != INPUT and isinstance(mark, Node):
            places.setdefault(step.name, mark.start)
        calls = step.place.calls[::-1]
        for depth, (unit, call) in enumerate(zip(step.units, calls, strict=False), 1):
            if isinstance(call, Scalar):
                places.setdefault(unit, call.start)
                if call.text in walk.blocks and call.text not in prefixes:
                    outer = step.units[:depth][::-1]
                    prefixes[call.text] = (*(f"{name}." for name in outer), "")
    return places, prefixes
