"""
What it does
    Notes a convolution with a window above `largest` (5) on every axis, unless it reads the image
    or covers its whole input. Depthwise ones, which cost little, are left alone.

Why it matters
    Filters are best small, 3x3 or at most 5x5; only the first convolution, which looks at the image
    itself, uses larger ones to advantage (CS231n notes, Layer Sizing Patterns).

Example that fires
    input: 64x64x3
    layers: "conv3-32 relu conv7-32 relu pool2 fc-10"

Example that does not
    input: 64x64x3
    layers: "conv7-32 relu conv3-32 relu pool2 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts, kernel_of
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.later_convs:
        kernel = kernel_of(step)
        if step.kind != "depthwise_conv" and min(kernel) > values["largest"]:
            message = f"{step.name} has a window of {written(kernel)} after the first conv"
            axes = len(kernel)
            small, most = written((3,) * axes), written((5,) * axes)
            help = (f"{small}, or {most} at most; several small ones see as far",)
            yield Remark(step, message, "kernel", f"above {values['largest']}", help)


RULE = Rule(
    "CC202",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("largest", 5, "largest window after the first conv"),),
)
