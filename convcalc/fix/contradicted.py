"""Calls of other tools that state what arrives, held against what arrives once they are edited."""

from collections.abc import Iterable

from convcalc.analysis.record import Analysis
from convcalc.fix.record import Change
from convcalc.network.record import Network
from convcalc.spec.arriving import agrees, stated_in
from convcalc.spec.edit import Editor
from convcalc.tree.nodes import Node


def contradicted(changes: Iterable[Change], after: Analysis) -> list[Change]:
    """Those of changes made together whose layer reads another volume than its call stated.

    A number that the file gave would be lost with them. What arrives below an entry that nobody
    can read is not known: such a call stays as well.
    """
    shift, found = 0, list[Change]()
    edits = sorted(((e, c) for c in changes for e in c.edits), key=lambda pair: pair[0][:2])
    stating = {id(c): stated for c in changes if (stated := stated_in(c.before))}
    reads = _reads(after.network) if stating else {}
    for edit, change in edits:
        start = edit.start + shift
        shift += len(edit.text) - (edit.end - edit.start)
        stated = stating.get(id(change), [])
        places = range(start, start + len(edit.text)) if stated else ()
        index = next((reads[place] for place in places if place in reads), None)
        if index is None:
            continue
        step = after.network.steps[index]
        if not all(agrees(*one, step) for one in stated):
            found.append(change)
    return found


def _reads(network: Network) -> dict[int, int]:
    """For the place where each layer is written the step that it reads; the first call's."""
    editor, found = Editor(network.source), dict[int, int]()
    for step in network.steps:
        if step.inputs and isinstance(step.place.kind, Node):
            found.setdefault(editor.start(step.place.kind), step.inputs[0])
    return found
