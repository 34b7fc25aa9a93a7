"""The Pareto front: rows that no other row betters in every objective."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Objective(NamedTuple):
    """A column that should be small, or large."""

    column: str
    largest: bool = False

    def cost(self, value: int | float) -> int | float:
        """Smaller is better."""
        return -value if self.largest else value

    def cost_of(self, row: Mapping[str, object]) -> int | float:
        """That of a row by its names; a row without the number is worst of all."""
        value = row.get(self.column)
        return self.cost(value) if isinstance(value, int | float) else float("inf")


Costs = tuple[int | float, ...]


class Front:
    """The rows of the front so far; rows are added one by one.

    Of one or two objectives the costs are kept sorted: a row takes the time of a search, however
    long the front is. Of more, every row is compared with the whole front.
    """

    def __init__(self, objectives: Sequence[Objective]) -> None:
        self.objectives = tuple(objectives)
        self.rows: dict[int, Costs] = {}
        self._equal: dict[Costs, list[int]] = {}
        self._sorted: list[Costs] = []

    def add(self, number: int, values: Sequence[int | float | None]) -> bool:
        """Whether a row is on the front; the rows that it betters leave it.

        A row without one of the numbers is never on it; equal rows are all on it.
        """
        costs = []
        for objective, value in zip(self.objectives, values, strict=True):
            if value is None:
                return False
            costs.append(objective.cost(value))
        mine = tuple(costs)
        if mine not in self._equal:
            better, worse = self._around(mine)
            if better:
                return False
            for costs_ in worse:
                for other in self._equal.pop(costs_):
                    del self.rows[other]
        self._equal.setdefault(mine, []).append(number)
        self.rows[number] = mine
        return True

    def _around(self, mine: Costs) -> tuple[bool, list[Costs]]:
        """Whether a cost of the front betters this one; else those that this one betters."""
        if len(mine) > 2:
            if any(_betters(other, mine) for other in self._equal):
                return True, []
            return False, [other for other in self._equal if _betters(mine, other)]
        at = bisect_left(self._sorted, mine)  # before it smaller first costs, the last one nearest
        if at and _betters(self._sorted[at - 1], mine):
            return True, []
        end = at
        while end < len(self._sorted) and _betters(mine, self._sorted[end]):
            end += 1
        worse = self._sorted[at:end]
        self._sorted[at:end] = [mine]
        return False, worse


def _betters(one: Costs, other: Costs) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))
