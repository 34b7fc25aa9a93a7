"""
What it does
    Notes a convolution after the first one that steps by more than 1. Off until asked for
    (`--select CC203`, or `rules:`), since residual nets shrink their volumes so on purpose.

Why it matters
    With stride 1 and size-preserving padding the convolutions only transform the depth, and the
    pools alone shrink the volume: sizes stay easy to follow (CS231n notes, Layer Sizing Patterns).
    Springenberg et al. 2014 (arXiv:1412.6806) do the opposite, and well: see `pool-for-conv`.

Example that fires
    input: 32x32x3
    rounding: floor
    rules: {strided-conv: true}
    layers: "conv3-16 relu conv3-32s2 relu fc-10"

Example that does not
    input: 32x32x3
    rules: {strided-conv: true}
    layers: "conv3-16 relu pool2 conv3-32 relu fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts, stride_of
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.later_convs:
        stride = max(stride_of(step))
        if stride > 1:
            message = f"{step.name} shrinks the volume by its stride of {stride}"
            help = ("stride 1, and a pool after it",)
            yield Remark(step, message, "stride", "a pool's work", help)


RULE = Rule("CC203", Severity.NOTE, check, __doc__, on=False)
