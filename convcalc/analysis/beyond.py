"""What an output depends on besides its receptive field."""

from enum import Enum

from convcalc.analysis.receptive import aligned
from convcalc.layers.traits import Family
from convcalc.network.record import Network


class Beyond(Enum):
    """Why an output may change with an input outside of its field."""

    STATISTICS = "a norm's mean and variance are of the whole image"
    GATE = "a gate scales whole channels by what it sees, a global pool by the whole image"
    COPIED = "padding holds copies of the border or of positions beside it"
    DRAWN = "regions are drawn anew"


def beyond(network: Network, index: int) -> dict[Beyond, list[str]]:
    """The layers, by what they add, of all that one layer is made from.

    Fields are those of what lies position on position (`convcalc.analysis.receptive`).
    """
    found: dict[Beyond, list[str]] = {}
    for before in sorted(network.ancestors(index)):
        step = network.steps[before]
        layer = step.layer
        if layer is None:
            continue
        if layer.family is Family.NORM and not layer.is_local:
            reason = Beyond.STATISTICS
        elif layer.merges and aligned(network, step) != [*step.inputs]:
            reason = Beyond.GATE
        elif layer.kind == "fractional_max_pool":
            reason = Beyond.DRAWN
        elif layer.kind == "pad" and layer.__dict__["mode"] != "zeros":
            reason = Beyond.COPIED
        else:
            continue
        found.setdefault(reason, []).append(step.name)
    return found
