"""The stride of a conv that alone makes a branch of a concat smaller: a single step was meant."""

from collections.abc import Iterator

from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Editor, options_at

_RANK = (0, 0, 1)  #: behind the stride that the other branches lack, before an added layer


def single_stepped(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For a concat of which one branch alone is smaller than what all read, single steps in it.

    Only in a unit that holds its branches, as modules do: an encoder whose skip is read `from`
    further up was to be enlarged again.
    """
    merge = network.steps[index]
    parted = forked(network, index)
    if merge.kind != "concat" or parted is None or options_at(merge) is None:
        return
    size = _size(network.steps[parted.fork])
    smaller = [end for end in parted.own if _size(network.steps[end]) != size]
    if len(smaller) != 1 or len(parted.own) < 2:
        return
    step = _alone(network, sorted(parted.own[smaller[0]]))
    if step is None or not _keeps(network, step, size):
        return
    assert isinstance(step.layer, Windowed), "it was found as a conv"
    try:
        edits = options_edits(editor, step, {"stride": "1"}, step.layer)
    except CannotEditError:
        return
    yield Change(
        layer=step.name,
        option="stride",
        before=option_text(step.layer.steps),
        after="1",
        line=network.source.line_of(edits[0].start),
        effect="",
        edits=edits,
        rank=_RANK,
        completes=True,
    )


def _alone(network: Network, own: list[int]) -> Step | None:
    """The conv of a branch that steps; None where anything else resizes, or follows and is larger.

    What goes on with larger windows is an encoder, and was to go up again.
    """
    found: Step | None = None
    for at in own:
        step = network.steps[at]
        layer = step.layer
        if len(step.inputs) != 1:
            return None
        if isinstance(layer, (Conv, DepthwiseConv)) and max(layer.steps) > 1 and found is None:
            found = step
            continue
        goes_on = isinstance(layer, Windowed) and set(layer.kernel) != {1}
        if _size(network.steps[step.inputs[0]]) != _size(step) or (found and goes_on):
            return None
    return found


def _keeps(network: Network, step: Step, size: Shape) -> bool:
    """Whether a layer in single steps makes the size that it reads."""
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    if not isinstance(layer, (Conv, DepthwiseConv)) or shape is None:
        return False
    made = layer.replace(stride=(1,)).sizing((shape,), network.roundings).accepted
    return made is not None and made[:-1] == size


def _size(step: Step) -> Shape:
    return (step.output or ())[:-1]
