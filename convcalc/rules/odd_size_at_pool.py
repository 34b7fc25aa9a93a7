"""
What it does
    Notes a pool of even stride that meets an odd size and yet is exact (a 3x3/2 pool on 55).
    Where it is not exact, the size itself is reported (CC101, CC103, CC106).

Why it matters
    An odd size cannot be halved: 55 becomes 27, and enlarging 27 by two gives 54, not 55. Nets that
    go back up (U-Net), and changes of the window to 2x2, stumble here. An input that divides by 2
    many times avoids it (CS231n notes, Layer Sizing Patterns).

Example that fires
    input: 55x55x3
    layers: "conv3-16 relu pool3s2 fc-10"

Example that does not
    input: 56x56x3
    layers: "conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.pools:
        for window in step.size.windows:
            if window.exact and not window.stride % 2 and window.size % 2:
                message = (
                    f"{step.name} has stride {window.stride} on an odd size: "
                    f"{window.size} becomes {window.output}"
                )
                yield Remark(step, message, "stride", f"{window.size} is odd")
                break


RULE = Rule("CC214", Severity.NOTE, check, __doc__)
