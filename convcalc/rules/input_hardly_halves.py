"""
What it does
    Notes an input size that cannot be halved as often as the net shrinks it, up to `halvings`
    times (5: by 32). Nets whose unpadded convolutions change the size as well are left alone:
    what can be halved there is another size (`convcalc sizes` lists the inputs that fit).

Why it matters
    Sizes such as 32, 64, 96, 224, 384 and 512 divide by 2 many times, so every pool of 2 is exact
    even and nothing is lost at the edge (CS231n notes, Convolutional Networks, Layer Sizing
    Patterns).

Example that fires
    input: 100x100x3
    layers: "[conv3-16 relu pool2]*2 conv3-16s2p0 global_avg_pool fc-10"
    rounding: floor

Example that does not
    input: 96x96x3
    layers: "[conv3-16 relu pool2]*3 fc-10"
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from convcalc.findings import Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule, Threshold, Values
from convcalc.shapes import axis_names, written

if TYPE_CHECKING:
    from convcalc.sizes.resize import Resizer


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    if _shrinks_otherwise(net):
        return
    for start, step in enumerate(net.inputs):
        shape = step.output or ()
        spatial = shape[:-1]
        if all(_twos(size) >= values["halvings"] for size in spatial):
            continue
        names = axis_names(len(spatial))
        strides = net.stride(start)
        for name, size, stride in zip(names, spatial, strides, strict=True):
            halvings = min(_twos(stride), values["halvings"])
            unit = 2**halvings
            if halvings < 1 or not size % unit:
                continue
            times = _twos(size)
            message = f"{name} {size} {_halves(times)}, the net halves it {_times(halvings)}"
            near = [
                tuple(around if s == size else s for s in spatial)
                for around in (size - size % unit, size + unit - size % unit)
                if around
            ]
            resizer = _resizer(net, step)
            fitting = [other for other in near if resizer.judge(other).accepted]
            if not fitting:
                continue
            offers = " or ".join(f"`{written((*other, shape[-1]))}`" for other in fitting)
            help = (f"{offers}: {'multiples' if len(fitting) > 1 else 'a multiple'} of {unit}",)
            yield Remark(step, message, label=f"not a multiple of {unit}", help=help)
            break


def _shrinks_otherwise(net: NetFacts) -> bool:
    """Whether windows of stride 1 change sizes too (unpadded convs): halving is then not all."""
    return any(
        window.stride == 1 and window.output != window.size
        for size in net.sizes
        for window in size.windows
    )


def _resizer(net: NetFacts, step: Step) -> "Resizer":
    """The net at other sizes of one input, under the file's own rounding."""
    if step is net.steps[0]:
        return net.resizer
    from convcalc.sizes.resize import Resizer  # few nets have several inputs

    return Resizer(net.analysis.network, net.steps.index(step))


def _twos(number: int) -> int:
    """How often a number can be halved."""
    return (number & -number).bit_length() - 1


def _halves(times: int) -> str:
    return f"can be halved {_times(times)}" if times else "is odd"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


RULE = Rule(
    "CC201",
    Severity.NOTE,
    check,
    __doc__,
    (Threshold("halvings", 5, "halvings that an input should bear at most"),),
)
