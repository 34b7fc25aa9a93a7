"""The arguments of blocks: what each call gives for them, and which of them name layers."""

from collections.abc import Iterator

from convcalc.spec.context import is_empty
from convcalc.spec.passed import NAMING
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: A block's argument, or a variable of the file ('' in place of the block).
Argument = tuple[str, str]


class Arguments:
    """The arguments of all blocks of a tree, and its variables."""

    def __init__(self, root: Mapping) -> None:
        found = _entries(root.get("blocks"))
        self.blocks = {name: block for name, block in found.items() if name}  # '' is the file
        self.variables = _entries(root.get("vars"))
        #: by the place of its default an argument: in ``n: =n`` the second is another one
        self._defaults: dict[int, str] = {}
        self._passed: dict[Argument, set[Argument]] = {}
        self._naming: set[Argument] = set()
        self._making: set[Argument] = set()
        self._seen: set[tuple[int, str]] = set()
        for name, (_, value) in self.variables.items():
            self._pass("", value, ("", name))
            self._look("", value, False)
        for block, (_, body) in self.blocks.items():
            for name, (_, default) in self.of(block).items():
                self._defaults[default.start] = name
                self._pass(block, default, (block, name))
                self._look(block, default, False)
            layers = body.get("layers") if isinstance(body, Mapping) else None
            if layers is not None:
                self._look(block, layers, True)
        layers = root.get("layers")
        if layers is not None:
            self._look("", layers, True)
        self.naming = self._all(self._naming)
        """Those whose value names layers, here or in a block that it is passed on to."""
        self.making = self._all(self._making)
        """Those whose value is layers."""

    def of(self, block: str) -> dict[str, tuple[Scalar, Node]]:
        """A block's arguments: where each is defined, and its default."""
        body = self.blocks[block][1] if block in self.blocks else None
        return _entries(body.get("args") if isinstance(body, Mapping) else None)

    def given(self, block: str, value: Node | None) -> dict[str, Node]:
        """What a call gives, by argument: named, by position, or one value without brackets."""
        if isinstance(value, Mapping):
            return {word: node for word, (_, node) in value.entries.items()}
        if value is None or is_empty(value):
            return {}
        items = value.items if isinstance(value, Sequence) else [value]
        return dict(zip(self.of(block), items, strict=False))

    def meant(self, scope: str, name: str, formula: Scalar) -> Argument | None:
        """The argument or variable that a name in a formula means, within a block."""
        if name in self.of(scope) and self._defaults.get(formula.start) != name:
            return scope, name
        return ("", name) if name in self.variables else None

    def _read(self, scope: str, node: Node) -> Iterator[Argument]:
        """The arguments that a value or the items of a list are: ``=skip``."""
        for item in node.items if isinstance(node, Sequence) else [node]:
            if isinstance(item, Scalar) and item.text[:1] == "=":
                found = self.meant(scope, item.text[1:].strip(), item)
                if found is not None:
                    yield found

    def _pass(self, scope: str, value: Node, argument: Argument) -> None:
        """Note what a value of an argument passes on."""
        for read in self._read(scope, value):
            self._passed.setdefault(argument, set()).add(read)

    def _look(self, scope: str, node: Node, layers: bool) -> None:
        """Look through entries and what is in them; `layers` where a list is one of layers."""
        if layers:
            self._making.update(self._read(scope, node))
        if isinstance(node, Scalar) or (id(node), scope) in self._seen:  # an alias
            return
        self._seen.add((id(node), scope))
        if isinstance(node, Sequence):
            for item in node.items:
                self._look(scope, item, layers)
            return
        for word, (_, value) in _entries(node).items():
            if word in NAMING:
                self._naming.update(self._read(scope, value))
            elif word in self.blocks:
                for name, given in self.given(word, value).items():
                    self._pass(scope, given, (word, name))
                    self._look(scope, given, False)
            elif word == "branches" and isinstance(value, Mapping):
                for _, branch in value.entries.values():
                    self._look(scope, branch, True)
            else:
                self._look(scope, value, word in {"layers", "branches"})

    def _all(self, found: set[Argument]) -> frozenset[Argument]:
        """Some arguments, and those that are passed on to them."""
        waiting, reached = [*found], {*found}
        while waiting:
            more = self._passed.get(waiting.pop(), set()) - reached
            reached |= more
            waiting += more
        return frozenset(reached)


def _entries(node: Node | None) -> dict[str, tuple[Scalar, Node]]:
    return node.entries if isinstance(node, Mapping) else {}
