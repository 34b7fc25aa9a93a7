"""Sweeps as a function: the rows of `convcalc sweep`, as they come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property
from typing import Any, NamedTuple, TypedDict, Unpack, get_args

from convcalc.api.net import subject
from convcalc.api.options import Given, device_room, refuse_unknown_word
from convcalc.api.typed import typed
from convcalc.layers.option import Value
from convcalc.memory.settings import known_only
from convcalc.quantity import counted, not_whole
from convcalc.shapes import Shape, written
from convcalc.spec.document import Overrides
from convcalc.study.errors import RequestError
from convcalc.sweep.axes import Axis, AxisError, AxisValue, applied, given
from convcalc.sweep.axes import inputs as input_axis
from convcalc.sweep.grid import Sampling
from convcalc.sweep.request import Asked, Request, request
from convcalc.sweep.variant import VariantRow

Values = Value | Sequence[Value] | range
Sizes = str | Shape | Sequence[str | Shape]


#: what other functions take, and how a sweep is told
_NOT_SETTINGS = {
    "input": "a sweep takes `inputs`, one or several",
    "rounding": "it is that of the net: `sweep(load(net, rounding='floor'), ...)`",
}


class SettingAxes(TypedDict, total=False):
    """The settings that can be varied: one value, several, or a range."""

    batch: int | Sequence[int]
    dtype: str | Sequence[str]
    optimizer: str | Sequence[str]
    weight_decay: float | Sequence[float]
    optimizer_impl: str | Sequence[str]
    precision: str | Sequence[str]
    checkpoint: str | Sequence[str]
    accumulate: int | Sequence[int]
    clip_grad: str | Sequence[str | None] | None
    ema: bool | Sequence[bool]
    keep_grads: bool | Sequence[bool]
    gpus: int | Sequence[int]
    shard: str | Sequence[str]
    augmented: int | Sequence[int]
    prefetch: int | Sequence[int]


class SweepRow(NamedTuple):
    """One variant of a sweep."""

    number: int
    """Its place in the grid, from 0."""
    set: dict[str, AxisValue]
    """The variables that are varied."""
    input: Shape | None
    settings: dict[str, AxisValue]
    """The settings that are varied."""
    numbers: dict[str, int | None]
    """By the names of `columns`; None where a number is unknown."""
    findings: tuple[str, ...]
    """The codes of its errors and warnings."""
    fault: str
    """The first error: its code and where it is; '' for none."""


class SweepReport:
    """The rows of a sweep. Iterating works them out one after another and keeps none of them;
    `rows`, `front` and `faults` are worked out once and kept."""

    def __init__(self, asked: Request, executor: Executor | None, workers: int) -> None:
        self._request = asked
        self._executor = executor
        self._workers = workers
        self.size: int = asked.grid.size
        """How many variants there are."""
        self.columns: tuple[str, ...] = asked.columns
        self.notes: tuple[str, ...] = asked.notes
        """That training is an estimate, counted by the layers, where rows or conditions have it;
        which variables nothing reads."""

    def __repr__(self) -> str:
        return f"<convcalc.SweepReport: {counted(self.size, 'variant')}>"

    def __str__(self) -> str:
        from convcalc.report.drawing.palette import PLAIN
        from convcalc.report.sweep.text import render
        from convcalc.sweep.collect import TOP, Collected
        from convcalc.sweep.rows import names

        collected = Collected(self._request, TOP, names)
        for row in self._all():
            collected.add(row)
        return render(collected, PLAIN)

    def __iter__(self) -> Iterator[SweepRow]:
        return (_row(self._request, row) for row in self._met())

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def rows(self) -> tuple[SweepRow, ...]:
        """The rows that meet the condition, in the order of their numbers, or as `sort` says."""
        sort = self._request.sort
        found = list(self._met())
        if sort is not None:
            from convcalc.sweep.rows import names

            found.sort(key=lambda row: sort.cost_of(names(self._request, row)))
        return tuple(_row(self._request, row) for row in found)

    @cached_property
    def front(self) -> tuple[SweepRow, ...]:
        """The rows that no other row beats in all of `pareto`."""
        from convcalc.sweep.pareto import Front

        front = Front(self._request.pareto)
        names = [objective.column for objective in self._request.pareto]
        for row in self.rows if names else ():
            if not row.fault:
                front.add(row.number, [row.numbers.get(name) for name in names])
        return tuple(row for row in self.rows if row.number in front.rows)

    @cached_property
    def faults(self) -> dict[str, int]:
        """How many variants have each first error, whatever the condition says."""
        from collections import Counter

        if self._request.where is None:
            return dict(Counter(row.fault for row in self.rows if row.fault))
        return dict(Counter(row.fault for row in self._all() if row.fault))

    def _all(self) -> Iterable[VariantRow]:
        from convcalc.sweep.rows import found

        return found(self._request, self._executor, self._workers)

    def _met(self) -> Iterator[VariantRow]:
        from convcalc.sweep.rows import names

        where = self._request.where
        for row in self._all():
            if where is None or where.holds(names(self._request, row)):
                yield row

    def to_json(self) -> str:
        """One object a line, as ``convcalc sweep --format json`` writes them."""
        from convcalc.report.sweep.json import line

        return "".join(line(self._request, row) for row in self._met())


@typed
def sweep(
    net: Given,
    *,
    variables: Mapping[str, Values] | None = None,
    inputs: Sizes = (),
    where: str | None = None,
    columns: str | Sequence[str] | None = None,
    sort: str | None = None,
    pareto: str | Sequence[str] | None = None,
    search: str | Sequence[str] | None = None,
    sample: int | None = None,
    sampling: Sampling = "latin",
    seed: int = 0,
    device: str | None = None,
    memory: int | str | None = None,
    executor: Executor | None = None,
    workers: int = 2,
    trusted: bool = False,
    **settings: Unpack[SettingAxes],
) -> SweepReport:
    """The numbers of a net in every combination of the values given, or in a sample of them.

    Args:
        net: what `load` takes or gave; what it was loaded with is not varied.
        variables: values for names under the spec's `vars`: one, several, or a `range`.
        inputs: input sizes, as ``"224x224x3"`` or tuples.
        where: only rows that meet it, such as ``"macs < 2G and training_memory < 8GiB"``.
        columns: the numbers of a row.
        sort: the column or axis that orders `SweepReport.rows`; ``"-macs"`` largest first.
        pareto: the columns of the front, smallest best; ``"-macs"`` largest best.
        search: the columns that are to be small (``"-macs"`` large) in what Optuna tries: as many
            variants as `sample` says, 500 without it. The best of those is not proved the best of
            all, and nothing is said of accuracy.
        sample: how many variants are drawn; None for all.
        sampling: ``latin`` hypercube or ``random``.
        seed: random seed of what is drawn.
        device: a device's name: the largest batches on it become columns.
        memory: the same for so many bytes, as ``"8GiB"``.
        executor: any executor of `concurrent.futures`, Dask's and Ray's too; None works here.
        workers: how many workers it has.
        trusted: read specs of any size.
        **settings: ``batch``, ``dtype`` ...: one value, several, or a `range`.

    Raises:
        RequestError: an invalid axis, column or condition, or too many variants.
        NetError: the spec has errors in every variant (LoadError: nothing to read).
        TypeError: there is no such setting.
    """
    from convcalc.api.net import Net
    from convcalc.study.fit import device as chosen

    refuse_unknown_word("sampling", get_args(Sampling), sampling)
    room = device_room("memory", memory)
    rounding: str | None = None
    onto = None if memory is None and device is None else chosen(room, device)
    if isinstance(net, Net):
        case = net.case()
        fixed = dict(case.overrides.variables)
        source: Any = case.subject
        variables = {
            **{k: v for k, v in fixed.items() if k not in (variables or {})},
            **(variables or {}),
        }
        inputs = inputs or ((case.overrides.input,) if case.overrides.input else ())
        trusted = trusted or case.trusted
        rounding = case.overrides.rounding
    else:
        source = subject(net)
    known_only(settings, _NOT_SETTINGS)
    try:
        axes = tuple(given(name, "variable", found) for name, found in (variables or {}).items())
        varied: dict[str, str | Axis] = {
            name: given(name, "setting", found) for name, found in settings.items()
        }
        sizes = input_axis(_sizes(inputs), "inputs") or ()
    except AxisError as error:
        raise RequestError(str(error)) from error
    for name, number, least in (("sample", sample, 1), ("seed", seed, 0)):
        wrong = "" if number is None else not_whole(number, least)
        if wrong:
            raise RequestError(f"{name}: {wrong}")
    asked = Asked(
        axes, sizes, varied, where, _joined(columns), sort, _joined(pareto), sample,
        seed, sampling, _joined(search), rounding,
    )  # fmt: skip
    return SweepReport(request(source, asked, onto, trusted), executor, workers)


def _joined(names: str | Sequence[str] | None) -> str | None:
    return names if names is None or isinstance(names, str) else ",".join(names)


def _sizes(inputs: Sizes) -> tuple[str, ...]:
    if isinstance(inputs, str):
        return (inputs,)
    if inputs and all(isinstance(side, int) for side in inputs):
        return (written(inputs),)  # type: ignore[arg-type]
    return tuple(one if isinstance(one, str) else "x".join(map(str, one)) for one in inputs)  # type: ignore[arg-type]


def _row(asked: Request, row: VariantRow) -> SweepRow:
    overrides, settings = applied(asked.plan.axes, row.values, Overrides(input=asked.input))
    numbers = {name: row.numbers.get(name) for name in asked.columns}
    return SweepRow(
        row.number, dict(overrides.variables), overrides.input, settings, numbers,
        row.findings, row.fault,
    )  # fmt: skip
