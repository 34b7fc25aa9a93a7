"""The padding that one conv of a file lacks, where the others have half of their window."""

from collections.abc import Iterator

from convcalc.fix.frameworks import half_padded
from convcalc.fix.paddings import together
from convcalc.fix.record import Change
from convcalc.network.merge_repairs import CONVS, is_unpadded
from convcalc.network.record import Network, Step
from convcalc.spec.edit import Editor

_MOST = 200  #: copies that are padded at once


def padded_alike(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """Half of the window around the one conv before a layer that shrinks what it reads.

    A file in which all other convs in single steps keep their size was meant to do so everywhere:
    an odd size further down comes of that one. Files with several of them have them on purpose.
    """
    bare = {_entry(step): step for step in network.steps if is_unpadded(step)}
    if len(bare) != 1 or not any(keeps_size(network, step) for step in network.steps):
        return
    (entry,) = bare
    (only,) = bare.values()
    if set(getattr(only.layer, "steps", ())) != {1} or not isinstance(only.layer, CONVS):
        return
    before = sorted(network.ancestors(index))
    copies = [at for at in before if _entry(network.steps[at]) == entry]
    for plain in (False, True):
        found = [half_padded(network, editor, at, False, plain) for at in copies[:_MOST]]
        changes = [change for change in found if change is not None]
        if changes and len(changes) == len(copies):
            alike = all(change.edits == changes[0].edits for change in changes)
            yield together(changes[:1] if alike else changes)
        if not any("=" in change.after for change in changes):
            return


def _entry(step: Step) -> int:
    """Where a layer is written: the copies of an entry are one slip."""
    return id(step.place.kind)


def keeps_size(network: Network, step: Step) -> bool:
    """Whether a conv that is larger than 1x1 makes as much as it reads, by its padding."""
    layer = step.layer
    if not isinstance(layer, CONVS) or set(layer.kernel) == {1} or not step.inputs:
        return False
    read = network.steps[step.inputs[0]].output or ()
    return step.output is not None and step.output[:-1] == read[:-1]
