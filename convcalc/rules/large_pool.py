"""
What it does
    Notes a shrinking pool with a window above `largest` (3).

Why it matters
    2x2 with stride 2 discards 75 % of the activations, 3x3 with stride 2 is "overlapping" pooling.
    Anything larger is too lossy and usually costs accuracy (CS231n notes, Layer Sizing Patterns).

Example that fires
    input: 32x32x3
    layers: "conv3-16 relu pool4 fc-10"

Example that does not
    input: 32x32x3
    layers: "conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator
from functools import partial
from math import prod

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, is_padded, kernel_of, share, stride_of
from convcalc.rules.replacement import accepted, with_options
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import written

#: What usually takes its place, with stride 2: windows that do not overlap, or by one.
_USUAL = (2, 3)


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.pools:
        kernel, stride = kernel_of(step), stride_of(step)
        if max(kernel) > values["largest"] and max(stride) > 1:
            before, after = net.read_by(step)[0][:-1], (step.output or ())[:-1]
            kept = share(prod(after), prod(before))
            message = (
                f"{step.name} pools windows of {written(kernel)}: {written(before)} becomes "
                f"{written(after)}, {kept} % of the positions are left"
            )
            yield Remark(
                step,
                message,
                "kernel",
                f"above {values['largest']}",
                offer=partial(_offers, net, step),
            )


def _offers(net: NetFacts, step: Step) -> tuple[str, ...]:
    """The usual pools that the rest of the net can be sized with."""
    axes = len(kernel_of(step))
    bare = " without padding" if is_padded(step) else ""
    found = [
        f"{written((size,) * axes)} with stride 2{bare}"
        for size in _USUAL
        if accepted(net, step, with_options(kernel=(size,), stride=(2,), pad=(0,)))
    ]
    return (" or ".join(found),) if found else ()


RULE = Rule(
    "CC205",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("largest", 3, "largest window of a pool that shrinks"),),
)
