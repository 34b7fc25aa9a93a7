"""How a layer widens the receptive field along one axis."""

from functools import lru_cache
from typing import TYPE_CHECKING

from convcalc.records import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    Rational = int | Fraction
else:  # fractions cost start-up, and only layers that enlarge make any
    Rational = int

#: The longest period of a `FieldStep`: a map resized to any size up to it is followed, output by
#: output. It bounds the work that a spec can ask for.
LONGEST_PERIOD = 2048


class FieldStep(NamedTuple):
    """How one axis of a layer widens the receptive field, in positions of its own input."""

    extent: int = 1
    """Input positions that one output position reads."""
    stride: Rational = 1
    """Input positions between neighbouring outputs; below 1 for layers that enlarge."""
    begin: Rational = 0
    """Positions by which the first window starts before the input."""
    fields: tuple[tuple[int, int], ...] = ()
    """First and last input position of each output of one period, where outputs differ in what
    they read: enlarging layers, uneven adaptive pools. `stride` is then a period's average; the
    next period reads ``stride * len(fields)`` positions further on. An output that reads nothing,
    as between the taps of a dilated transposed convolution, has its last before its first."""
    apart: int = 1
    """Positions between those that one output reads: the dilation of a window."""

    @property
    def is_long(self) -> bool:
        """Whether it is too large to be kept for every layer of a net."""
        return len(self.fields) > 64

    def window(self, output: int) -> tuple[int, int]:
        """The first and the last position that one output asks for, padding included."""
        if self.fields:
            return in_period(self.fields, self.stride, output)
        first = int((output * self.stride - self.begin) // 1)
        return first, first + self.extent - 1


def in_period(
    fields: tuple[tuple[int, int], ...], stride: Rational, output: int
) -> tuple[int, int]:
    """First and last position of one output, where each of a period has its own."""
    period, which = divmod(output, len(fields))
    shift = int(stride * len(fields)) * period
    first, last = fields[which]
    return first + shift, last + shift


@lru_cache(maxsize=64)  # the axes of a layer are mostly alike, and asked for again
def enlarged(width: int, count: int, extent: int) -> FieldStep:
    """The field steps of `count` outputs spread evenly, centre on centre, over `width` inputs."""
    if width == count:
        return FieldStep()
    from fractions import Fraction

    extent = 1 if width == 1 else extent  # all are copies: nothing lies beside it
    step = Fraction(width, count)
    begin = (extent - step) / 2
    if step.denominator > LONGEST_PERIOD:
        return FieldStep(extent, step, begin)
    if extent == 1:
        fields = tuple((i * width // count, i * width // count) for i in range(step.denominator))
    else:  # the two inputs around the output's centre, one where it lies on it
        every, parts = 2 * step.numerator, 2 * step.denominator  # in parts of an input
        first = (every - parts) // 2
        places = range(first, first + every * step.denominator, every)
        fields = tuple((place // parts, -(-place // parts)) for place in places)
    return FieldStep(extent, step, begin, fields)
