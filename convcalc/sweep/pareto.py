"""The Pareto front: rows that no other row betters in every objective."""

from collections.abc import Sequence
from typing import NamedTuple


class Objective(NamedTuple):
    """A column that should be small, or large."""

    column: str
    largest: bool = False

    def cost(self, value: int | float) -> int | float:
        """Smaller is better."""
        return -value if self.largest else value


class Front:
    """The rows of the front so far; rows are added one by one."""

    def __init__(self, objectives: Sequence[Objective]) -> None:
        self.objectives = tuple(objectives)
        self.rows: dict[int, tuple[int | float, ...]] = {}

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
        if any(_betters(other, mine) for other in self.rows.values()):
            return False
        for other in [n for n, costs in self.rows.items() if _betters(mine, costs)]:
            del self.rows[other]
        self.rows[number] = mine
        return True


def _betters(one: tuple[int | float, ...], other: tuple[int | float, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def front_of_two(
    objectives: Sequence[Objective], rows: Sequence[tuple[int, Sequence[int | float | None]]]
) -> set[int]:
    """The numbers of the rows on the front of one or two objectives: what `Front` finds, in one
    pass over sorted rows. Its time does not grow with the front."""
    costs = sorted(
        (tuple(o.cost(v) for o, v in zip(objectives, values, strict=True)), number)  # type: ignore[arg-type]
        for number, values in rows
        if None not in values
    )
    found: set[int] = set()
    kept: tuple[int | float, ...] = ()
    for own, number in costs:
        if not kept or own == kept or (len(own) > 1 and own[1] < kept[1]):
            kept = own
            found.add(number)
    return found
