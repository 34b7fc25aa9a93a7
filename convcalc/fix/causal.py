"""Padding of a temporal conv on both sides by all that it sees before: it was to be on one side.

Causal convs pad (F - 1)*D before the first position and nothing behind the last (van den Oord et
al. 2016, section 2.1); on both sides a branch grows by as much.
"""

from collections.abc import Iterator

from convcalc.fix.in_branches import own_layers
from convcalc.fix.record import Change
from convcalc.layers.conv import Conv
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor, options_at
from convcalc.tree.nodes import Node, Scalar

_NAMED = 3  #: layers that a change names
_MOST = 200  #: layers of the branches


def one_sided(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For branches of one axis, ``pad: [=2*d, 0]`` in place of ``=2*d`` at all convs that grow.

    It keeps the habit of the file where a conv beside them is padded so, or is dilated: nets of
    causal convs are (Bai et al. 2018, section 3.3), and PyTorch's lack what cuts off the rest.
    """
    own = own_layers(network, index)
    if len(network.steps[index].inputs) != 2 or len(own) > _MOST:
        return
    inside = [network.steps[at] for at in own]
    found: dict[int, tuple[Step, Node, str]] = {}  # by the place: copies of an entry are one
    for step in inside:
        options = options_at(step)
        node = (options.get("pad") or options.get("P")) if options is not None else None
        if isinstance(node, Scalar) and node.plain and _grows(step):
            found.setdefault(editor.start(node), (step, node, editor.written(node)))
    texts = [*dict.fromkeys(text for _, _, text in found.values())]
    if not found or any("," in text for text in texts):
        return
    try:
        edits = tuple(
            Edit(editor.inside(node), editor.end(node), f"[{text}, 0]")
            for _, node, text in found.values()
        )
    except CannotEditError:
        return
    names = [step.name for step, _, _ in found.values()]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    kinds = {id(step.place.kind) for step, _, _ in found.values()}
    copies = (step.layer for step in network.steps if id(step.place.kind) in kinds)
    dilated = any(isinstance(layer, Conv) and max(layer.dilation) > 1 for layer in copies)
    known = dilated or any(map(_is_causal, inside))
    yield Change(
        layer=", ".join([*names[:_NAMED], *more]),
        option="pad",
        before=", ".join(texts),
        after=", ".join(f"[{text}, 0]" for text in texts),
        line=network.source.line_of(edits[0].start),
        effect="",
        edits=edits,
        rank=(0, int(not known), 0),
        skews=not known,
    )


def _grows(step: Step) -> bool:
    """Whether a conv in single steps on one axis is padded on each side by all that it sees."""
    layer = step.layer
    if not isinstance(layer, Conv) or isinstance(layer.pad, str) or {*layer.steps} != {1}:
        return False
    if len(step.size.windows) != 1 or not step.inputs:
        return False
    extent = (layer.kernel[0] - 1) * layer.dilation[0]
    return extent > 0 and {*layer.pad} == {extent}


def _is_causal(step: Step) -> bool:
    """Whether a conv on one axis is padded before the first position alone."""
    layer = step.layer
    if not isinstance(layer, Conv) or isinstance(layer.pad, str) or len(step.size.windows) != 1:
        return False
    return len(layer.pad) == 2 and layer.pad[0] > 0 == layer.pad[1]
