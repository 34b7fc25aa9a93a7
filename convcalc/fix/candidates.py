"""The changes that could repair the first thing wrong with a net, each made when asked for."""

from collections.abc import Iterator
from itertools import chain

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding
from convcalc.fix import left_out_bodies
from convcalc.fix.changes import changes_for
from convcalc.fix.joins import size_changes
from convcalc.fix.lone_padding import padded_alike
from convcalc.fix.record import Change
from convcalc.fix.reductions import stepped_beside
from convcalc.fix.settled import Named, placed
from convcalc.fix.shapes import shape_changes
from convcalc.fix.windows_of_calls import contracted
from convcalc.fix.work import Work
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import CannotEditError, Editor
from convcalc.spec.given import editor_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read

_MOST = 200_000  #: layers that the branches of a merge may have in all
#: a size that is no integer, or nothing that is left: a layer before it may have shrunk it
_SHRUNK = frozenset({"CC101", "CC102"})
_MERGED = frozenset({"CC107"})  #: branches that do not match
_PAST = 10  #: of them take as long as a layer to size: each kind of change goes through them


def changed(now: Analysis, fault: Finding | None, work: Work) -> Iterator[tuple[Change, str]]:
    """Every change of the layer that a finding is at, and the text with it made.

    A merge of very many branches has very many: only those that are tried are written.
    """
    network = now.network
    named = fault.layer if fault else None
    index = next((i for i, step in enumerate(network.steps) if step.name == named), None)
    root, _ = read(network.source, TRUSTED)
    if fault is None or index is None or not isinstance(root, Mapping):
        return
    editor = editor_of(network)
    steps = Named(network.steps, index)
    pasts = _pasts(network, index)
    work.spent(pasts // _PAST)
    if pasts > _MOST:
        work.skipped(f"what changes the branches of {fault.layer}: they are too many and too long")
    within = _within(network, editor, root, network.steps[index])
    bodiless = left_out_bodies.told(now.findings)
    for change in chain(
        left_out_bodies.bodies(editor, root, bodiless) if fault.code in _MERGED else (),
        padded_alike(network, editor, index) if fault.code in _SHRUNK else (),
        stepped_beside(network, editor, index) if fault.code in _SHRUNK else (),
        changes_for(network, editor, root, index, work),
        contracted(network, editor, index) if fault.code == "CC102" else (),
        size_changes(network, editor, root, index) if pasts <= _MOST else (),
        shape_changes(network, editor, index),
    ):
        if within and not (_is_within(change, within) or _is_of_file(change)):
            continue
        if bodiless and left_out_bodies.covers_up(editor, root, change, bodiless):
            continue
        try:
            yield placed(steps, editor, change), editor.apply(change.edits)
        except CannotEditError:
            continue


def _pasts(network: Network, index: int) -> int:
    """How many layers the branches of a merge come from, shared ones as often; not all if many."""
    total = 0
    for end in dict.fromkeys(network.steps[index].inputs):
        total += len(network.ancestors(end))
        if total > _MOST:
            break
    return total


def _within(
    network: Network, editor: Editor, root: Mapping, step: Step
) -> list[tuple[int, int]] | None:
    """The texts of the blocks that a step is in, where another call of theirs could not be read.

    What is changed elsewhere would fit the calls that could be, and not that one.
    """
    unread = {one.kind for one in network.steps if one.layer is None and one.kind != INPUT}
    names = [getattr(call, "text", "") for call in step.place.calls]
    outermost = max((place for place, name in enumerate(names) if name in unread), default=-1)
    blocks = root.get("blocks")
    if outermost < 0 or not isinstance(blocks, Mapping):
        return None
    nodes = filter(None, map(blocks.get, names[: outermost + 1]))
    return [(editor.start(node), editor.end(node)) for node in nodes]


def _is_within(change: Change, within: list[tuple[int, int]]) -> bool:
    return all(
        any(start <= edit.start and edit.end <= end for start, end in within)
        for edit in change.edits
    )


def _is_of_file(change: Change) -> bool:
    """Whether it says how all layers round."""
    return change.option == "rounding" and not change.layer
