"""
What it does
    Notes a first fully connected layer that holds more than `percent` (50) of all parameters of a
    convolutional net.

Why it matters
    Most parameters of early nets sit where the last volume meets the first fc: 103 of VGG-16's 138
    million. A global average pool in front of the classifier needs none of them and loses little
    (CS231n notes, Case Studies, VGGNet; Lin et al. 2013, arXiv:1312.4400).

Example that fires
    input: 32x32x3
    layers: "[conv3-16 relu pool2]*2 fc-256 relu fc-10"

Example that does not
    input: 32x32x3
    layers: "[conv3-16 relu pool2]*2 global_avg_pool fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, share
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import Shape, elements, written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    total = net.analysis.totals.params or 0
    index = next((index for index, step in enumerate(net.steps) if step.kind == "fc"), None)
    if index is None or not net.convs:
        return
    first = net.rows[index]
    if not first.params:
        return
    if 100 * first.params <= values["percent"] * total:
        return
    before, reader = _volume(net, index)
    message = (
        f"{first.step.name} holds {first.params:,} of {total:,} parameters "
        f"({share(first.params, total)} %)"
    )
    help: tuple[str, ...] = ()
    if elements(before[:-1]) > 1:
        become = f"{elements(before):,} inputs become {before[-1]:,}"
        help = (
            f"`- global_avg_pool` before {'it' if reader is first.step else reader.name}: {become}",
            f"as a conv of {written(before[:-1])} it also slides over larger images",
        )
    yield Remark(first.step, message, "units", f"reads {written(before)}", help)


def _volume(net: NetFacts, index: int) -> tuple[Shape, Step]:
    """The last volume before a layer, looking through flatten, dropout and views; what reads it."""
    reader = net.steps[index]
    step = net.steps[reader.inputs[0]]
    while step.layer and (step.layer.is_view or step.layer.identity_in_inference):
        step, reader = net.steps[step.inputs[0]], step
    return step.output or (), reader


RULE = Rule(
    "CC208",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("percent", 50, "share of the parameters that a first fc may hold"),),
)
