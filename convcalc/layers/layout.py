"""In which order PyTorch lays the numbers of volumes and of their gradients in memory.

Images come channels first. A `layer_norm` over the channels brings these last, and gives a view of
what it makes; kernels that take both orders make what they are given, and so it goes on. What wants
another order copies: cuDNN's batch norm a gradient that does not lie as its input, autograd the
gradient of a weight that does not lie as the weight. Every kind states its own: `Layer.layout` is
an aspect without a default. Measured against PyTorch 2.13: `tests/memory/measure_layouts.py`.
"""

from enum import Enum

from convcalc.records import NamedTuple


class Lies(Enum):
    """How what a layer makes lies in memory."""

    FIRST = "channels first, whatever comes in"
    LAST = "channels last, whatever comes in"
    AS_INPUT = "as its input, the first one that is as large as its output"
    AS_NUMBERS = "the same, but channels first where the order makes no difference"
    AS_ALL = "as all of its inputs; channels first where they differ"
    AS_GIVEN = "as the gradient that it is given (of gradients alone)"
    IN_ROWS = "channels last, where their number stays as what comes in"


class Layout(NamedTuple):
    """How the output of a kind lies, and the gradient that it makes for its input."""

    output: Lies
    gradient: Lies
    axes: tuple[int, ...] = (1, 2, 3)
    """On how many spatial axes; on others its output lies channels first, whatever comes in."""
    gradient_axes: tuple[int, ...] = (1, 2, 3)
    """The same of the gradient."""
    weight: bool = False
    """Whether the gradient of its weight lies as its input does."""

    def on(self, *axes: int) -> "Layout":
        """The same on so many spatial axes alone."""
        return self._replace(axes=axes, gradient_axes=axes)


#: whatever comes in is brought into the order of images, or has no positions
CHANNELS_FIRST = Layout(Lies.FIRST, Lies.FIRST)
CHANNELS_LAST = Layout(Lies.LAST, Lies.LAST)
#: kernels that ask their input for its order, in the backward pass too
FOLLOWS_INPUT = Layout(Lies.AS_INPUT, Lies.AS_INPUT)
#: number by number; the gradient is made of the one that is given
POINTWISE = Layout(Lies.AS_NUMBERS, Lies.AS_GIVEN)
#: the same, but what is saved comes first in the backward pass
POINTWISE_BY_SAVED = Layout(Lies.AS_NUMBERS, Lies.AS_INPUT)
#: its output is its input
ALIAS = Layout(Lies.AS_INPUT, Lies.AS_GIVEN)
#: cuDNN's convolutions, of images and volumes
CONVOLUTION = Layout(Lies.AS_INPUT, Lies.AS_INPUT, weight=True).on(2, 3)
#: a plain mean: its gradient is one number, repeated
MEAN = Layout(Lies.AS_INPUT, Lies.FIRST)
#: a part of its input, whose gradient is put into zeros
PART = Layout(Lies.AS_INPUT, Lies.FIRST)
