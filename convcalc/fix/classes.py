"""Layers that are written as classes of PyTorch, Keras or Caffe, whose windows round down."""

import re

from convcalc.analysis.record import Analysis
from convcalc.fix.moved import back
from convcalc.fix.record import Offer
from convcalc.layers.windowed import Windowed
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import CannotEditError, Editor, kind_of
from convcalc.spec.foreign.asked import class_in
from convcalc.spec.foreign.rounded import may_lose

#: a layer as other tools call it: ``nn.MaxPool2d``, ``Conv2D(8, 3, 2)``, ``F.max_pool2d(x, 3)``
_CLASS = re.compile(r"(?:\w+\.)*(?:[A-Z][a-zA-Z]*[a-z]|\w+[123]d\()")
_LONGEST = 200  #: letters before the class's name ends


def was_class(step: Step, then: Analysis, meant: Offer, network: Network) -> bool:
    """Whether a layer of the net that words made is written as a class in the file that there is.

    What other layers are called says nothing of how this one was meant to be rounded.
    """
    at = _place(step, Editor(then.network.source), meant)
    if at is None:
        return False
    return _CLASS.match(class_in(network.source.text[at : at + _LONGEST])) is not None


def waiting(then: Analysis, meant: Offer, network: Network) -> frozenset[int]:
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
        if may_lose(layer, then.network.roundings) and was_class(step, then, meant, network):
            at = _place(step, editor, meant)
            found.update(() if at is None else (at,))
    return frozenset(found)


def _place(step: Step, editor: Editor, meant: Offer) -> int | None:
    """Where a layer of the net that words made is in the file that there is."""
    try:
        return back(meant.words, editor.start(kind_of(step)))
    except CannotEditError:
        return None
