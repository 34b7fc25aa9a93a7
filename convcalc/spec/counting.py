"""How many layers a net will expand to, counted before any is built: repeats and calls are bombs.

Every entry counts itself, so that calls of empty blocks are counted too. What depends on an
argument's number counts once; such a repeat is stopped while it is expanded.
"""

from convcalc.layers.option import Value
from convcalc.spec.blocks import Blocks
from convcalc.spec.context import DEEPEST, TooDeepError, is_pattern
from convcalc.spec.values import Later, Scope
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

_MOST_WORK = 1_000_000
#: Lists and entries inside each other: a level of a block, a repeat or an argument is three of them
#: at most, a merge's branches three more.
_DEEPEST = 3 * DEEPEST


class TooManyLayersError(Exception):
    """A net would expand beyond the limit; `what` there is too much of."""

    def __init__(self, what: str = "layers") -> None:
        super().__init__(what)
        self.what = what


class Counter:
    """Counts entries; what it has counted once it knows."""

    def __init__(self, blocks: Blocks, variables: Scope, limit: int) -> None:
        self.blocks = blocks
        self.variables = variables
        self.limit = limit
        self.growing = {*blocks, "repeat", "times", "add", "multiply", "concat"}
        self.known: dict[tuple[object, ...], int] = {}
        self.open: set[str] = set()
        self.depth = 0
        self.work = 0

    def layers(self, node: Node | None, arguments: dict[str, int]) -> int:
        """How many layers a list of entries makes.

        Raises:
            TooManyLayersError: more than the limit, or too many to count.
            TooDeepError: nested deeper than any net that is expanded.
        """
        if node is None:
            return 0
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TooDeepError(node)
        total = 0
        if isinstance(node, Sequence):
            for item in node.items:
                plain_entry = isinstance(item, Mapping) and item.entries.keys().isdisjoint(
                    self.growing
                )
                total += 1 if plain_entry else self.layers(item, arguments)
        elif isinstance(node, Scalar):
            total = self.word(node, arguments)
        elif isinstance(node, Mapping):
            total = 1
            for key, (_, value) in node.entries.items():
                total += self.entry(key, value, arguments)
            total *= self.times(node.get("times"))
        self.depth -= 1
        self.work += 1
        if total > self.limit or self.work > _MOST_WORK:
            raise TooManyLayersError
        return total

    def word(self, node: Scalar, arguments: dict[str, int]) -> int:
        """What an entry of one word makes: a layer, a call, a pattern, or an argument's layers."""
        text = node.text
        if text[:1] == "=":
            name = text[1:].strip()
            return 1 + (arguments[name] if name in arguments else self.variable(name))
        if text in self.blocks:
            return self.call(text, None, arguments)
        return self.pattern(node) if is_pattern(text) else 1

    def variable(self, name: str) -> int:
        """The layers in one of the file's variables."""
        value = self.variables.get(name)
        if isinstance(value, str):
            return self.word(Scalar(value, 0), {}) if value[:1] != "=" else 0
        if not isinstance(value, Later) or f"={name}" in self.open:
            return 0
        return self.remembered((f"={name}",), value.node, {})

    def pattern(self, node: Scalar) -> int:
        """The layers of a pattern; one that cannot be read is one broken layer."""
        key = ("pattern", node.text)
        if key not in self.known:
            from convcalc.spec.pattern import (  # only nets with patterns pay for it
                parse_pattern,
                unreported,
            )

            listed = parse_pattern(node.text, node, unreported, self.blocks, self.variables)
            self.known[key] = 1 if listed is None else self.layers(listed, {})
        return self.known[key]

    def entry(self, key: str, value: Node, arguments: dict[str, int]) -> int:
        """What one key of an entry adds to the entry's own layer."""
        if key in self.blocks:
            return self.call(key, value, arguments)
        if key == "repeat" and isinstance(value, Mapping):
            times = self.times(value.get("times"))
            return self.layers(value.get("layers"), arguments) * times
        branches = value.get("branches") if isinstance(value, Mapping) else None
        if isinstance(branches, Mapping):
            return sum(self.layers(v, arguments) for _, v in branches.entries.values())
        return self.layers(branches, arguments) if branches is not None else 0

    def call(self, name: str, given: Node | None, arguments: dict[str, int]) -> int:
        """A block call and its layers, remembered by what its arguments hold."""
        if name in self.open:
            return 1  # a block inside itself is refused when it is called
        block = self.blocks[name]
        passed: dict[str, Node] = {}
        if isinstance(given, Mapping):
            passed = {key: value for key, (_, value) in given.entries.items()}
        elif given is not None:
            items = given.items if isinstance(given, Sequence) else [given]
            passed = dict(zip(block.args, items, strict=False))
        inner: dict[str, int] = {}
        for argument, (_, default) in block.args.items():
            if argument in passed:
                inner[argument] = self.layers(passed[argument], arguments)
            else:
                inner[argument] = self.layers(default, inner)
        return 1 + self.remembered((name, *inner.items()), block.layers, inner)

    def remembered(
        self, key: tuple[object, ...], node: Node | None, arguments: dict[str, int]
    ) -> int:
        """The layers of a block or variable under these arguments."""
        if key not in self.known:
            name = str(key[0])
            self.open.add(name)
            self.known[key] = self.layers(node, arguments)
            self.open.discard(name)
        return self.known[key]

    def times(self, node: Node | None) -> int:
        """A `times:`; 1 where it depends on an argument."""
        if not isinstance(node, Scalar):
            return 1
        value: object
        if node.text[:1] == "=":
            from convcalc.formula import FormulaError, evaluate

            try:
                value = evaluate(node.text, self.plain)
            except (FormulaError, KeyError):
                return 1
        else:
            try:
                value = resolve(node.text)
            except AmbiguousError:
                return 1
        return value if isinstance(value, int) and value >= 0 else 1

    def plain(self, name: str) -> Value:
        """A variable of the file."""
        value = self.variables[name]
        if isinstance(value, Later):
            raise KeyError(name)
        return value
