"""Replacements that a rule offers: the engine sizes them before anybody reads of them.

A layer of a block is one entry of the file for all its calls: what is to be written there is tried
in every one of them.
"""

from collections.abc import Callable

from convcalc.layers.base import Layer
from convcalc.layers.conv import Conv
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts
from convcalc.shapes import Shape
from convcalc.window import Window

_DEEPEST = 15  #: layers of a stack that is offered in the place of one window: up to 31x31
_FARTHEST = 32  #: input positions by which an input size that is offered may differ

#: What a layer becomes; the calls of a block may differ in their arguments.
Change = Callable[[Layer], Layer]


def with_options(**values: object) -> Change:
    """The change of some options, whatever else the layer has."""
    return lambda layer: layer.replace(**values)


def accepted(net: NetFacts, step: Step, change: Change) -> bool:
    """Whether the whole net can still be sized with a layer's entry changed."""
    layers = _changed(net, step, change)
    if not _shared_alike(net, layers):
        return False
    if all(_as_before(net, index, layer) for index, layer in layers.items()):
        return net.resizer.judge(net.resizer.own).accepted
    return bool(_sized_with(net, layers, 0))


def accepted_sizes(net: NetFacts, step: Step, change: Change) -> list[Shape]:
    """The nearest input sizes for which the changed net can be sized: its own if it can."""
    layers = _changed(net, step, change)
    return _sized_with(net, layers, _FARTHEST) if _shared_alike(net, layers) else []


def _changed(net: NetFacts, step: Step, change: Change) -> dict[int, Layer]:
    """The layers that an entry of the file becomes when it is changed, by their steps.

    What is one layer in all turns of a repeat is one afterwards.
    """
    made: dict[int, Layer] = {}
    found: dict[int, Layer] = {}
    for index in net.written_alike(step):
        layer = net.steps[index].layer
        if layer is not None:
            if id(layer) not in made:
                made[id(layer)] = change(layer)
            found[index] = made[id(layer)]
    return found


def _as_before(net: NetFacts, index: int, layer: Layer) -> bool:
    """Whether a layer makes what the one in its place makes: nothing after it changes then."""
    made = _made(net, index, layer)
    return made is not None and made == net.steps[index].output


def _made(net: NetFacts, index: int, layer: Layer) -> Shape | None:
    """What a layer makes in the place of a step; None where it cannot be there."""
    return net.resizer.sized(layer, net.read_by(net.steps[index]))[0].output


def _shared_alike(net: NetFacts, layers: dict[int, Layer]) -> bool:
    """Whether layers that share their weights with others still have weights of the same shape."""
    if not net.sharing.intersection(layers):
        return True
    compared = set[tuple[int, int, tuple[Shape, ...]]]()
    for index, layer in layers.items():
        step, inputs = net.steps[index], net.read_by(net.steps[index])
        key = (id(layer), id(step.layer), inputs)
        if index not in net.sharing or key in compared:
            continue
        if step.layer is None or step.output is None:
            continue
        made = _made(net, index, layer)
        if made is None or layer.arrays(inputs, made) != step.layer.arrays(inputs, step.output):
            return False
        compared.add(key)
    return True


def _sized_with(net: NetFacts, layers: dict[int, Layer], farthest: int) -> list[Shape]:
    resizer = net.resizer.replaced(layers)
    own = resizer.judge(resizer.own)
    if not own.accepted and own.layer is not None and not net.steps[own.layer].size.windows:
        farthest = 0  # branches that no longer agree: another input changes all of them alike
    for distance in range(farthest + 1):
        near = {tuple(size + sign * distance for size in resizer.own) for sign in (-1, 1)}
        found = [spatial for spatial in sorted(near) if min(spatial) > 0]
        found = [spatial for spatial in found if resizer.judge(spatial).accepted]
        if found:
            return found
    return []


def stack_of_threes(
    net: NetFacts, conv: Conv, windows: tuple[Window, ...], shape: Shape
) -> list[Conv]:
    """3x3 convolutions that see what one larger window sees, from a volume of this shape.

    Their paddings add up to that of the one, so that the output keeps its size.

    Returns:
        The layers in order; empty where they would make another shape.
    """
    stack = net.stacks.get((conv, windows, shape))
    if stack is None:
        stack = net.stacks[conv, windows, shape] = _stack(net, conv, windows, shape)
    return stack


def _stack(net: NetFacts, conv: Conv, windows: tuple[Window, ...], shape: Shape) -> list[Conv]:
    depth = windows[0].extent // 2
    if depth > _DEEPEST:
        return []
    between = min(shape[-1], conv.filters)
    layers = []
    for number in range(depth):
        sides = tuple(_part(side, depth, number) for w in windows for side in (w.begin, w.end))
        pad = sides[:1] if len(set(sides)) == 1 else sides
        filters = conv.filters if number == depth - 1 else between
        layers.append(conv.replace(kernel=(3,), dilation=(1,), pad=pad, filters=filters))
    made: Shape | None = shape
    for layer in layers:
        if made is None:
            return []
        made = layer.sizing((made,), net.analysis.network.roundings).output
    wanted = tuple(window.output or 0 for window in windows)
    return layers if made is not None and made[:-1] == wanted else []


def _part(total: int, parts: int, number: int) -> int:
    """The share of one of several layers in a padding, the first ones take more."""
    whole, left = divmod(total, parts)
    return whole + (number < left)


def written_conv(conv: Conv) -> str:
    """A 3x3 convolution as an entry of a spec: the short form where that says all."""
    if len(conv.pad) == 1 and isinstance(conv.pad, tuple) and conv.bias:
        pad = conv.pad[0]
        return f"conv3-{conv.filters}" + ("" if pad == 1 else f"p{pad}")
    pad_text = f"{conv.pad[0]}" if len(conv.pad) == 1 else f"[{', '.join(map(str, conv.pad))}]"
    bias = "" if conv.bias else ", bias: false"
    return f"{{conv: {{filters: {conv.filters}, kernel: 3, pad: {pad_text}{bias}}}}}"
