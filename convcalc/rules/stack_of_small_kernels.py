"""
What it does
    Notes a square convolution of 5x5 or more (`smallest`), stride 1, after the first one, where
    a stack of 3x3 convolutions sees the same area with fewer weights; says how many.

Why it matters
    Three 3x3 convolutions see 7x7 with 27 C^2 weights against 49 C^2, and put non-linearities
    between them (CS231n notes, Layer Patterns; Simonyan & Zisserman 2014, arXiv:1409.1556, section
    2.3). The price is the memory of the volumes between them.

Example that fires
    input: 56x56x64
    layers: "conv3-64 relu conv7-64 relu fc-10"

Example that does not
    input: 56x56x64
    layers: "conv3-64 relu conv3-64 relu conv3-64 relu conv3-64 relu fc-10"
"""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from math import prod

from convcalc.findings import Severity
from convcalc.layers.conv import Conv
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, share, stride_of
from convcalc.rules.replacement import stack_of_threes, written_conv
from convcalc.rules.rule import Remark, Rule, Threshold, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.later_convs:
        layer, windows = step.layer, step.size.windows
        if not isinstance(layer, Conv) or layer.groups > 1 or max(stride_of(step)) > 1:
            continue
        extent = windows[0].extent
        same = len({window.extent for window in windows}) == 1
        if len(windows) < 2 or not same or extent < values["smallest"] or not extent % 2:
            continue
        remark = _stacked(net, step, layer)
        if remark:
            yield remark


def _stacked(net: NetFacts, step: Step, conv: Conv) -> Remark | None:
    """The saving of a stack whose volumes between are as deep as the shallower end."""
    windows = step.size.windows
    volume = net.read_by(step)[0]
    layers = stack_of_threes(net, conv, windows, volume)
    if not layers:
        return None
    axes = len(windows)
    channels = volume[-1]
    widths = [channels, *[layer.filters for layer in layers]]
    stack = sum(3**axes * a * b for a, b in pairwise(widths))
    single = prod(window.kernel for window in windows) * channels * conv.filters
    if stack >= single:
        return None
    size = "x".join([str(windows[0].extent)] * axes)
    small = "x".join("3" * axes)
    message = (
        f"{step.name} sees {size} with {single:,} weights, "
        f"{len(layers)} of {small} see as much with {stack:,} ({share(stack, single)} %)"
    )
    return Remark(step, message, "kernel", offer=partial(_offer, net, step))


def _offer(net: NetFacts, step: Step) -> tuple[str, ...]:
    """The stack as entries of a spec, where all calls of the layer's block can have the same."""
    stacks = set[tuple[str, ...]]()
    for index in net.written_alike(step):
        conv, windows = net.steps[index].layer, net.steps[index].size.windows
        if not isinstance(conv, Conv) or index in net.sharing:
            return ()
        layers = stack_of_threes(net, conv, windows, net.read_by(net.steps[index])[0])
        stacks.add(tuple(map(written_conv, layers)))
    if len(stacks) > 1 or () in stacks:
        return ()
    (entries,) = stacks
    if any(entry.startswith("{") for entry in entries):
        return (f"`[{', relu, '.join(entries)}]`",)
    return (f'`"{" relu ".join(entries)}"`',)


RULE = Rule(
    "CC207",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("smallest", 5, "smallest window that is worth splitting"),),
)
