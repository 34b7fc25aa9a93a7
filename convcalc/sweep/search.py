"""The best variants where there are too many to try: Optuna chooses which are tried.

Objectives and constraints are numbers of a row, nothing else; what is found is the best of what was
tried, not proved to be the best. With the same seed and release of Optuna the same variants are
tried, on however many workers: they are asked for in rounds of a fixed size.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, NamedTuple

from convcalc.study.errors import RequestError
from convcalc.sweep.axes import Axis, AxisValue
from convcalc.sweep.pareto import Objective
from convcalc.sweep.run import sweep
from convcalc.sweep.variant import SweepPlan, VariantRow
from convcalc.sweep.where import Condition

if TYPE_CHECKING:
    from optuna import Study, Trial

_ROUND = 16  #: variants that are asked for before any of them is known
_LONGEST = 2**53  #: values on an axis: Optuna counts in doubles
_BROKEN = 1e9  #: how far a variant that cannot be built is from meeting any condition

Names = Callable[[VariantRow], Mapping[str, object]]


class Round(NamedTuple):
    """Variants that are worked out together, numbered as `sweep` does."""

    first: int
    listed: tuple[tuple[AxisValue, ...], ...]

    @property
    def size(self) -> int:
        """The number after the last of them."""
        return self.first + len(self.listed)

    def variants(self, start: int, stop: int) -> Iterator[tuple[AxisValue, ...]]:
        """Some of them in order."""
        return iter(self.listed[start - self.first : stop - self.first])


class Goal(NamedTuple):
    """What is looked for."""

    objectives: tuple[Objective, ...]
    where: Condition | None
    trials: int
    seed: int
    names: Names
    """A row by the names that conditions use."""


def search(
    plan: SweepPlan, goal: Goal, executor: Executor | None = None, workers: int = 1
) -> Iterator[VariantRow]:
    """The rows of the variants that are tried, each variant once, in the order of the trials.

    Raises:
        RequestError: Optuna is not installed, or an axis is too long for it.
    """
    study = _study(goal)
    axes = plan.axes
    known: dict[tuple[int, ...], tuple[list[float], float]] = {}
    tried = number = 0
    while tried < goal.trials:
        asked = [study.ask() for _ in range(min(_ROUND, goal.trials - tried))]
        tried += len(asked)
        places = [_place(axes, trial) for trial in asked]
        fresh = tuple(dict.fromkeys(place for place in places if place not in known))
        listed = tuple(
            tuple(axis.value(at) for axis, at in zip(axes, place, strict=True)) for place in fresh
        )
        found = sweep(plan, Round(number, listed), executor, workers, number)
        for place, row in zip(fresh, found, strict=True):
            known[place] = _costs(goal, row)
            yield row
        number += len(fresh)
        for trial, place in zip(asked, places, strict=True):
            costs, violation = known[place]
            trial.set_constraint("condition", violation)
            study.tell(trial, costs)


def _study(goal: Goal) -> "Study":
    try:
        import optuna
    except ImportError as error:
        raise RequestError("--search needs Optuna: pip install 'convcalc[search]'") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=goal.seed)
    smallest = optuna.study.StudyDirection.MINIMIZE
    return optuna.create_study(sampler=sampler, directions=[smallest] * len(goal.objectives))


def _place(axes: tuple[Axis, ...], trial: "Trial") -> tuple[int, ...]:
    """The place of a trial on every axis: an ordinal, or of words and flags one of a set."""
    found = []
    for number, axis in enumerate(axes):
        name = f"{number} {axis.name}"
        if axis.length > _LONGEST:
            raise RequestError(f"{axis.name} has {axis.length:,} values: at most {_LONGEST:,}")
        if axis.length > 1 and isinstance(axis.value(0), str | bool):
            found.append(int(trial.suggest_categorical(name, range(axis.length))))
        else:
            found.append(trial.suggest_int(name, 0, axis.length - 1))
    return tuple(found)


def _costs(goal: Goal, row: VariantRow) -> tuple[list[float], float]:
    """What is to be small, and how far the row is from meeting the condition."""
    values = [row.numbers.get(one.column) for one in goal.objectives]
    if row.fault or None in values:
        return [0.0] * len(values), _BROKEN
    costs = [float(o.cost(v or 0)) for o, v in zip(goal.objectives, values, strict=True)]
    where = goal.where
    return costs, 0.0 if where is None else where.violation(goal.names(row))
