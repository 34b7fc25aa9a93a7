"""The front, row by row, against its definition."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.sweep.pareto import Front, Objective

Number = int | float | None
NUMBERS = st.one_of(st.none(), st.integers(0, 6), st.sampled_from([0.5, 2.5]))


def by_definition(rows: list[tuple[Number, ...]], signs: list[int]) -> set[int]:
    """The rows without gaps that no row is at least as good as everywhere, and better somewhere."""
    costs = {
        n: tuple(sign * value for sign, value in zip(signs, row, strict=True) if value is not None)
        for n, row in enumerate(rows)
        if None not in row
    }
    bettered = {
        n
        for n, other in product(costs, costs.values())
        if other != costs[n] and all(a <= b for a, b in zip(other, costs[n], strict=True))
    }
    return costs.keys() - bettered


@settings(max_examples=200)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=40),
    st.lists(st.booleans(), min_size=1, max_size=3),
)
def test_the_front_is_what_no_row_betters(
    rows: list[tuple[Number, ...]], largest: list[bool]
) -> None:
    rows = [row[: len(largest)] for row in rows]
    front = Front([Objective(f"{i}", one) for i, one in enumerate(largest)])
    for number, row in enumerate(rows):
        before = set(front.rows)
        on_it = front.add(number, row)
        assert on_it == (number in front.rows)
        assert set(front.rows) <= before | {number}
    assert set(front.rows) == by_definition(rows, [-1 if one else 1 for one in largest])
