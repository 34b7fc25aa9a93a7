"""Collects what the tree of a spec defines, and the places that name something."""

import re
from typing import NamedTuple

from convcalc.editor.symbols.arguments import Arguments
from convcalc.editor.symbols.record import BLOCK, LAYER, VARIABLE, Symbol, Use, part
from convcalc.layers import BY_NAME
from convcalc.memory.segments_named import is_rule
from convcalc.spec import shortforms
from convcalc.spec.passed import NAMING
from convcalc.spec.values import RESERVED
from convcalc.tree import nodes
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar

_WORD = re.compile(r"[A-Za-z_][\w.-]*", re.A)
#: a word of a pattern, up to an arrow, a bracket or its `*2`
_PATTERN_WORD = re.compile(r"(?:(?!->)[^\s\[\]*?,(){}\u2192])+")
_IDENTIFIER = re.compile(r"(?<![\w.])[A-Za-z_]\w*", re.A)
#: a name in `FIRST..LAST,FIRST..LAST`
_SEGMENT_END = re.compile(r"[^,.\s]+(?:\.[^,.\s]+)*")


class Reference(NamedTuple):
    """A place where layers are read by name."""

    scope: str
    """The block in whose text it is; '' for the file."""
    node: Node
    """A name, an argument that passes one (``=skip``), or a list of them."""
    entry: int | None
    """The place of the kind of the entry that reads them; None for what is below all layers."""
    start: int = 0
    """Where in the text the name begins."""
    end: int | None = None


class Given(NamedTuple):
    """What a block call gives for its arguments."""

    scope: str
    """The block in whose text the call is; '' for the file."""
    values: dict[str, Node]


class Walk:
    """Walks over a tree."""

    def __init__(self, root: Mapping) -> None:
        self.root = root
        self.arguments = Arguments(root)
        self.blocks = self.arguments.blocks
        self.uses: list[Use] = []
        self.references: list[Reference] = []
        #: names of layers that are passed to blocks, or held by variables
        self.passed: list[Reference] = []
        #: given names by scope, with the layer that each names
        self.given: dict[tuple[str, str], Symbol] = {}
        #: those of repeats, which are no layer of the net
        self.repeats: dict[tuple[str, str], Symbol] = {}
        #: layers by the place of their kind
        self.layers: dict[int, Symbol] = {}
        #: block calls by the place of their word
        self.calls: dict[int, Given] = {}
        self.seen: set[int] = set()
        self._file()

    def _file(self) -> None:
        """Walk over all sections."""
        for word, (key, value) in self.arguments.variables.items():
            self._define("", word, key)
            self._value("", ("", word), value, None)
        for name, (key, body) in self.blocks.items():
            self.uses.append(Use(Symbol(BLOCK, "", name, key.start), key.span, True))
            if isinstance(body, Mapping):
                self._block(name, body)
        for section in ("inputs", "input", "layers"):
            node = self.root.get(section)
            if section == "inputs" and isinstance(node, Mapping):
                for name, (at, _) in node.entries.items():
                    self._name_layer("", name, at, at)
            elif node is not None:
                self._layers("", node)
        outputs = self.root.get("outputs")
        if outputs is not None:
            self._refer("", outputs, None)
        budget = self.root.get("budget")
        segments = budget.get("checkpoint") if isinstance(budget, Mapping) else None
        if isinstance(segments, Scalar) and not is_rule(segments.text):
            for match in _SEGMENT_END.finditer(segments.text):
                self.references.append(Reference("", segments, None, match.start(), match.end()))

    def _block(self, name: str, body: Mapping) -> None:
        """A block's arguments and layers."""
        for word, (key, value) in self.arguments.of(name).items():
            self._define(name, word, key)
            self._value(name, (name, word), value, None)
        layers = body.get("layers")
        if layers is not None:
            self._layers(name, layers)

    def _layers(self, scope: str, node: Node) -> None:
        """A list of layers, or a text with all of them."""
        if isinstance(node, Scalar):
            self._words(scope, node)
        self._walk(scope, node)

    def _define(self, scope: str, word: str, key: Scalar) -> None:
        """A variable or an argument."""
        self.uses.append(Use(Symbol(VARIABLE, scope, word, key.start), key.span, True))

    def _variable(self, scope: str, word: str) -> Symbol:
        known = self.arguments.of(scope) if scope else self.arguments.variables
        return Symbol(VARIABLE, scope, word, known[word][0].start)

    def _value(self, scope: str, argument: tuple[str, str], node: Node, call: int | None) -> None:
        """What is given for an argument or a variable, in a `call` or where it is defined."""
        if argument in self.arguments.naming:
            self._formulas(scope, node)
            self.passed.append(Reference(scope, node, call))
        elif argument[0] or isinstance(node, Scalar) or argument in self.arguments.making:
            self._walk(scope, node)
        else:
            self._formulas(scope, node)

    def _name_layer(self, scope: str, name: str, at: Scalar, named: Scalar | None) -> None:
        """A layer, a call or a repeat, and its name where the text gives it one."""
        symbol = Symbol(LAYER, scope, name, at.start)
        self.layers[at.start] = symbol
        if name:
            self.given[scope, name] = symbol
        self.uses.append(Use(symbol, at.span if named is None else named.span, True))

    def _walk(self, scope: str, node: Node, options: int | None = None) -> None:
        """Entries, options and whatever lies in them; `options` of the kind at this place."""
        if id(node) in self.seen:  # an alias
            return
        self.seen.add(id(node))
        if isinstance(node, Scalar):
            self._formulas(scope, node)
        elif isinstance(node, nodes.Sequence):
            for item in node.items:
                if isinstance(item, Scalar) and options is None:
                    self._words(scope, item)
                self._walk(scope, item)
        elif isinstance(node, Mapping):
            self._mapping(scope, node, options)

    def _mapping(self, scope: str, node: Mapping, options: int | None) -> None:
        """An entry, or the options of the kind at a place."""
        kind = None if options is not None else self._kind_of(node)
        at = options
        if kind is not None:
            at = node.entries[kind][0].start
            self._entry(scope, kind, node)
        for word, (key, value) in node.entries.items():
            if word in NAMING and word != kind:
                self._refer(scope, value, at)
            elif options is not None and word == "branches" and isinstance(value, Mapping):
                for _, branch in value.entries.values():  # one may be called as a kind
                    self._layers(scope, branch)
            elif kind is None and word == "layers":
                self._layers(scope, value)
            elif word == kind and kind in self.blocks:
                self._call(scope, kind, key, value)
            elif word != "name" or kind is None:
                self._walk(scope, value, at if word == kind else None)

    def _entry(self, scope: str, kind: str, node: Mapping) -> None:
        """An entry with its kind and name."""
        key, _ = node.entries[kind]
        named = node.get("name")
        given = named if isinstance(named, Scalar) else None
        self._name_layer(scope, "" if given is None else given.text, key, given)
        if kind == "repeat" and given is not None:
            self.repeats[scope, given.text] = self.layers[key.start]

    def _kind_of(self, node: Mapping) -> str | None:
        """The key that makes a mapping an entry: a kind or call, else a short form."""
        kind = next(filter(self._is_kind, node.entries), None)
        return kind or next(filter(shortforms.expand, node.entries), None)

    def _is_kind(self, word: str) -> bool:
        """Whether a key makes its mapping an entry."""
        return word in BY_NAME or word in self.blocks or word == "repeat"

    def _words(self, scope: str, node: Scalar) -> None:
        """A short form, a bare kind, or a pattern in which blocks are called."""
        text = node.text.strip()
        if text[:1] == "=":
            return
        if self._is_layer(text):
            self._name_layer(scope, "", node, None)
        elif " " in text or "\n" in text or "[" in text:
            self._pattern(scope, node)
        if not self.blocks:
            return
        for match in _WORD.finditer(node.text):
            if match[0] in self.blocks:
                span = part(node, match.start(), match.end())
                if span is not None:
                    self.uses.append(Use(self._called(match[0]), span))

    def _is_layer(self, word: str) -> bool:
        """Whether a word alone is a layer or a call."""
        return self._is_kind(word) or shortforms.expand(word) is not None

    def _pattern(self, scope: str, node: Scalar) -> None:
        """The layers of a text of several words, whose names are automatic."""
        for match in _PATTERN_WORD.finditer(node.text):
            word = match[0] if match[0] in self.blocks else match[0].lower()
            span = part(node, match.start(), match.end()) if self._is_layer(word) else None
            if span is not None:
                start = node.place(match.start())
                self._name_layer(scope, "", Marked(word, True, start, start + len(word)), None)

    def _called(self, block: str) -> Symbol:
        return Symbol(BLOCK, "", block, self.blocks[block][0].start)

    def _call(self, scope: str, block: str, key: Scalar, value: Node) -> None:
        """A block call: the block, its arguments by name, and what it gives for them."""
        self.uses.append(Use(self._called(block), key.span))
        known = self.arguments.of(block)
        for word, (at, _) in (value.entries if isinstance(value, Mapping) else {}).items():
            if word in known:
                self.uses.append(Use(self._variable(block, word), at.span))
        given = self.arguments.given(block, value)
        self.calls[key.start] = Given(scope, given)
        for word, node in given.items():
            self._value(scope, (block, word), node, key.start)

    def _formulas(self, scope: str, node: Node) -> None:
        """The variables of a formula, or of those in a list."""
        if isinstance(node, nodes.Sequence):
            for item in node.items:
                self._formulas(scope, item)
        if not isinstance(node, Scalar) or node.text[:1] != "=":
            return
        for match in _IDENTIFIER.finditer(node.text):
            meant = self.arguments.meant(scope, match[0], node)
            span = part(node, match.start(), match.end())
            if meant is not None and match[0] not in RESERVED and span is not None:
                self.uses.append(Use(self._variable(*meant), span))

    def _refer(self, scope: str, node: Node, entry: int | None) -> None:
        """Names of layers that are read, and arguments that pass them."""
        self._formulas(scope, node)
        self.references.append(Reference(scope, node, entry))
