"""Every use of every symbol of a text: names of layers are looked up as the net does."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from convcalc.editor.symbols.made import Made, Site
from convcalc.editor.symbols.record import Symbol, Symbols, Use, part
from convcalc.editor.symbols.walk import Given, Reference, Walk
from convcalc.network.record import Step
from convcalc.tree import nodes
from convcalc.tree.nodes import Mapping, Node, Scalar

_NOTHING_GIVEN = Given("", {})


def symbols_of(root: Mapping, steps: Sequence[Step]) -> Symbols:
    """The symbols of a tree; `steps` say which layer a name means."""
    walk = Walk(root)
    uses = [*walk.uses, *_References(walk, steps).uses()]
    arguments = walk.arguments
    found = tuple(sorted(dict.fromkeys(uses), key=lambda use: use.span))
    return Symbols(found, arguments.naming, arguments.making)


class _References:
    """The uses that name layers."""

    def __init__(self, walk: Walk, steps: Sequence[Step]) -> None:
        self.walk = walk
        self.made = Made(steps, walk.layers, walk.given, walk.repeats)

    def uses(self) -> Iterator[Use]:
        """All of them: what is read, then what is passed to blocks that read it nowhere."""
        known: set[int] = set()
        for reference in self.walk.references:
            for use, name in self._of(reference):
                known.add(name.start)
                yield use
        for reference in self.walk.passed:
            for use, name in self._of(reference):
                if name.start not in known:
                    yield use

    def _of(self, reference: Reference) -> Iterator[tuple[Use, Scalar]]:
        """The uses of one place, each with the name that makes it, which may be in a call."""
        scope, node, entry, begin, end = reference
        found: set[int] = set()
        in_block = entry is None and bool(scope)  # a default: it is read elsewhere
        for site in () if in_block else self.made.sites(entry):
            for name in self._written(node, scope, site.calls):
                start, text = (begin, name.text[begin:end]) if name is node else (0, name.text)
                for use in self._in_net(name, text, start, site):
                    found.add(name.start)
                    yield use, name
        for item in node.items if isinstance(node, nodes.Sequence) else [node]:
            if isinstance(item, Scalar) and item.text[:1] != "=" and item.start not in found:
                for use in self._in_text(item, item.text[begin:end], begin, scope):
                    yield use, item

    def _in_net(self, node: Scalar, text: str, start: int, site: Site) -> Iterator[Use]:
        """The layer of a name, and the calls that it is in, as they are read at a place."""
        made = self.made
        prefix = made.prefix(text, site)
        if prefix is None:
            prefix = made.prefix(text.partition(".")[0], site)
        if prefix is not None:
            yield from _parts(node, text, start, partial(made.symbol, prefix, site))

    def _in_text(self, node: Scalar, text: str, start: int, scope: str) -> Iterator[Use]:
        """The same where the net does not make what reads it, or finds no layer there."""
        given = self.walk.given
        for block in dict.fromkeys((scope, "")):
            if (block, text) in given or (block, text.partition(".")[0]) in given:
                own = {name: symbol for (at, name), symbol in given.items() if at == block}
                yield from _parts(node, text, start, own.get)
                return

    def _written(self, node: Node, scope: str, calls: tuple[Scalar, ...]) -> Iterator[Scalar]:
        """Where names are written, for arguments in the calls around or as their defaults."""
        waiting, seen = [(node, scope, calls)], set[tuple[int, int]]()
        while waiting:
            node, scope, calls = waiting.pop()
            if isinstance(node, nodes.Sequence):
                waiting += [(item, scope, calls) for item in node.items]
            elif isinstance(node, Scalar) and node.text[:1] != "=":
                yield node
            elif isinstance(node, Scalar) and (node.start, len(calls)) not in seen:
                seen.add((node.start, len(calls)))
                waiting += self._origin(node, scope, calls)

    def _origin(
        self, formula: Scalar, scope: str, calls: tuple[Scalar, ...]
    ) -> list[tuple[Node, str, tuple[Scalar, ...]]]:
        """The value of an argument or variable, with the block and the calls that it is in."""
        name = formula.text[1:].strip()
        meant = self.walk.arguments.meant(scope, name, formula)
        if meant is None:
            return []
        if not meant[0]:
            return [(self.walk.arguments.variables[name][1], "", ())]
        depth = next((n for n in range(len(calls), 0, -1) if calls[n - 1].text == scope), 0)
        if not depth:
            return []
        given = self.walk.calls.get(calls[depth - 1].start, _NOTHING_GIVEN)
        if name in given.values:
            return [(given.values[name], given.scope, calls[: depth - 1])]
        return [(self.walk.arguments.of(scope)[name][1], scope, calls[:depth])]


def _parts(
    node: Scalar, text: str, start: int, symbol: Callable[[str], Symbol | None]
) -> Iterator[Use]:
    """The symbols of a name with dots: ``up1.conv2`` has the call's and the layer's."""
    begin, last = 0, None
    for dot in re.finditer(r"\.|\Z", text):
        found, end = symbol(text[: dot.start()]), dot.start()
        if found is None:
            continue
        span = part(node, start + begin, start + end)
        if found != last and span is not None:
            yield Use(found, span)
        begin, last = end + 1, found
