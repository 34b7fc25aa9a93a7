"""The rows of a request, as they come: of a grid, a sample or a search."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial

from convcalc.sweep.request import Request
from convcalc.sweep.run import sweep
from convcalc.sweep.variant import VariantRow


def found(
    wanted: Request, executor: Executor | None = None, workers: int = 1, start: int = 0
) -> Iterator[VariantRow]:
    """The rows of a request, as they come.

    Args:
        wanted: what is asked for.
        executor: any executor of `concurrent.futures`; None works here.
        workers: how many workers it has.
        start: the first variant, where they are not searched for.

    Raises:
        RequestError: the workers cannot do the work, or what a search needs is not installed.
    """
    if not wanted.search:
        return sweep(wanted.plan, wanted.grid, executor, workers, start)
    from convcalc.sweep.search import Goal, search  # which needs Optuna

    grid = wanted.grid
    goal = Goal(wanted.search, wanted.where, grid.size, grid.seed, partial(names, wanted))
    return search(wanted.plan, goal, executor, workers)


def names(wanted: Request, row: VariantRow) -> dict[str, object]:
    """A row by the names that conditions use."""
    named = zip((axis.name for axis in wanted.plan.axes), row.values, strict=True)
    return {**dict(named), **row.numbers}
