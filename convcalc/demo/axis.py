"""One axis of a sliding window over an input that may be padded, or spread out by zeros."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose


class Axis(NamedTuple):
    """How the windows of one axis lie on the padded input, the line that they slide over."""

    size: int
    """Numbers of the input."""
    output: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    begin: int = 0
    """Where the first number lies on the line; below 0 where the line begins after it."""
    padded: int = 1
    """Positions of the line that are input or padding; windows that round up hang over its end."""
    every: int = 1
    """From one number of the input to the next: the stride of a transposed convolution."""

    @property
    def length(self) -> int:
        """Positions that windows read."""
        last = (self.output - 1) * self.stride + self.dilation * (self.kernel - 1) + 1
        return max(self.padded, last)

    def source(self, position: int) -> int | None:
        """The number of the input at a position of the line; None between and beside them."""
        number, between = divmod(position - self.begin, self.every)
        return number if not between and 0 <= number < self.size else None

    def taps(self, output: int) -> range:
        """The positions under the window of an output."""
        start = output * self.stride
        return range(start, start + self.dilation * (self.kernel - 1) + 1, self.dilation)

    def reads(self, outputs: range) -> range:
        """The positions from the first to the last that some neighbouring outputs read."""
        return range(self.taps(outputs[0])[0], self.taps(outputs[-1])[-1] + 1)


#: the height of a net with one spatial axis
LINE = Axis(1, 1, 1)


def axes_of(row: Row) -> tuple[Axis, ...]:
    """The axes of a layer that slides.

    A transposed convolution is a convolution of stride 1 with its filters flipped, over the input
    with ``stride - 1`` zeros between its numbers and ``F_eff - 1 - pad`` around them (Dumoulin &
    Visin 2016, arXiv:1603.07285, section 4).
    """
    if isinstance(row.step.layer, ConvTranspose):
        return tuple(_transposed(row.step.layer, row))
    return tuple(
        Axis(
            w.size,
            w.output or 0,
            w.kernel,
            w.stride,
            w.dilation,
            w.begin,
            w.begin + w.size + w.end,
        )
        for w in row.step.size.windows
    )


def _transposed(layer: ConvTranspose, row: Row) -> Iterator[Axis]:
    found = layer.axes_of(row.inputs[0][:-1])
    assert not isinstance(found, SizeFinding), "a sized layer has axes"
    for (size, kernel, stride, begin, _, dilation, _), output in zip(
        found, row.step.output or (), strict=False
    ):
        around = dilation * (kernel - 1)
        yield Axis(size, output, kernel, 1, dilation, around - begin, output + around, stride)
