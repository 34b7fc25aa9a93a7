"""
What it does
    Notes a local response normalisation (`lrn`).

Why it matters
    Layers of this kind are rarely used today: in practice their contribution is minimal, if any
    (CS231n notes, Normalization Layer; Simonyan & Zisserman 2014, arXiv:1409.1556, section 4.1 find
    more memory and time, no gain). They make a volume of their own.

Example that fires
    input: 32x32x3
    layers: "conv3-16 relu lrn pool2 fc-10"

Example that does not
    input: 32x32x3
    layers: "conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for index, step in enumerate(net.steps):
        if step.kind == "lrn":
            message = f"{step.name} is local response normalization, which rarely helps"
            help = ("remove it, or use batch_norm",)
            yield Remark(step, message, "", f"{net.rows[index].activations:,} activations", help)


RULE = Rule("CC210", Severity.NOTE, check, __doc__)
