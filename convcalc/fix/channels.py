"""An input in another tool's order: the first thing to repair where the net has errors too."""

import re

from convcalc.analysis.likely_mistakes import likely_mistake
from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.record import Change
from convcalc.fix.resized import resized
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import parse_shape, written
from convcalc.spec.arriving import TURNED
from convcalc.spec.edit import CannotEditError, Edit, Editor, kind_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node
from convcalc.tree.reader import read

_MEANT = re.compile(r": `(\d+(?:x\d+)+)`\?\Z")


def reordered(now: Analysis) -> Change | None:
    """The input as the warning of it asks; None where it does not, or where a key says it."""
    step = now.network.steps[0]
    asked = [f for f in now.findings if f.code == "CC126" and f.layer == step.name]
    match = _MEANT.search(asked[0].help[0]) if asked else None
    return _written_as(now, step, match[1]) if match and not _is_keyed(step) else None


def turned(now: Analysis) -> tuple[Change, ...]:
    """The inputs as layers ask for them, which state the channels that they read, and why.

    Without such a layer each as it is warned of: layers behind it may state theirs.
    """
    network = now.network
    errors = (f for f in now.findings if f.severity is Severity.ERROR)
    asked = (match for f in errors for line in f.help if (match := TURNED.match(line)))
    meant = {(match[1], match[3]): match[2] for match in asked}
    found: dict[tuple[Edit, ...], Change] = {}  # an alias means one
    for index, step in enumerate(network.steps):
        if step.kind != INPUT or step.output is None:
            continue
        after = meant.get((step.name, written(step.output)))
        warned = None if meant or _is_keyed(step) else likely_mistake(network, step, index)
        if warned is not None and (match := _MEANT.search(warned.help[0])):
            after = match[1]
        change = _written_as(now, step, after) if after else None
        if change is not None:
            found[change.edits] = change
    return tuple(found.values())


def _is_keyed(step: Step) -> bool:
    """Whether keys say which size of an input is which: only what a layer states is surer."""
    return isinstance(step.place.kind, Mapping)


def _written_as(now: Analysis, step: Step, after: str) -> Change | None:
    """An input of another shape; None where the layout forbids it, or nothing is known of it."""
    shape = parse_shape(after)
    if step.output is None or shape is None:
        return None
    editor = Editor(now.network.source)
    try:
        edits = resized(editor, _shape_of(now.network, step), shape)
    except CannotEditError:
        return None
    before, line = written(step.output), now.network.source.line_of(edits[0].start)
    return Change(step.name, "input", before, after, line, f"{step.name} is {after}", edits, (0,))


def _shape_of(network: Network, step: Step) -> Node:
    """Where the shape of an input is written: of several each is the value of its name."""
    place = kind_of(step)
    if step.name == INPUT:
        return place
    root, _ = read(network.source, TRUSTED)
    named = root.get("inputs") if isinstance(root, Mapping) else None
    pair = named.entries.get(step.name) if isinstance(named, Mapping) else None
    if pair is None:
        raise CannotEditError("it is not among `inputs`")
    return pair[1]
