"""A layer's demo: which part is shown, and the numbers in it."""

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.demo.axis import LINE, Axis, axes_of
from convcalc.demo.numbers import (
    Cell,
    Demo,
    Filter,
    Grid,
    Number,
    View,
    channels_of,
    empty_cell,
    size_of,
)
from convcalc.layers.pool import Pool
from convcalc.shapes import Shape, written

#: The kinds that are shown; the first of a net where none is named.
KINDS = ("conv", "depthwise_conv", "conv_transpose", "max_pool", "avg_pool", "l2_pool")

_LARGEST = 2000  #: numbers of a volume that are shown whole
_PART = 4  #: outputs an axis of a part
_WIDEST = 16  #: positions of the padded input that these should read
_FILTERS = 2
_MOST = 1_000_000  #: numbers that are made up
_SEED = 231


class NoDemoError(Exception):
    """This layer cannot be shown; the message says why."""


class Given(NamedTuple):
    """Numbers of the user's."""

    input: Sequence[Number] | None = None
    """Height, width, channels: the last fastest."""
    filters: Sequence[Number] | None = None
    """Filter, height, width, channels."""
    biases: Sequence[Number] | None = None
    """One a filter; zeros where there are filters alone."""


def demo(row: Row, seed: int = _SEED, given: Given = Given(), at: Shape = ()) -> Demo:  # noqa: B008
    """A sliding layer of an analysis with numbers in it, the same every time.

    Inputs are 0..2, weights -1..1 and biases 0 or 1 where `given` has none. Of a large volume a
    part is shown, from the output `at` on.

    Raises:
        NoDemoError: it is another kind, has three axes, is not sized, or reads too much at once;
            or there are not as many numbers as it needs.
    """
    axes = _axes(row)
    view, whole = _view(row, axes, at)
    needed = sorted({c for k in view.filters for c in channels_of(row, k)})
    pools = isinstance(row.step.layer, Pool)
    taps = prod(axis.kernel for axis in axes)
    each = len(channels_of(row, 0))
    made = len(needed) * len(view.height) * len(view.width)
    if max(made, 0 if pools else len(view.filters) * taps * each) > _MOST:
        raise NoDemoError(f"{row.step.name}: a single output reads {taps * each:,} numbers")
    _enough(row, axes, given, taps * each)
    from random import Random  # 6 ms, and only the demo needs it

    random = Random(seed)
    depth = row.inputs[0][-1]

    def number(channel: int, y: int, x: int) -> Number:
        if given.input is None:
            return random.randint(0, 2)
        return given.input[(y * axes[1].size + x) * depth + channel]

    padded = {c: _grid(row, axes, view, partial(number, c)) for c in needed}
    filters: dict[int, Filter] = {}
    biases: dict[int, Number] = {}
    if not pools:
        for k in view.filters:
            filters[k] = _filter(axes, k, each, given.filters, random.randint)
        biased = bool(row.step.layer.__dict__.get("bias"))
        for k in view.filters:
            biases[k] = random.randint(0, 1) if biased else 0
            if given.filters is not None:
                biases[k] = given.biases[k] if given.biases is not None else 0
        if row.step.kind == "conv_transpose":
            filters = {k: [_flipped(grid) for grid in one] for k, one in filters.items()}
    return Demo(row, axes, view, whole, padded, filters, biases)


def _axes(row: Row) -> tuple[Axis, ...]:
    """Height and width of a layer that can be shown."""
    step = row.step
    if step.kind not in KINDS:
        kinds = f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise NoDemoError(f"{step.name} is {step.kind}: the demo shows {kinds}")
    if step.output is None:
        raise NoDemoError(f"{step.name} cannot be sized: `convcalc check` says why")
    axes = axes_of(row)
    if len(axes) not in {1, 2}:
        raise NoDemoError(f"{step.name} has {len(axes)} spatial axes: the demo shows one or two")
    return (LINE, *axes) if len(axes) == 1 else axes


def _view(row: Row, axes: tuple[Axis, ...], at: Shape) -> tuple[View, bool]:
    """What is shown: everything, or from `at` on as much as can be read."""
    count = (row.step.output or (1,))[-1]
    sizes = (*(axis.output for axis in axes), count)
    start = _start(row, sizes, at)
    whole = not any(start) and max(prod(row.inputs[0]), prod(sizes)) <= _LARGEST
    shown: list[range] = []
    for axis, first in zip(axes, start, strict=False):
        fit = (n for n in range(_PART, 1, -1) if len(axis.reads(range(n))) <= _WIDEST)
        number = axis.output if whole else next(fit, 1)
        shown.append(range(first, min(first + number, axis.output)))
    filters = range(start[-1], count if whole else min(start[-1] + _FILTERS, count))
    rows, columns = shown
    reads = (
        range(axis.length) if whole else axis.reads(part)
        for axis, part in zip(axes, shown, strict=True)
    )
    return View(rows, columns, filters, *reads), whole


def _start(row: Row, sizes: Shape, at: Shape) -> Shape:
    """The first output that is shown."""
    if not at:
        return (0,) * len(sizes)
    output = row.step.output or ()
    if len(at) != len(output) or any(i >= size for i, size in zip(at, output, strict=False)):
        last = ",".join(str(size - 1) for size in output)
        raise NoDemoError(
            f"--at {','.join(map(str, at))}: the outputs of {row.step.name} are "
            f"{','.join('0' * len(output))} to {last}"
        )
    return (0, *at) if len(at) == 2 else at


def _enough(row: Row, axes: tuple[Axis, ...], given: Given, each: int) -> None:
    """Refuse numbers that are not as many as the layer needs."""
    depth, count = row.inputs[0][-1], (row.step.output or (1,))[-1]
    if given.filters is not None and isinstance(row.step.layer, Pool):
        raise NoDemoError(f"{row.step.name} is a pool: it has no weights")
    whole = f"the input {written(row.inputs[0])}"
    taps = each // len(channels_of(row, 0))
    wanted = (
        ("--array", given.input, size_of(axes) * depth, whole),
        (
            *("--weights", given.filters, count * each),
            f"{count} filter{'s'[count == 1 :]} of {taps} x {each // taps}",
        ),
        ("the bias", given.biases, count, f"{count} filters"),
    )
    for option, numbers, needed, what in wanted:
        if numbers is not None and len(numbers) != needed:
            raise NoDemoError(f"{option} has {len(numbers)} numbers: {what} needs {needed}")


def _grid(
    row: Row, axes: tuple[Axis, ...], view: View, number: Callable[[int, int], Number]
) -> Grid:
    """One channel of the padded input, as far as it is shown."""
    down = [(axes[0].source(y), y < axes[0].padded) for y in view.height]
    across = [(axes[1].source(x), x < axes[1].padded) for x in view.width]

    def cell(y: tuple[int | None, bool], x: tuple[int | None, bool]) -> Cell:
        if y[0] is not None and x[0] is not None:
            return number(y[0], x[0])
        return empty_cell(row, y[1] and x[1])

    return [[cell(y, x) for x in across] for y in down]


def _filter(
    axes: tuple[Axis, ...],
    k: int,
    each: int,
    given: Sequence[Number] | None,
    draw: Callable[[int, int], int],
) -> Filter:
    """One filter, channel by channel."""
    high, wide = (axis.kernel for axis in axes)
    start = k * high * wide * each
    return [
        [
            [
                draw(-1, 1) if given is None else given[start + (a * wide + b) * each + c]
                for b in range(wide)
            ]
            for a in range(high)
        ]
        for c in range(each)
    ]


def _flipped(grid: list[list[Number]]) -> list[list[Number]]:
    return [line[::-1] for line in grid[::-1]]
