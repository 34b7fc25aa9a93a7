"""The demo's arithmetic: small integers, plain Python, one output number at a time."""

from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.shapes import Shape
from convcalc.window import Window

#: Channels first: one grid of rows a channel.
Grids = list[list[list[int]]]

_LARGEST = 400  #: numbers of a volume that still fit a screen
_SEED = 231


class NoDemoError(Exception):
    """This layer cannot be shown; the message says why."""


class Term(NamedTuple):
    """What one channel adds to an output number: its patch of the input times its filter."""

    channel: int
    patch: list[list[int]]
    filter: list[list[int]]

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
    """A conv with numbers in it. `padded` has its zeros around it."""

    name: str
    windows: tuple[Window, ...]
    shape: Shape
    output: Shape
    groups: int
    padded: Grids
    filters: list[Grids]
    biases: list[int]

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
                self.filters[at.filter][number],
            )
            for number, channel in enumerate(self.channels(at.filter))
        ]

    def value(self, at: Position) -> int:
        """The output number at a position."""
        return sum(term.total for term in self.terms(at)) + self.biases[at.filter]


def demo(row: Row, seed: int = _SEED) -> Demo:
    """A conv of an analysis with numbers in it: inputs 0..2, weights -1..1, the same every time.

    Raises:
        NoDemoError: it is no conv over height and width, is not sized, or is too large to show.
    """
    from random import Random  # 6 ms, and only the demo needs it

    step, layer = row.step, row.step.layer
    if step.kind != "conv" or layer is None:
        raise NoDemoError(f"{step.name} is {step.kind}: the demo shows a conv")
    if step.output is None:
        raise NoDemoError(f"{step.name} cannot be sized: `convcalc check` says why")
    if len(step.output) != 3:
        raise NoDemoError(
            f"{step.name} has {len(step.output) - 1} spatial axes: the demo shows two"
        )
    height, width, depth = row.inputs[0]
    if max(height * width * depth, step.output[0] * step.output[1] * step.output[2]) > _LARGEST:
        raise NoDemoError(
            f"{step.name} is too large to show: {height}x{width}x{depth} in, "
            f"{'x'.join(map(str, step.output))} out, at most {_LARGEST} numbers each"
        )
    random = Random(seed)
    rows, columns = step.size.windows
    padded = [
        _padded(
            [[random.randint(0, 2) for _ in range(width)] for _ in range(height)], rows, columns
        )
        for _ in range(depth)
    ]
    groups, count = layer.__dict__["groups"], step.output[-1]
    filters = [
        [
            [[random.randint(-1, 1) for _ in range(columns.kernel)] for _ in range(rows.kernel)]
            for _ in range(depth // groups)
        ]
        for _ in range(count)
    ]
    biases = [random.randint(0, 1) if layer.__dict__["bias"] else 0 for _ in range(count)]
    size = step.size.windows
    return Demo(step.name, size, row.inputs[0], step.output, groups, padded, filters, biases)


def _padded(grid: list[list[int]], rows: Window, columns: Window) -> list[list[int]]:
    """A grid with the zeros of its padding."""
    width = columns.begin + columns.size + columns.end
    side = [[0] * columns.begin + line + [0] * columns.end for line in grid]
    return [
        *([0] * width for _ in range(rows.begin)),
        *side,
        *([0] * width for _ in range(rows.end)),
    ]
