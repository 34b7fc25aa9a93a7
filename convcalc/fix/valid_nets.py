"""A net that pads nowhere, as the first U-Net: cropped at each merge rather than padded in part."""

from convcalc.analysis.record import Analysis
from convcalc.fix.lone_padding import keeps_size
from convcalc.fix.record import Offer
from convcalc.fix.work import Work
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.network.merge_repairs import is_unpadded
from convcalc.network.record import Network


def cropped_before_mixed(offers: list[Offer], now: Analysis, work: Work) -> list[Offer]:
    """Crops at several merges before padding that leaves other convs of the file without.

    Padding of all of them keeps its place: that is one net throughout, as the crops are.
    """
    crops = next(
        (o for o in offers if len(o.changes) > 1 and all(c.crops for c in o.changes)), None
    )
    steps = now.network.steps
    if crops is None or any(keeps_size(now.network, step) for step in steps):
        return offers
    behind: list[Offer] = []
    for offer in offers[: offers.index(crops)]:
        if work.is_over or offer.left[:2] < crops.left[:2]:
            return offers
        if not any(change.option == "pad" for change in offer.changes):
            return offers
        trial = work.read(now.network.source.path, offer.text)
        work.took(trial)
        if not _pads_in_part(trial.network):
            return offers
        behind.append(offer)
    return [crops, *behind, *offers[len(behind) + 1 :]]


def _pads_in_part(network: Network) -> bool:
    """Whether a conv in single steps is without padding."""
    return any(
        is_unpadded(step) and isinstance(step.layer, Conv | DepthwiseConv) for step in network.steps
    )
