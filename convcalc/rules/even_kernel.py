"""
What it does
    Notes a convolution of stride 1 with an even window. Windows that tile their input
    (kernel = stride, as in a patch embedding) are fine.

Why it matters
    Size-preserving padding is (F - 1)/2, which is whole only for odd F: an even window either
    shrinks its input by one or needs lop-sided padding, which shifts the volume by half a position
    at every layer.

Example that fires
    input: 32x32x3
    layers: "conv4-16 relu pool2 fc-10"

Example that does not
    input: 32x32x3
    layers: "conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator
from functools import partial

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, kernel_of, stride_of
from convcalc.rules.replacement import accepted, with_options
from convcalc.rules.rule import Remark, Rule, Values
from convcalc.shapes import written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.convs:
        kernel = kernel_of(step)
        if max(stride_of(step)) == 1 and any(not size % 2 for size in kernel):
            message = f"{step.name} has an even window, {written(kernel)}: it has no centre"
            odd = sorted({size + near for size in kernel if not size % 2 for near in (-1, 1)})
            yield Remark(step, message, "kernel", "even", offer=partial(_offer, net, step, odd))


def _offer(net: NetFacts, step: Step, odd: list[int]) -> tuple[str, ...]:
    """The odd windows that the rest of the net can be sized with."""
    fitting = [n for n in odd if accepted(net, step, with_options(kernel=(n,)))]
    return (" or ".join(f"`kernel: {size}`" for size in fitting),) if fitting else ()


RULE = Rule("CC216", Severity.NOTE, check, __doc__)
