"""Padding that makes the branches of a merge agree, of all their layers as one change."""

from collections.abc import Iterator

from convcalc.fix.frameworks import half_padded
from convcalc.fix.record import Change
from convcalc.network.merge_repairs import is_unpadded
from convcalc.network.record import Network

_NAMED = 3  #: layers that a change names
_MOST = 200  #: layers that are padded at once


def padded(network: Network, index: int) -> Iterator[Change]:
    """Half of the window around every conv in the branches that has no padding.

    First those of stride 1 alone, which it leaves as large as what they read.
    """
    pasts = [network.ancestors(i) for i in network.steps[index].inputs]
    common = set.intersection(*pasts)
    fork = network.ancestors(max(common)) if common else set()
    unpadded = [at for at in sorted(set.union(*pasts) - fork) if is_unpadded(network.steps[at])]
    alike = [at for at in unpadded if set(getattr(network.steps[at].layer, "stride", ())) == {1}]
    for places in (alike, unpadded) if 0 < len(alike) < len(unpadded) else (unpadded,):
        changes = [change for at in places if (change := half_padded(network, at)) is not None]
        if changes and len(changes) <= _MOST:
            yield _together(changes)


def _together(changes: list[Change]) -> Change:
    """The paddings of several layers as one change."""
    names = list(dict.fromkeys(change.layer for change in changes))
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    values = {change.after for change in changes}
    return changes[0]._replace(
        layer=", ".join([*names[:_NAMED], *more]),
        after=values.pop() if len(values) == 1 else "half of the window",
        edits=tuple(dict.fromkeys(edit for change in changes for edit in change.edits)),
        rank=(0, 0, len(changes)),
    )
