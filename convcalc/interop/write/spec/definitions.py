"""The blocks of a spec as its text has them: arguments, and each entry with its conditions.

Read again from the text that the network keeps: entries are found by their places, which the
network's layers have too.
"""

from typing import NamedTuple

from convcalc.interop.write.spec.expressions import Expression, NotSaidError, expression
from convcalc.interop.write.spec.names import pythonic
from convcalc.layers import BY_NAME
from convcalc.network.record import Network
from convcalc.tree.decode import Limits
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar, Sequence
from convcalc.tree.reader import read


class Entry(NamedTuple):
    """One entry of a list of layers."""

    kind: str
    value: Node | None
    whens: tuple[Expression, ...]
    """Its conditions, those of the entries around it in the same block among them."""
    places: tuple[int, ...]
    """Where each condition is: `in_channels` there is what arrives at that entry."""
    times: Expression
    """How often it is made; 1 where it says nothing."""
    loops: int
    """How many repeats it is in, its own `times` among them."""


class Definition(NamedTuple):
    """A block."""

    name: str
    args: dict[str, Node]
    """What each argument is by default."""
    places: frozenset[int]
    """Where its own entries are; layers that an argument brings are elsewhere."""
    spliced: tuple[tuple[str, int], ...]
    """Where the layers of an argument are put, by the argument, in order."""
    names: dict[str, str]
    """What Python has for each argument."""


class Definitions:
    """All blocks of a spec, and all entries by their places."""

    def __init__(self, root: Mapping) -> None:
        self.entries: dict[int, Entry] = {}
        self.blocks: dict[str, Definition] = {}
        blocks = root.get("blocks")
        if isinstance(blocks, Mapping):
            for name, (_, block) in blocks.entries.items():
                if isinstance(block, Mapping):
                    self.blocks[name] = self.definition(name, block)
        layers = root.get("layers")
        if layers is not None:
            _Walk(self.entries).list(layers, (), 1, 0)

    def definition(self, name: str, block: Mapping) -> Definition:
        """A block; its entries are kept."""
        walk = _Walk(self.entries)
        layers, args = block.get("layers"), block.get("args")
        if layers is not None:
            walk.list(layers, (), 1, 0)
        given = args.entries if isinstance(args, Mapping) else {}
        defaults = {word: node for word, (_, node) in given.items()}
        for node in defaults.values():
            if not isinstance(node, Scalar):
                _Walk(self.entries).list(node, (), 1, 0)
        names = pythonic(defaults)
        return Definition(name, defaults, frozenset(walk.own), tuple(walk.spliced), names)

    def given(self, block: str, call: int) -> dict[str, Node]:
        """The arguments that the call at a place gives, as it writes them."""
        entry = self.entries.get(call)
        value = None if entry is None else entry.value
        if isinstance(value, Mapping):
            return {word: node for word, (_, node) in value.entries.items()}
        if value is None or (isinstance(value, Scalar) and not value.text):
            return {}
        items = value.items if isinstance(value, Sequence) else [value]
        return dict(zip(self.blocks[block].args, items, strict=False))

    def brought(self, block: str, call: int, place: int) -> str:
        """The argument whose layers a layer of a call belongs to; '' for the block's own."""
        definition, entry = self.blocks[block], self.entries.get(place)
        if place in definition.places:
            return entry.kind[1:].strip() if entry and entry.kind[:1] == "=" else ""
        words = {word for word, _ in definition.spliced}
        if not words:  # a word of a pattern
            return ""
        if len(words) > 1:
            given = {**definition.args, **self.given(block, call)}
            words = {word for word in words if _around(given.get(word), place)}
        return words.pop() if len(words) == 1 else "?"

    def by_name(self, call: int) -> bool:
        """Whether the call at a place gives its arguments by their names."""
        entry = self.entries.get(call)
        return entry is None or isinstance(entry.value, Mapping)


def _around(node: Node | None, place: int) -> bool:
    return node is not None and node.start <= place <= node.end


Whens = tuple[tuple[Expression, int], ...]  #: conditions and their places, the outermost first


def _entry(kind: str, value: Node | None, whens: Whens, times: Expression, loops: int) -> Entry:
    trees, places = tuple(tree for tree, _ in whens), tuple(place for _, place in whens)
    return Entry(kind, value, trees, places, times, loops)


class _Walk:
    """Notes all entries of a list, those inside branches and repeats too."""

    def __init__(self, entries: dict[int, Entry]) -> None:
        self.entries = entries
        self.own: set[int] = set()
        self.spliced: list[tuple[str, int]] = []

    def list(self, node: Node, whens: Whens, times: Expression, loops: int) -> None:
        """A list of entries, or one alone; `times` are those of the repeat that it is all of."""
        if isinstance(node, Sequence):
            alone = len(node.items) == 1
            for item in node.items:
                self.entry(item, whens, times if alone or not loops else None, loops)
        else:
            self.entry(node, whens, times, loops)

    def entry(self, node: Node, whens: Whens, times: Expression, loops: int) -> None:
        """An entry, and what it holds."""
        if isinstance(node, Scalar) and node.start not in self.own:
            self.note(node.start, _entry(node.text, None, whens, times, loops))
            if node.text[:1] == "=":
                self.spliced.append((node.text[1:].strip(), node.start))
        if not isinstance(node, Mapping):
            return
        if (when := node.get("when")) is not None:
            whens = (*whens, (_said(when), when.start))
        if (own := node.get("times")) is not None:
            times, loops = (_said(own) if times == 1 else None), loops + 1
        for word, (key, value) in node.entries.items():
            if word in BESIDE or key.start in self.own:  # an alias: once is enough
                continue
            self.note(key.start, _entry(word, value, whens, times, loops))
            if word == "repeat" and isinstance(value, Mapping):
                count, layers = value.get("times"), value.get("layers")
                if layers is not None:
                    inner = _said(count) if times == 1 else None
                    self.list(layers, whens, inner, loops + 1)
            elif word in BY_NAME:
                self.branches(value, whens, loops)
            else:
                self.arguments(value)

    def note(self, place: int, entry: Entry) -> None:
        """Keep an entry."""
        self.entries[place] = entry
        self.own.add(place)

    def branches(self, value: Node, whens: Whens, loops: int) -> None:
        """The branches of a merge."""
        inner = value.get("branches") if isinstance(value, Mapping) else None
        nodes = [node for _, node in inner.entries.values()] if isinstance(inner, Mapping) else []
        nodes = inner.items if isinstance(inner, Sequence) else nodes
        for node in nodes:
            self.list(node, whens, 1 if not loops else None, loops)

    def arguments(self, value: Node) -> None:
        """Layers that a block call gives as arguments: entries of their own, under no condition."""
        nodes = [node for _, node in value.entries.values()] if isinstance(value, Mapping) else []
        for node in value.items if isinstance(value, Sequence) else nodes:
            if not isinstance(node, Scalar):
                _Walk(self.entries).list(node, (), 1, 0)


def _said(node: Node | None) -> Expression:
    """A condition or a count; None where it cannot be written as code."""
    try:
        return expression(node)
    except NotSaidError:
        return None


def definitions(network: Network) -> Definitions | None:
    """The blocks of the spec that a network was read from; None where there is no such text."""
    if not network.source.text or len(network.arguments) < 2:  # variables, and a call
        return None
    root, faults = read(network.source, Limits())
    return Definitions(root) if isinstance(root, Mapping) and not faults else None
