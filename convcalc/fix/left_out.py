"""A condition on an add that some copies of a block cannot have: those go without their skip.

Inverted residuals have a skip only where stride and depth stay (Sandler et al. 2018, section 3.3):
what leaves it out elsewhere keeps the parameters of every copy.
"""

import re
from collections.abc import Iterator

from convcalc.fix.record import Change
from convcalc.fix.scopes import Pair, made_once, projections
from convcalc.layers.projection import projected
from convcalc.network.merge_repairs import maker
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_ANY = re.compile(r"\b(or|if)\b")  #: a condition that another cannot follow without brackets


def left_out(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """``when: =stride == 1 and in_channels == filters`` beside an add that is made many times.

    The first layer in its `from` gives `in_channels`, so the one that skips has to come first. The
    others have to end right before the add, which leaves them as they are where it is left out.
    """
    step = network.steps[index]
    entry = entry_of(root).get(kind_of(step).start)
    given = entry.get("from") if entry is not None else None
    if step.kind != "add" or entry is None or not isinstance(given, Sequence):
        return
    if len(step.inputs) != 2 or len(given.items) != 2 or made_once(network, step):
        return
    if step.place.calls and 0 in step.inputs:
        return  # the net's input, where what arrives at the block was meant
    origins = [origin(network, at) for at in step.inputs]
    place = origins.index(min(origins))
    skipped, body = step.inputs[place], step.inputs[1 - place]
    if origins[place] not in network.ancestors(body) or body != index - 1:
        return
    own = [network.steps[i] for i in network.ancestors(body) - network.ancestors(skipped)]
    shape, wanted = network.steps[skipped].output, network.steps[body].output
    conv = projected(shape, wanted, network.roundings) if shape and wanted else None
    if conv is None:
        return
    for _, pairs in projections(network, step, conv, maker(network.steps, body), own):
        if pairs:
            yield _with(network, editor, entry, given, index, place, pairs)
            return


def origin(network: Network, index: int) -> int:
    """The layer whose output a branch gives as it is."""
    while network.steps[index].kind == "identity":
        (index,) = network.steps[index].inputs
    return index


def _with(
    network: Network,
    editor: Editor,
    entry: Mapping,
    given: Sequence,
    index: int,
    place: int,
    pairs: tuple[Pair, ...],
) -> Change:
    """The condition, written beside the add or behind the one it has.

    Raises:
        CannotEditError: the layout of the file does not allow it.
    """
    step, now = network.steps[index], entry.get("when")
    before = editor.written(now) if now is not None else "not given"
    tests = [f"{left} == {right}" for left, right in pairs]
    edits: list[Edit] = []
    if place:
        edits += _swapped(editor, given)
    if now is None:
        after = f"={' and '.join(tests)}"
        edits.append(editor.added(entry, "when", after))
    else:
        after = f"{_bracketed(now)} and {' and '.join(t for t in tests if t not in before)}"
        edits.append(Edit(editor.inside(now), editor.end(now), after))
    return Change(
        layer=step.name,
        option="when",
        before=before,
        after=after,
        line=network.source.line_of(editor.start(kind_of(step))),
        effect=f"{step.name} is left out",
        edits=tuple(edits),
        rank=(2, 0, 0),
        inserts=True,
        parts=now is None,
    )


def _swapped(editor: Editor, given: Sequence) -> list[Edit]:
    """The two names of a `from`, the other way round."""
    first, second = given.items
    return [
        Edit(editor.start(one), editor.end(one), editor.written(other))
        for one, other in ((first, second), (second, first))
    ]


def _bracketed(now: Node) -> str:
    """A condition that another one can follow.

    Raises:
        CannotEditError: it is no plain formula.
    """
    text = now.text if isinstance(now, Scalar) and now.plain else ""
    if text[:1] != "=" or "in_channels" in text:
        raise CannotEditError("its condition is not a formula that another can follow")
    return f"=({text[1:].strip()})" if _ANY.search(text) else text
