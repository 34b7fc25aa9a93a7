"""
What it does
    Warns where fewer than `percent` (1) of the input's numbers are left after the last pool that
    slides. Global pools, which shrink on purpose, do not count.

Why it matters
    Pools discard: three of 2x2 leave 1/64 of the positions. If the depth does not grow meanwhile,
    the classifier has next to nothing to decide from.

Example that fires
    input: 64x64x3
    layers: "[conv3-4 relu pool2]*5 fc-10"

Example that does not
    input: 64x64x3
    layers: "[conv3-16 relu pool2]*3 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import elements, written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    whole = sum(elements(step.output) for step in net.inputs if step.output)
    if not net.pools:
        return
    last = net.pools[-1]
    output = last.output or ()
    left = elements(output)
    if 100 * left < values["percent"] * whole:
        message = f"{left:,} of {whole:,} numbers are left after {last.name} ({written(output)})"
        help = ("more filters, or fewer pools",)
        yield Remark(last, message, "", f"below {values['percent']} %", help)


RULE = Rule(
    "CC213",
    Severity.WARNING,
    check,
    __doc__,
    (Threshold("percent", 1, "share of the input's numbers that should be left"),),
)
