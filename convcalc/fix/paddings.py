"""Padding that makes the branches of a merge agree, of all their layers as one change."""

from collections.abc import Iterator
from itertools import islice

from convcalc.fix.frameworks import half_padded
from convcalc.fix.in_branches import apart, behind_fork
from convcalc.fix.options import option_change
from convcalc.fix.record import Change
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.network.merge_repairs import is_off_half
from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Editor

_NAMED = 3  #: layers that a change names
_MOST = 200  #: layers that are padded at once


def padded(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """Half of the window around every conv in the branches that has another padding.

    First those of stride 1 alone, which it leaves as large as what they read.
    """
    unpadded = [at for at in behind_fork(network, index) if is_off_half(network.steps[at])]
    alike = [at for at in unpadded if set(getattr(network.steps[at].layer, "steps", ())) == {1}]
    for places in (alike, unpadded) if 0 < len(alike) < len(unpadded) else (unpadded,):
        of_calls = False
        for plain in (False, True):
            found = (half_padded(network, editor, at, True, plain) for at in places)
            changes = [*islice(filter(None, found), _MOST + 1)]
            if changes and len(changes) <= _MOST and (not plain or of_calls):
                yield together(changes)
            of_calls = any("=" in change.after for change in changes)


def agreed(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For each size that a branch has, the padding with which the others are stepped down to it.

    Reduction modules step all branches down at once: without padding, or with half of the window.
    """
    branches = apart(network, index)
    sizes = {end: (network.steps[end].output or ())[:-1] for end in branches}
    for wanted in dict.fromkeys(sizes.values()):
        others = [end for end, size in sizes.items() if size != wanted]
        if len(others) > _MOST:
            continue
        changes = [_stepped(network, editor, end, branches[end], wanted) for end in others]
        found = [change for change in changes if change is not None]
        if found and len(found) == len(changes):
            yield together(found)


def _stepped(
    network: Network, editor: Editor, end: int, own: set[int], wanted: Shape
) -> Change | None:
    """Other padding of the layer that steps a branch down, where the branch has a size then."""
    at = network.steps[end].output or ()
    for place in sorted(own, reverse=True):
        step = network.steps[place]
        layer = step.layer
        if not isinstance(layer, Windowed) or max(layer.steps) == 1 or not step.inputs:
            continue
        shape = network.steps[step.inputs[0]].output
        if shape is None or (step.output or ())[:-1] != at[:-1]:
            return None
        for pad in ((0,), half_padding(layer.replace(pad=(0,)), shape[:-1])):
            if pad is None or pad == layer.pad:
                continue
            size = layer.replace(pad=pad).sizing((shape,), network.roundings).accepted
            if size is None or size[:-1] != wanted:
                continue
            try:
                return option_change(network, editor, step, "pad", pad, layer, shape)
            except CannotEditError:
                return None
        return None
    return None


def together(changes: list[Change]) -> Change:
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
