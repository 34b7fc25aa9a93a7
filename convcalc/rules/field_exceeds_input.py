"""
What it does
    Notes the first sliding layer whose receptive field is larger than the input on every axis.
    Off until asked for, since nearly every deep net since ResNet goes beyond its input on purpose.

Why it matters
    From there on each output sees the whole image, and zeros around it: more depth adds no context.
    On its own that is no fault (ResNet-50 sees 427 of 224 positions, and of a field only the middle
    counts much: Luo et al. 2016, arXiv:1701.04128), but it says where a net could be shorter, or
    an input larger.

Example that fires
    input: 32x32x3
    rules: {field-exceeds-input: true}
    layers: "[conv3-16 relu conv3-16 relu pool2]*4 fc-10"

Example that does not
    input: 32x32x3
    rules: {field-exceeds-input: true}
    layers: "[conv3-16 relu pool2]*2 fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.rules.net import NetFacts, covers, is_conv, is_pool
from convcalc.rules.rule import Remark, Rule, Values
from convcalc.shapes import written


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    if len(net.inputs) != 1 or net.inputs[0].output is None:
        return
    image = net.inputs[0].output[:-1]
    for step, fields in zip(net.steps, net.analysis.receptive_fields, strict=True):
        if not (is_conv(step) or is_pool(step)) or covers(step) or not fields:
            continue
        field = tuple(axis.size for axis in fields)
        if all(size > whole for size, whole in zip(field, image, strict=True)):
            message = f"{step.name} sees {written(field)}, more than the input of {written(image)}"
            help = ("fewer layers, or a larger input",)
            yield Remark(step, message, "", "sees the whole input", help)
            return


RULE = Rule("CC212", Severity.NOTE, check, __doc__, on=False)
