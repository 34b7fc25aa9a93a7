"""Layers that are written as classes of PyTorch, Keras or Caffe, whose windows round down."""

import re
from collections.abc import Sequence

from convcalc.analysis.record import Analysis
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change
from convcalc.fix.roundings import rounding_changes
from convcalc.layers.windowed import Windowed
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import CannotEditError, Editor, kind_of
from convcalc.spec.foreign.asked import class_in
from convcalc.spec.foreign.rounded import may_lose
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read

#: a layer as other tools call it: ``nn.MaxPool2d``, ``Conv2D(8, 3, 2)``, ``F.max_pool2d(x, 3)``
_CLASS = re.compile(r"(?:\w+\.)*(?:[A-Z][a-zA-Z]*[a-z]|\w+[123]d\()")
_LONGEST = 200  #: letters before the class's name ends


def is_class(text: str) -> bool:
    """Whether a text begins with a layer as other tools call it."""
    return _CLASS.match(class_in(text[:_LONGEST])) is not None


def was_class(step: Step, then: Analysis, words: Sequence[Moved], network: Network) -> bool:
    """Whether a layer of the net that words made is written as a class in the file that there is.

    What other layers are called says nothing of how this one was meant to be rounded.
    """
    at = _place(step, Editor(then.network.source), words)
    return at is not None and is_class(network.source.text[at : at + _LONGEST])


def waiting(then: Analysis, words: Sequence[Moved], network: Network) -> frozenset[int]:
    """Where the classes are whose windows may lose input, behind a layer that is not read yet.

    As a kind they would be made whole by padding later: that they round down is known by the class
    alone, and what is said of a whole file may not be meant for its other layers.
    """
    editor, unread, found = Editor(then.network.source), list[bool](), set[int]()
    for step in then.network.steps:
        layer, known = step.layer, step.output is not None or step.kind == INPUT
        below = any(unread[source] for source in step.inputs)
        unread.append(not known and (layer is None or not step.inputs or below))
        if known or not below or not isinstance(layer, Windowed):
            continue
        if may_lose(layer, then.network.roundings) and was_class(step, then, words, network):
            at = _place(step, editor, words)
            found.update(() if at is None else (at,))
    return frozenset(found)


def rounded(then: Analysis, words: Sequence[Moved], network: Network) -> Change | None:
    """Rounding down where the first class of a file does not come out, now that it is a kind.

    Args:
        then: the net that words made.
        words: the edits that made it, of the file that there is.
        network: the net of that file.
    """
    failing = {finding.layer for finding in then.findings if finding.code == "CC101"}
    root: Mapping | None = None
    for step in then.network.steps if failing else ():
        if step.name not in failing or not isinstance(step.layer, Windowed):
            continue
        if not was_class(step, then, words, network):
            continue
        if root is None:
            tree, _ = read(then.network.source, TRUSTED)
            root = tree if isinstance(tree, Mapping) else Mapping(0)
        editor = Editor(then.network.source)
        for change in rounding_changes(then.network, editor, root, step, step.layer):
            if "floor" in change.after:
                return change
    return None


def _place(step: Step, editor: Editor, words: Sequence[Moved]) -> int | None:
    """Where a layer of the net that words made is in the file that there is."""
    try:
        return back(words, editor.start(kind_of(step)))
    except CannotEditError:
        return None
