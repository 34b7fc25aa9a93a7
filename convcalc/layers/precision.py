"""How wide a kind's numbers are under automatic mixed precision (PyTorch's `torch.autocast`).

Under autocast parameters, buffers and the input batch are float32 ("full", 4 bytes); a layer's
output is float16 or bfloat16 ("half", 2 bytes) or full, as its kind's `Precision` says. Every kind
states its own: `Layer.precision` is an aspect without a default. The rules were measured against
PyTorch 2.13 on the CUDA dispatch.

In a net that is half throughout (fp16, bf16) none of this applies: every output is half, nothing
is cast, batch norm's statistics stay full.
"""

from enum import Enum

from convcalc.records import NamedTuple


class OutputWidth(Enum):
    """The width of a layer's output under autocast."""

    HALF = "half, whatever comes in"
    AS_INPUT = "as its input (the first one)"
    FULL = "full, whatever comes in"
    WIDEST = "the widest of its inputs; in place, that of its first input"


class Cast(Enum):
    """What a layer copies to another width before it runs; a cast is an operation of its own.

    A cast allocates elements * new width, saves nothing, and in the backward pass turns the
    gradient back to the old width. Only tensors that do not have the wanted width are cast.
    """

    NOTHING = "nothing"
    OPERANDS_TO_HALF = "bias, weight and input, in this order; saves the half copies"
    INPUT_TO_FULL = "its input; saves the full copy where it saves its input"
    INPUT_TO_FULL_IN_BFLOAT16 = "its input to full, with bfloat16 only: float16 is read directly"
    DIVISOR_TO_FULL = "the divisor before its power (lrn): what comes after is full"


class Precision(NamedTuple):
    """A kind under autocast: the width of its output, and what it casts on the way there."""

    output: OutputWidth
    casts: Cast = Cast.NOTHING


#: conv and fc: the products of weights, and prelu
HALF = Precision(OutputWidth.HALF, Cast.OPERANDS_TO_HALF)
#: whatever comes in stays as it is
AS_INPUT = Precision(OutputWidth.AS_INPUT)
#: several inputs are promoted to the widest of them, without copies
WIDEST = Precision(OutputWidth.WIDEST)
#: computed in full precision on a full copy of the input
FULL = Precision(OutputWidth.FULL, Cast.INPUT_TO_FULL)
#: a full parameter takes part, which is not cast: the result is promoted
PROMOTED = Precision(OutputWidth.FULL)
SOFTMAX = Precision(OutputWidth.FULL, Cast.INPUT_TO_FULL_IN_BFLOAT16)
LRN = Precision(OutputWidth.FULL, Cast.DIVISOR_TO_FULL)
