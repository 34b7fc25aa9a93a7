"""The kernel and the filters of a conv exchanged, where they are given the other way round."""

from collections.abc import Iterator

from convcalc.fix.record import Change
from convcalc.layers import other_way_round as numbers
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Editor, options_at

_LETTERS = {"filters": "K", "kernel": "F"}
#: before whatever else repairs as much: no other change makes such a net again
_FIRST = (-1,)


def other_way_round(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """The two numbers exchanged, of a layer whose window exceeds what arrives.

    What goes wrong at a layer may come of one before it: of the one entry there whose window is
    none that convs have, and whose filters would be one.
    """
    step = network.steps[index]
    shape = network.steps[step.inputs[0]].output
    own = step.layer if isinstance(step.layer, Windowed) and shape is not None else None
    if own is not None and shape and numbers.fitting(own, shape, network.roundings) is not None:
        yield from _changed(network, editor, step, True)
        return
    past = (network.steps[at] for at in sorted(network.ancestors(index)))
    odd = [s for s in past if isinstance(s.layer, Windowed) and _is_odd(s.layer)]
    if len({id(one.place.kind) for one in odd}) == 1 and isinstance(odd[0].layer, Windowed):
        yield from _changed(network, editor, odd[0], numbers.suits_padding(odd[0].layer))


def _is_odd(layer: Windowed) -> bool:
    return numbers.suits_padding(layer) or numbers.is_likely(layer)


def _changed(network: Network, editor: Editor, step: Step, is_sure: bool) -> Iterator[Change]:
    """Both numbers with the other's value; nothing where the layout of the file forbids it."""
    layer, options = step.layer, options_at(step)
    other = numbers.exchanged(layer) if isinstance(layer, Windowed) else None
    nodes = (
        {key: options.get(key) or options.get(_LETTERS[key]) for key in _LETTERS} if options else {}
    )
    if other is None or not nodes or not all(nodes.values()):
        return
    values = {"filters": str(getattr(other, "filters", 0)), "kernel": str(other.kernel[0])}
    try:
        found = [
            editor.set_to(editor.set_at(node, step), step, values[key])
            for key, node in nodes.items()
            if node is not None
        ]
    except CannotEditError:
        return
    edits = tuple(edit for edit, _ in found)
    if len({edit in editor.in_calls for edit in edits}) > 1:
        return  # one of them is that of the block's other calls as well
    yield Change(
        layer=step.name,
        option=", ".join(values),
        before=", ".join(before for _, before in found),
        after=", ".join(values.values()),
        line=network.source.line_of(min(edits).start),
        effect="",
        edits=edits,
        rank=_FIRST,
        completes=is_sure,
    )
