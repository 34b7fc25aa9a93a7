"""The demo's arithmetic: small integers, plain Python, one output number at a time."""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from convcalc.analysis.numpy_line import numpy_line
from convcalc.analysis.record import Row
from convcalc.shapes import Shape
from convcalc.window import Grade, Window

#: Channels first: one grid of rows a channel.
Grids = list[list[list[int]]]

_LARGEST = 2000  #: numbers of a volume that are still printed
#: the height of a net with one spatial axis
_LINE = Window(1, 1, 1, 0, 0, 1, 1, 0, Grade.EXACT, 0, 0)
_SEED = 231


class NoDemoError(Exception):
    """This layer cannot be shown; the message says why."""


class Term(NamedTuple):
    """What one channel adds to an output number: its patch of the input times its filter."""

    channel: int
    patch: list[list[int]]
    filter: list[list[int]]
    """Empty in a pool."""

    @property
    def total(self) -> int:
        """The sum of the products."""
        rows = zip(self.patch, self.filter, strict=True)
        return sum(a * b for left, right in rows for a, b in zip(left, right, strict=True))


class Position(NamedTuple):
    """One output number: which filter, where, and where its window starts in the padded input."""

    filter: int
    row: int
    column: int
    top: int
    left: int


class Demo(NamedTuple):
    """A conv or max pool with numbers in it. `padded` has its zeros around it.

    One spatial axis is a volume of height 1.
    """

    row: Row
    name: str
    windows: tuple[Window, ...]
    shape: Shape
    output: Shape
    groups: int
    padded: Grids
    filters: list[Grids]
    biases: list[int]
    """Empty in a pool."""

    @property
    def pools(self) -> bool:
        """Whether the largest number of a window is taken, instead of a weighted sum."""
        return not self.filters

    @property
    def flat(self) -> bool:
        """Whether there is one spatial axis."""
        return len(self.row.step.output or ()) == 2

    def place(self, at: Position) -> tuple[int, ...]:
        """An output's place as NumPy has it."""
        return (at.column, at.filter) if self.flat else (at.row, at.column, at.filter)

    def statement(self, at: Position) -> str:
        """The NumPy line that makes an output."""
        return numpy_line(self.row, self.place(at))

    def switch(self, at: Position) -> tuple[int, int]:
        """Where in the padded input the largest number of a pool's window is: its switch."""
        rows, columns = self.windows
        patch = self.terms(at)[0].patch
        value = self.value(at)
        a = next(i for i, line in enumerate(patch) if value in line)
        return at.top + a * rows.dilation, at.left + patch[a].index(value) * columns.dilation

    @property
    def positions(self) -> list[Position]:
        """All output numbers, filter by filter, row by row."""
        rows, columns = self.windows
        return [
            Position(k, i, j, i * rows.stride, j * columns.stride)
            for k in range(self.output[-1])
            for i in range(self.output[0])
            for j in range(self.output[1])
        ]

    def channels(self, filter_: int) -> range:
        """The channels of the input that a filter sees: those of its group."""
        if self.pools:
            return range(filter_, filter_ + 1)
        each = self.shape[-1] // self.groups
        group = filter_ // (self.output[-1] // self.groups)
        return range(group * each, (group + 1) * each)

    def terms(self, at: Position) -> list[Term]:
        """What each channel adds to the number at a position."""
        rows, columns = self.windows
        taps = [(at.top + a * rows.dilation) for a in range(rows.kernel)]
        across = [(at.left + b * columns.dilation) for b in range(columns.kernel)]
        return [
            Term(
                channel,
                [[self.padded[channel][y][x] for x in across] for y in taps],
                [] if self.pools else self.filters[at.filter][number],
            )
            for number, channel in enumerate(self.channels(at.filter))
        ]

    def value(self, at: Position) -> int:
        """The output number at a position."""
        if self.pools:
            return max(max(line) for line in self.terms(at)[0].patch)
        return sum(term.total for term in self.terms(at)) + self.biases[at.filter]


def demo(
    row: Row,
    seed: int = _SEED,
    array: Sequence[int] | None = None,
    weights: Sequence[int] | None = None,
) -> Demo:
    """A conv or max pool of an analysis with numbers in it, the same every time.

    Inputs are 0..2 and weights -1..1, or `array` (height, width, channels, the last fastest) and
    `weights` (filter, height, width, channels), which come without biases.

    Raises:
        NoDemoError: it is another kind, has three axes, is not sized, or is too large to show; or
            there are not as many numbers as it needs.
    """
    from random import Random  # 6 ms, and only the demo needs it

    step, layer = row.step, row.step.layer
    if step.kind not in {"conv", "max_pool"} or layer is None:
        raise NoDemoError(f"{step.name} is {step.kind}: the demo shows a conv or a max_pool")
    if step.output is None:
        raise NoDemoError(f"{step.name} cannot be sized: `convcalc check` says why")
    if len(step.output) not in {2, 3}:
        axes = len(step.output) - 1
        raise NoDemoError(f"{step.name} has {axes} spatial axes: the demo shows one or two")
    if max(prod(row.inputs[0]), prod(step.output)) > _LARGEST:
        raise NoDemoError(
            f"{step.name} is too large to show: {'x'.join(map(str, row.inputs[0]))} in, "
            f"{'x'.join(map(str, step.output))} out, at most {_LARGEST:,} numbers each: "
            f"`convcalc explain SPEC {step.name} 0,0,0` shows one output of any layer"
        )
    flat = len(step.output) == 2
    shape = (1, *row.inputs[0]) if flat else row.inputs[0]
    output = (1, *step.output) if flat else step.output
    rows, columns = (_LINE, *step.size.windows) if flat else step.size.windows
    height, width, depth = shape
    pools = step.kind == "max_pool"
    groups, count = (1, 0) if pools else (layer.__dict__["groups"], output[-1])
    random = Random(seed)
    _enough(array, prod(shape), "--array", f"the input {'x'.join(map(str, row.inputs[0]))}")
    each = depth // groups
    taps = rows.kernel * columns.kernel
    if pools and weights is not None:
        raise NoDemoError(f"{step.name} is a pool: it has no weights")
    _enough(weights, count * taps * each, "--weights", f"{count} filters of {taps} x {each}")
    grids = [
        [[random.randint(0, 2) for _ in range(width)] for _ in range(height)] for _ in range(depth)
    ]
    if array is not None:
        grids = [
            [[array[(y * width + x) * depth + c] for x in range(width)] for y in range(height)]
            for c in range(depth)
        ]
    filters = [
        [
            [[random.randint(-1, 1) for _ in range(columns.kernel)] for _ in range(rows.kernel)]
            for _ in range(each)
        ]
        for _ in range(count)
    ]
    biases = [random.randint(0, 1) if layer.__dict__.get("bias") else 0 for _ in range(count)]
    if weights is not None:
        wide = columns.kernel
        filters = [
            [
                [
                    [weights[(k * taps + a * wide + b) * each + c] for b in range(wide)]
                    for a in range(rows.kernel)
                ]
                for c in range(each)
            ]
            for k in range(count)
        ]
        biases = [0] * count
    zero = min(min(map(min, grid)) for grid in grids) - 1 if pools else 0  # never the largest
    padded = [_padded(grid, rows, columns, zero) for grid in grids]
    size = (rows, columns)
    return Demo(row, step.name, size, shape, output, groups, padded, filters, biases)


def _enough(numbers: Sequence[int] | None, needed: int, option: str, what: str) -> None:
    if numbers is not None and len(numbers) != needed:
        raise NoDemoError(f"{option} has {len(numbers)} numbers: {what} needs {needed}")


def _padded(grid: list[list[int]], rows: Window, columns: Window, zero: int) -> list[list[int]]:
    """A grid with the zeros of its padding, in a pool numbers that are never the largest."""
    width = columns.begin + columns.size + columns.end
    side = [[zero] * columns.begin + line + [zero] * columns.end for line in grid]
    return [
        *([zero] * width for _ in range(rows.begin)),
        *side,
        *([zero] * width for _ in range(rows.end)),
    ]
