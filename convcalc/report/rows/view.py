"""What is said of rows: the two numbers that are drawn, and the rows that no other row beats."""

import os
from functools import cached_property

from convcalc.findings import ON_TOTALS
from convcalc.quantity import counted
from convcalc.study.errors import RequestError
from convcalc.suggest import nearest
from convcalc.sweep.pareto import Front, Objective
from convcalc.sweep.table import Table

#: What is drawn where nobody says: how much work the memory of training buys, else two numbers.
_USUAL = (Objective("training_memory"), Objective("macs", largest=True))

#: A front of more numbers takes time that grows with the square of the rows.
_FEW, _MOST = 2, 2000
#: Errors of nets whose numbers are known all the same; others leave no numbers.
_ERRORS = {"CC123", *ON_TOTALS}


class RowsView:
    """Rows, and what the front is of."""

    def __init__(self, table: Table, pareto: str = "") -> None:
        """Objectives are columns of numbers by commas, with ``-`` where the largest is best.

        Raises:
            RequestError: there is no such column.
        """
        self.table = table
        self.title = os.path.basename(table.path) or table.path
        words = [word.strip() for word in pareto.split(",") if word.strip()]
        self.objectives = tuple(map(self._objective, words)) if words else self._usual()
        many, rows = len(self.objectives), len(table.rows)
        if many > _FEW and rows > _MOST:
            raise RequestError(
                f"--pareto: a front of {many} numbers is found among at most {_MOST:,} rows, not "
                f"{rows:,}: name two, or leave rows out with `convcalc sweep --where`"
            )

    @property
    def about(self) -> str:
        """What it shows, in a few words."""
        return counted(len(self.table.rows), "row")

    @cached_property
    def numbers(self) -> tuple[bool, ...]:
        """Which columns are numbers."""
        return tuple(self.table.is_number(at) for at in range(len(self.table.names)))

    @cached_property
    def rejected(self) -> frozenset[int]:
        """Rows with errors: as in `sweep`, they are on no front."""
        if "findings" not in self.table.names:
            return frozenset()
        at = self.table.names.index("findings")
        found = ((number, str(row[at] or "")) for number, row in enumerate(self.table.rows))
        return frozenset(number for number, codes in found if _ERRORS & set(codes.split()))

    @cached_property
    def front(self) -> frozenset[int]:
        """The rows that no other row beats in all objectives."""
        places = [self.table.names.index(one.column) for one in self.objectives]
        rows: list[tuple[int, list[int | float | None]]] = [
            (number, [row[at] for at in places])  # type: ignore[misc]
            for number, row in enumerate(self.table.rows)
            if places and number not in self.rejected
        ]
        front = Front(self.objectives)
        for number, values in rows:
            front.add(number, values)
        return frozenset(front.rows)

    def _known(self) -> list[str]:
        return [name for name, own in zip(self.table.names, self.numbers, strict=True) if own]

    def _objective(self, word: str) -> Objective:
        name = word.removeprefix("-")
        if name in self._known():
            return Objective(name, word != name)
        close = nearest(name, self._known())
        hint = f"did you mean {close}?" if close else f"there are {', '.join(self._known())}"
        raise RequestError(f"--pareto: no column of numbers {name!r}: {hint}")

    def _usual(self) -> tuple[Objective, ...]:
        """The usual objectives where both vary, else the first two numbers that do."""
        names = self.table.names
        varying = [
            name
            for name in self._known()
            if len({row[names.index(name)] for row in self.table.rows}) > 1
        ]
        if all(one.column in varying for one in _USUAL):
            return _USUAL
        return tuple(map(Objective, varying[-2:]))
