"""
What it does
    Notes a shrinking pool with padding. A pool of stride 1 needs padding to keep its size beside
    other branches and is left alone.

Why it matters
    Zero-padding is not common in pools (CS231n notes, Pooling Layer): choose sizes that fit
    instead. In an average the zeros count too, unless `count_padding: false`.

Example that fires
    input: 32x32x3
    rounding: floor
    layers:
      - conv3-16
      - max_pool: {kernel: 3, stride: 2, pad: 1}
      - fc-10

Example that does not
    input: 33x33x3
    layers: "conv3-16 relu pool3s2 fc-10"
"""

from collections.abc import Iterator
from functools import partial

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, is_padded, stride_of
from convcalc.rules.replacement import accepted_sizes, with_options
from convcalc.rules.rule import Remark, Rule, Values
from convcalc.shapes import written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.pools:
        if is_padded(step) and max(stride_of(step)) > 1:
            message = f"{step.name} pads its input"
            yield Remark(step, message, "pad", "zeros in a pool", offer=partial(_offer, net, step))


def _offer(net: NetFacts, step: Step) -> tuple[str, ...]:
    """No padding, with the nearest input size that the net is exact or accepted for."""
    sizes = accepted_sizes(net, step, with_options(pad=(0,)))
    if not sizes:
        return ()
    own = (net.steps[0].output or ())[:-1]
    with_input = "" if own in sizes else f" with an input of {' or '.join(map(written, sizes))}"
    return (f"`pad: 0`{with_input}",)


RULE = Rule("CC206", Severity.NOTE, check, __doc__)
