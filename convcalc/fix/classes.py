"""Layers that are written as classes of PyTorch or Keras, which round down."""

import re
from bisect import bisect_right

from convcalc.analysis.record import Analysis
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change, Offer
from convcalc.fix.roundings import pool_rounding
from convcalc.fix.work import Work
from convcalc.layers.pool import Pool
from convcalc.network.record import Network, Step
from convcalc.spec.edit import Editor, kind_of
from convcalc.window import Rounding

#: a layer as PyTorch and Keras call it: ``nn.MaxPool2d``, ``Conv2D(8, 3, 2)``
_CLASS = re.compile(r"(?:\w+\.)*[A-Z][a-zA-Z]*[a-z]")


def was_class(step: Step, then: Analysis, meant: Offer, network: Network) -> bool:
    """Whether a layer of the net that words made is written as a class in the file that there is.

    What other layers are called says nothing of how this one was meant to be rounded.
    """
    line = _line_before(Editor(then.network.source).start(kind_of(step)), meant, network)
    return any(_CLASS.match(one.before) and one.line == line for one in meant.changes)


def rounded_as_classes(
    then: Analysis, meant: Offer, network: Network, work: Work
) -> tuple[Offer, Analysis]:
    """Pools that were classes say that they round down, where their size is not yet known.

    A repair that leaves errors takes the class away all the same: the next one could not know.
    """
    if then.network.roundings.pool is not Rounding.EXACT:
        return meant, then
    editor = Editor(then.network.source)
    made: list[Change] = []
    for step in then.network.steps:
        layer = step.layer
        if not isinstance(layer, Pool) or step.output is not None or layer.rounding is not None:
            continue
        if was_class(step, then, meant, network):
            made += pool_rounding(then.network, editor, step, layer, Rounding.FLOOR)
    edits = tuple(dict.fromkeys(edit for change in made for edit in change.edits))
    if not edits:
        return meant, then
    text = editor.apply(edits)
    found = work.read(then.network.source.path, text)
    placed = [
        change._replace(line=_line_before(change.edits[0].start, meant, network)) for change in made
    ]
    offer = meant._replace(
        changes=(*meant.changes, *placed), text=text, words=(*meant.words, Moved(edits))
    )
    return offer, found


def _line_before(at: int, meant: Offer, network: Network) -> int:
    """The line of the file that there is, of a place in the text that words made."""
    return bisect_right(Editor(network.source).starts, back(meant.words, at))
