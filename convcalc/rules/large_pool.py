"""
What it does
    Remarks a shrinking pool with a window above `largest` (3).

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
from math import prod

from convcalc.findings import Severity
from convcalc.rules.net import Net, kernel_of, stride_of
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import written


def check(net: Net, values: Values) -> Iterator[Remark]:
    for row in net.pools:
        kernel, stride = kernel_of(row.step), stride_of(row.step)
        if max(kernel) > values["largest"] and max(stride) > 1:
            kept = 100 // prod(stride)
            message = f"{row.step.name} pools {written(kernel)} at once, {kept} % are left"
            help = ("2x2 with stride 2, or 3x3 with stride 2",)
            yield Remark(row.step, message, "kernel", f"above {values['largest']}", help)


RULE = Rule(
    "CC205",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("largest", 3, "largest window of a pool that shrinks"),),
)
