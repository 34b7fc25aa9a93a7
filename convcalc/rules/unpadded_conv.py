"""
What it does
    Notes a convolution of stride 1 without padding, whose output is smaller than its input.

Why it matters
    Padding of (F - 1)/2 keeps the size, so the pools alone shrink the volume. Without it the size
    falls a little with every layer, and what is at the borders is washed away too quickly (CS231n
    notes, Layer Sizing Patterns).

Example that fires
    input: 32x32x3
    layers: "conv3-16p0 relu conv3-16p0 relu pool2 fc-10"

Example that does not
    input: 32x32x3
    layers: "conv3-16 relu conv3-16 relu pool2 fc-10"
"""

from collections.abc import Iterator
from functools import partial

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, is_padded, stride_of
from convcalc.rules.replacement import accepted, with_options
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for step in net.convs:
        windows = step.size.windows
        if max(stride_of(step)) > 1 or is_padded(step):
            continue
        lost = max(window.extent for window in windows) - 1
        if lost:
            message = f"{step.name} has no padding: the volume loses {lost} along its sides"
            offer = partial(_offer, net, step)
            yield Remark(step, message, "kernel", "without padding", offer=offer)


def _offer(net: NetFacts, step: Step) -> tuple[str, ...]:
    """The padding that keeps the size, if the rest of the net can be sized with it."""
    windows = step.size.windows
    pads = tuple((window.extent - 1) // 2 for window in windows)
    pad = pads[:1] if len(set(pads)) == 1 else pads
    even = any(not window.extent % 2 for window in windows)
    if not accepted(net, step, with_options(pad="same" if even else pad)):
        return ()
    text = "same" if even else str(pad[0] if len(pad) == 1 else list(pad))
    return (f"`pad: {text}` keeps the size",)


RULE = Rule("CC204", Severity.NOTE, check, __doc__)
