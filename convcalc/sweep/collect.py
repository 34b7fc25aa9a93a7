"""What is kept of a sweep while its rows pass: the best ones, the front, what did not fit."""

from array import array
from bisect import insort
from collections import Counter
from collections.abc import Callable

from convcalc.sweep.pareto import Front
from convcalc.sweep.request import Request
from convcalc.sweep.variant import VariantRow

TOP = 20  #: rows of the table where nobody says how many
Names = Callable[[Request, VariantRow], dict[str, object]]


class Collected:
    """Rows that were seen, in memory that does not grow with their number but for the picture."""

    def __init__(self, request: Request, top: int, names: Names) -> None:
        self.request = request
        self.top = top
        self.names = names
        self.seen = 0
        """Variants that were worked out."""
        self.met = 0
        """Those whose numbers are known that meet the condition."""
        self.faults: Counter[str] = Counter()
        """The first error of those that have one."""
        self.example: VariantRow | None = None
        """The first of them."""
        self.rows: list[tuple[int | float, int, VariantRow]] = []
        """The best, or the first, `top` of them."""
        self.front = Front(request.pareto)
        self.points: tuple[array[float], array[float]] = (array("d"), array("d"))
        self.on_front: dict[int, tuple[int, VariantRow]] = {}
        """By variant: its place among the points, and its row."""

    def add(self, row: VariantRow) -> bool:
        """Take a row; whether it is one that was asked for."""
        self.seen += 1
        if row.fault:
            self.faults[row.fault] += 1
            self.example = self.example or row
        request = self.request
        if request.where is not None and not request.where.holds(self.names(request, row)):
            return False
        if not row.sized:
            return request.where is None
        self.met += 1
        self._keep(row)
        if request.pareto and not row.fault:
            self._draw(row)
        return True

    def _keep(self, row: VariantRow) -> None:
        sort = self.request.sort
        cost: int | float = row.number
        if sort is not None:
            cost = sort.cost_of(self.names(self.request, row))
        elif len(self.rows) >= self.top:
            return
        insort(self.rows, (cost, row.number, row))
        del self.rows[self.top :]

    def _draw(self, row: VariantRow) -> None:
        objectives = self.request.pareto
        values = [row.numbers.get(one.column) for one in objectives]
        if values[0] is None or values[-1] is None:
            return
        place = len(self.points[0])
        self.points[0].append(values[0])
        self.points[1].append(values[1 if len(values) > 1 else 0] or 0)
        if self.front.add(row.number, values):
            self.on_front[row.number] = (place, row)
            if len(self.on_front) > 2 * len(self.front.rows) + 16:
                self._forget()

    def _forget(self) -> None:
        self.on_front = {n: self.on_front[n] for n in self.front.rows}

    def best(self) -> list[VariantRow]:
        """The rows to show: those of the front first, where one was asked for."""
        self._forget()
        if self.request.pareto:
            rows = [row for _, row in self.on_front.values()]
            column = self.request.pareto[0]
            rows.sort(key=lambda row: (column.cost(row.numbers[column.column] or 0), row.number))
            return rows[: self.top]
        return [row for *_, row in self.rows]
