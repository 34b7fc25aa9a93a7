"""Single steps of a conv where a branch steps twice and the branches beside it once."""

from collections.abc import Iterator

from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.double_strides import too_many
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor, options_at
from convcalc.tree.nodes import Scalar


def stepped_once(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For branches of a merge that are too small by one of their strides, that one away."""
    parted = forked(network, index)
    if parted is None:
        return
    ends, own = [*parted.own], [*parted.own.values()]
    steps, merge = network.steps, network.steps[index]
    for _, at in too_many(steps, merge, ends, own, parted.fork, network.roundings):
        yield from _change(network, editor, steps[at])


def _change(network: Network, editor: Editor, step: Step) -> Iterator[Change]:
    """A conv in single steps, in all calls of its block; nothing where the layout forbids it."""
    options, layer = options_at(step), step.layer
    assert isinstance(layer, Windowed), "it was found as a conv"
    node = (options.get("stride") or options.get("S")) if options is not None else None
    before = option_text(layer.steps)
    edits: tuple[Edit, ...]
    try:
        if isinstance(node, Scalar) and node.plain and node.text[:1] == "=":
            before, edits = node.text, (Edit(editor.inside(node), editor.end(node), "1"),)
        else:
            edits = options_edits(editor, step, {"stride": "1"}, layer)
    except CannotEditError:
        return
    yield Change(
        layer=step.name,
        option="stride",
        before=before,
        after="1",
        line=network.source.line_of(edits[0].start),
        effect="",
        edits=edits,
        rank=(0, 0, 0),
        completes=True,
    )
