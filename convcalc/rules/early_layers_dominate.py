"""
What it does
    Notes a net whose layers at fine resolution (less than `stride` (4) input positions a step)
    hold more than `percent` (50) of all activations, where the net shrinks its input further.

Why it matters
    Most memory of a forward pass is in the early layers, and training keeps it for the backward
    pass. A first convolution with a stride (AlexNet: 11x11/4; ResNet: 7x7/2) or a smaller batch is
    the compromise (CS231n notes, Layer Sizing Patterns).

Example that fires
    input: 64x64x3
    layers: "[conv3-16 relu conv3-16 relu pool2]*4 fc-10"

Example that does not
    input: 64x64x3
    rounding: floor
    layers: "conv7-16s2 relu pool2 [conv3-64 relu]*5 pool2 conv3-64 relu fc-10"
"""

from collections.abc import Iterator
from functools import partial

from convcalc.findings import Severity
from convcalc.network.record import INPUT, Step
from convcalc.rules.net import NetFacts, is_conv, kernel_of, share, stride_of
from convcalc.rules.replacement import accepted, with_options
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import written

#: Kernels and paddings of a first convolution with stride 2.
_STEMS: tuple[tuple[int, tuple[int] | str], ...] = (
    *((7, (3,)), (7, "same")),
    *((3, (1,)), (3, "same")),
)
_NAMED = 5  #: layers that the message names


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    total = net.analysis.totals.activations or 0
    held, convs = 0, list[Step]()
    for row in net.rows:
        if (
            row.new_volume
            and row.step.kind != INPUT
            and len(row.step.output or ()) > 1
            and all(field.stride < values["stride"] for field in row.receptive_field)
        ):
            held += row.activations or 0
            if is_conv(row.step):
                convs.append(row.step)
    if not convs or 100 * held <= values["percent"] * total:
        return
    coarsest = [stride for start in range(len(net.inputs)) for stride in net.stride(start)]
    if max(coarsest, default=0) < 2 * values["stride"]:
        return
    first = convs[0]
    message = (
        f"{share(held, total)} % of the activations are in layers at fine resolution (stride below "
        f"{values['stride']}): {_listed([step.name for step in convs])}"
    )
    yield Remark(first, message, "", f"{held:,} of {total:,}", offer=partial(_offer, net, first))


def _offer(net: NetFacts, step: Step) -> tuple[str, ...]:
    """A stride in the first conv where it has none and the net can be sized with it."""
    batch = "a smaller batch: activations grow with it"
    reads_image = not net.behind_conv[net.index[step.name]]
    if not reads_image or max(stride_of(step)) > 1:
        return (batch,)
    for size, pad in _STEMS:
        if accepted(net, step, with_options(kernel=(size,), stride=(2,), pad=pad)):
            stem = f"{written((size,) * len(kernel_of(step)))}/2"
            padding = pad if isinstance(pad, str) else pad[0]
            text = f"a stride in {step.name}, such as {stem} with `pad: {padding}`"
            return (f"{text}, shrinks all that follows", batch)
    return (batch,)


def _listed(names: list[str]) -> str:
    """The first layers by name, and how many more: in a U-Net they are at both ends of the net."""
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1} more"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


RULE = Rule(
    "CC209",
    Severity.NOTE,
    check,
    __doc__,
    (
        Threshold("percent", 50, "share of the activations that early layers may hold"),
        Threshold("stride", 4, "input positions a step from which layers are no longer early"),
    ),
)
