"""The demo's arithmetic: small numbers, plain Python, one output number at a time."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod, sqrt
from typing import NamedTuple

from convcalc.analysis.numpy_lines.table import numpy_line
from convcalc.analysis.record import Row
from convcalc.demo.axis import Axis
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.pool import AvgPool, Pool

Number = int | float
#: What lies at a position of the padded input; None where there is no number, such as in the
#: padding of a max pool, which never wins.
Cell = Number | None
#: One grid a channel or filter: rows of cells.
Grid = list[list[Cell]]
Filter = list[list[list[Number]]]


class Term(NamedTuple):
    """What one channel adds to an output number: its patch of the input times its filter."""

    channel: int
    patch: Grid
    filter: list[list[Number]]
    """Empty in a pool."""

    @property
    def products(self) -> list[list[Number]]:
        """The patch times the filter, number by number."""
        return [
            [(a or 0) * b for a, b in zip(left, right, strict=True)]
            for left, right in zip(self.patch, self.filter, strict=True)
        ]

    @property
    def total(self) -> Number:
        """The sum of the products."""
        return exact(sum(map(sum, self.products)))

    @property
    def numbers(self) -> list[Number]:
        """The numbers of the patch, row by row."""
        return [cell for line in self.patch for cell in line if cell is not None]


class Position(NamedTuple):
    """One output number: which filter, where, and where its window starts in the padded input."""

    filter: int
    row: int
    column: int
    top: int
    left: int


class View(NamedTuple):
    """The part of the outputs that is shown, and the part of the padded input that it reads."""

    rows: range
    columns: range
    filters: range
    height: range
    """Rows of the padded input."""
    width: range


class Demo(NamedTuple):
    """A layer that slides, with numbers in it. One spatial axis is a volume of height 1."""

    row: Row
    axes: tuple[Axis, ...]
    """Of height and width."""
    view: View
    whole: bool
    """Whether all of the layer is shown."""
    padded: Mapping[int, Grid]
    """By channel, those positions of the padded input that `view` has."""
    filters: Mapping[int, Filter]
    """By number, channel by channel; a transposed convolution's are flipped. Empty in a pool."""
    biases: Mapping[int, Number]

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.row.step.name

    @property
    def output(self) -> tuple[int, int, int]:
        """Rows, columns and filters of all of the output."""
        return self.axes[0].output, self.axes[1].output, (self.row.step.output or (1,))[-1]

    @property
    def flips(self) -> bool:
        """Whether the filters are flipped: in a transposed convolution."""
        return isinstance(self.row.step.layer, ConvTranspose)

    @property
    def pools(self) -> bool:
        """Whether a window is summarized, instead of weighted and summed."""
        return isinstance(self.row.step.layer, Pool)

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

    def switch(self, at: Position) -> tuple[int, ...]:
        """Where in the input the largest number of a max pool's window is: its switch."""
        value, (term,) = self.value(at), self.terms(at)
        a = next(i for i, line in enumerate(term.patch) if value in line)
        down, across = (axis.taps(i) for axis, i in zip(self.axes, at[1:3], strict=True))
        place = (down[a] - self.axes[0].begin, across[term.patch[a].index(value)])
        found = (place[0], place[1] - self.axes[1].begin, at.filter)
        return found[1:] if self.flat else found

    @property
    def positions(self) -> list[Position]:
        """The output numbers that are shown, filter by filter, row by row."""
        rows, columns = self.axes
        return [
            Position(k, i, j, i * rows.stride, j * columns.stride)
            for k in self.view.filters
            for i in self.view.rows
            for j in self.view.columns
        ]

    def terms(self, at: Position) -> list[Term]:
        """What each channel adds to the number at a position."""
        top, left = self.view.height[0], self.view.width[0]
        taps, across = (axis.taps(i) for axis, i in zip(self.axes, at[1:3], strict=True))
        return [
            Term(
                channel,
                [[self.padded[channel][y - top][x - left] for x in across] for y in taps],
                [] if self.pools else self.filters[at.filter][number],
            )
            for number, channel in enumerate(channels_of(self.row, at.filter))
        ]

    def value(self, at: Position) -> Number:
        """The output number at a position."""
        terms = self.terms(at)
        if not self.pools:
            return exact(sum(term.total for term in terms) + self.biases[at.filter])
        numbers, kind = terms[0].numbers, self.row.step.kind
        if kind == "max_pool":
            return max(numbers)
        if kind == "l2_pool":
            return exact(sqrt(sum(number * number for number in numbers)))
        return exact(sum(map(Fraction, numbers)) / len(numbers))


def channels_of(row: Row, filter_: int) -> range:
    """The channels of the input that a filter sees: those of its group; a pool sees its own."""
    depth, count = row.inputs[0][-1], (row.step.output or (1,))[-1]
    groups = depth
    if not isinstance(row.step.layer, Pool) and row.step.kind != "depthwise_conv":
        groups = row.step.layer.__dict__["groups"]
    group = filter_ // (count // groups)
    each = depth // groups
    return range(group * each, (group + 1) * each)


def exact(number: Number | Fraction) -> Number:
    """A number without a fraction where it has none.

    >>> exact(2.0), exact(0.5)
    (2, 0.5)
    """
    whole = int(number)
    return whole if whole == number and abs(whole) < 10**15 else float(number)


def empty_cell(row: Row, inside: bool) -> Cell:
    """What padding is to a layer: zero, or nothing. `inside` is false beyond the padding.

    A max pool never takes it, an average may count it.
    """
    layer = row.step.layer
    counted = not isinstance(layer, Pool) or row.step.kind == "l2_pool"
    if isinstance(layer, AvgPool):
        counted = layer.count_padding and inside
    return 0 if counted else None


def size_of(axes: tuple[Axis, ...]) -> int:
    """Numbers of one channel of the input."""
    return prod(axis.size for axis in axes)
