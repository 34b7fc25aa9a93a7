"""The kernel or the dilation that a block call gives, where the padding is that of another one."""

from collections.abc import Iterator

from convcalc.fix.in_branches import own_layers
from convcalc.fix.options import ORDER
from convcalc.fix.record import Change
from convcalc.layers.windowed import Windowed
from convcalc.network.merge_repairs import CONVS, is_off_half
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Editor, options_at


def fitted(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For the one conv of a merge's branches that does not keep its size, the window that does.

    Its padding stays: half of the window that other calls have.
    """
    own = [network.steps[at] for at in own_layers(network, index)]
    off = [step for step in own if is_off_half(step)]
    if len(off) != 1 or not off[0].place.calls or not isinstance(off[0].layer, CONVS):
        return
    (step,), layer = off, off[0].layer
    alike = all(len({*sizes}) == 1 for sizes in (layer.kernel, layer.pad, layer.dilation))
    if isinstance(layer.pad, str) or not alike or {*layer.steps} != {1}:
        return
    (kernel, *_), (pad, *_), (dilation, *_) = layer.kernel, layer.pad, layer.dilation
    if pad and not 2 * pad % dilation:
        yield from _changed(network, editor, step, "kernel", 2 * pad // dilation + 1)
    if pad and kernel > 1 and not 2 * pad % (kernel - 1):
        yield from _changed(network, editor, step, "dilation", 2 * pad // (kernel - 1))


def contracted(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """The largest dilation with which a window fits, that is larger than what arrives."""
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    if not isinstance(layer, Windowed) or shape is None or not isinstance(layer.dilation, tuple):
        return
    if max(layer.dilation) == 1 or len({*layer.dilation}) > 1:
        return
    for wanted in _fitting(step):
        size = layer.replace(dilation=(wanted,)).sizing((shape,), network.roundings)
        if size.accepted is not None:
            yield from _changed(network, editor, step, "dilation", wanted)
            return


def _fitting(step: Step) -> Iterator[int]:
    """Dilations with which all windows of a layer fit, the largest first, and 1."""
    rooms = [
        (w.begin + w.size + w.end - 1) // (w.kernel - 1) for w in step.size.windows if w.kernel > 1
    ]
    most = min(rooms, default=0)
    given = max((w.dilation for w in step.size.windows), default=1)
    if 0 < most < given:
        yield from dict.fromkeys((most, 1))


def _changed(
    network: Network, editor: Editor, step: Step, option: str, value: int
) -> Iterator[Change]:
    """An option that a layer gives, with another value; nothing where the layout forbids it."""
    options = options_at(step)
    letter = "F" if option == "kernel" else ""
    node = (options.get(option) or options.get(letter)) if options is not None else None
    given = getattr(step.layer, option)
    if node is None or given == (value,):
        return
    try:
        edit, before = editor.set_to(editor.set_at(node, step), step, str(value))
    except CannotEditError:
        return
    line, distance = network.source.line_of(edit.start), abs(value - given[0])
    rank = (ORDER.index("kernel"), 0, distance, value)
    yield Change(step.name, option, before, str(value), line, "", (edit,), rank)
