"""The repair that makes a net what the frameworks would build: half padding, rounded down."""

from collections.abc import Callable

from convcalc.fix.changes import option_change, rounded_down
from convcalc.fix.record import Change
from convcalc.fix.settled import placed
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Editor
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read
from convcalc.window import Rounding

#: Makes a change and says what the net is then, and which layer loses input first.
Made = Callable[[Network, Change], tuple[Network, int | None]]

_MOST = 8  #: changes that it may take


def padded_by_half(network: Network, loses: int | None, made: Made) -> tuple[Change, ...]:
    """Rounding down, with half of the window as padding wherever that would lose input.

    What is left over is then padding alone, as in torchvision's stems: ``7x7/2 p3`` makes 112 of
    224, with one row of padding that is never read. No weight changes and all input is read.

    Args:
        network: a net with a layer whose size is no integer, or that loses input.
        loses: the index of that layer.
        made: makes a change.

    Returns:
        The changes in the order in which they are made; none where they would not do, or are
        rounding alone.
    """
    down: list[Change] = []
    if network.roundings.conv is Rounding.EXACT:
        root, _ = read(network.source, TRUSTED)
        if not isinstance(root, Mapping):
            return ()
        down = rounded_down(network, Editor(network.source), root)
        if not down:
            return ()
        network, loses = made(network, down[0])
    padded: list[Change] = []
    while loses is not None and len(padded) + len(down) < _MOST:
        change = half_padded(network, loses)
        if change is None:
            return ()
        padded.append(placed(network, change))
        before, (network, loses) = loses, made(network, change)
        if loses is not None and loses <= before:
            return ()
    if not padded or loses is not None:
        return ()
    return (*down, *padded)


def half_padded(network: Network, index: int) -> Change | None:
    """Half of a layer's window as its padding, where it has less and half is a whole number."""
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    if not isinstance(layer, Windowed) or shape is None:
        return None
    value = half_padding(layer, shape[:-1])
    if value is None:
        return None
    try:
        return option_change(network, Editor(network.source), step, "pad", value, layer, shape)
    except CannotEditError:
        return None
