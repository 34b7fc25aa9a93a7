"""
What it does
    Notes an average pool that makes a volume smaller inside a net. One over the whole volume, as
    at the top of GoogLeNet, and one of stride 1 are left alone.

Why it matters
    Average pooling was often used historically; max pooling has been shown to work better in
    practice (CS231n notes, Pooling Layer, General pooling).

Example that fires
    input: 32x32x3
    layers: "conv3-16 relu avgpool2 fc-10"

Example that does not
    input: 32x32x3
    layers: "conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts, stride_of
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.pools:
        if step.kind == "avg_pool" and max(stride_of(step)) > 1:
            text = f"{step.name} averages, where max pooling works better in practice"
            counts = step.layer is None or step.layer.__dict__["count_padding"]
            options = "the same options" if counts else "the same options but `count_padding`"
            help = f"`max_pool` with {options} has the same sizes and no parameters either"
            yield Remark(step, text, "", "an average", (help,))


RULE = Rule("CC217", Severity.NOTE, check, __doc__)
