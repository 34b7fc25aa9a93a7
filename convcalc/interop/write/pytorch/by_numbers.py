"""Expressions of a block's arguments, looked up by the numbers that they are in its calls."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from convcalc.interop.write.spec.expressions import Expression, NotSaidError, python, worked_out
from convcalc.layers.option import Value

MOST = 8  #: expressions of one volume that are kept
_MOST_TRIED = 1_000_000  #: in calls, for one block: each set of calls has a table of its own


class Equal(NamedTuple):
    """Expressions that are the same numbers in some calls."""

    trees: list[Expression]
    """The first of them."""
    alike: dict[tuple[type, ...], Expression]
    """The first that is Python, by the types of its values: 1 and true are written differently."""


class Table:
    """Expressions by what they are in each of some calls."""

    def __init__(self) -> None:
        self.found: dict[tuple[Value, ...], Equal] = {}
        self.read = 0
        """How many of all expressions have been tried."""

    def add(self, tree: Expression, values: tuple[Value, ...]) -> None:
        """Keep an expression."""
        equal = self.found.setdefault(values, Equal([], {}))
        if len(equal.trees) < MOST:
            equal.trees.append(tree)
        types = tuple(map(type, values))
        if types not in equal.alike and _is_python(tree):
            equal.alike[types] = tree


class ByNumbers:
    """All expressions that were found in a block."""

    def __init__(self, values: Mapping[int, Mapping[str, Value]]) -> None:
        self.values = values
        self.trees: dict[Expression, None] = {}
        self.listed: list[Expression] = []
        """The same, by number."""
        self.tables: dict[tuple[int, ...], Table] = {}
        self.left = _MOST_TRIED

    def add(self, trees: Iterable[Expression]) -> None:
        """Keep some more."""
        for tree in trees:
            if tree not in self.trees:
                self.trees[tree] = None
                self.listed.append(tree)

    def equal(self, numbers: Iterable[tuple[int, Value]]) -> list[Expression]:
        """The first that are these numbers, each in its call."""
        found, _ = self._row(numbers)
        return found.trees if found else []

    def alike(self, values: Iterable[tuple[int, Value]]) -> list[Expression]:
        """The first that is written as these values, each in its call; none where there is none."""
        found, types = self._row(values)
        return [found.alike[types]] if found and types in found.alike else []

    def _row(self, values: Iterable[tuple[int, Value]]) -> tuple[Equal | None, tuple[type, ...]]:
        """The expressions that are these values, and the values' types."""
        row: dict[int, Value] = {}
        for call, value in values:
            if row.setdefault(call, value) != value or type(row[call]) is not type(value):
                return None, ()  # a layer of a loop: no expression has two values in a call
        found = self._table(tuple(row)).found.get(tuple(row.values()))
        return found, tuple(map(type, row.values()))

    def _table(self, calls: tuple[int, ...]) -> Table:
        """What all expressions are in some calls."""
        table = self.tables.setdefault(calls, Table())
        while table.read < len(self.listed) and self.left > 0:
            tree = self.listed[table.read]
            table.read += 1
            self.left -= len(calls)
            work = worked_out(tree)
            try:
                table.add(tree, tuple([work(self.values[call]) for call in calls]))
            except NotSaidError:
                continue
        return table


def _is_python(tree: Expression) -> bool:
    try:
        python(tree)
    except NotSaidError:
        return False
    return True
