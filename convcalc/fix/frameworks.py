"""Repairs that make a net what the frameworks would build, with and without rounding down."""

from collections.abc import Callable

from convcalc.fix.half_words import half_word
from convcalc.fix.options import option_change
from convcalc.fix.record import Change
from convcalc.fix.roundings import rounded_down
from convcalc.fix.settled import placed
from convcalc.layers.base import SizeFinding
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Editor
from convcalc.spec.given import editor_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read
from convcalc.window import Rounding

#: Makes a change and says what the net is then, and which layer loses input first.
Made = Callable[[Network, Change], tuple[Network, int | None]]

_MOST = 8  #: changes that it may take


def padded_by_half(network: Network, loses: int | None, made: Made) -> tuple[Change, ...]:
    """Rounding down, with half of the window as padding wherever that would lose input.

    Where the padding alone makes every size whole, nothing is rounded. What is left over is then
    padding alone, as in torchvision's stems: ``7x7/2 p3`` makes 112 of 224, with one row of padding
    that is never read. No weight changes and all input is read.

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
        exact = _one_by_one(network, loses, made, half_padded, _MOST)
        if exact:
            return exact
        root, _ = read(network.source, TRUSTED)
        if not isinstance(root, Mapping):
            return ()
        down = rounded_down(network, Editor(network.source), root)
        if not down:
            return ()
        network, loses = made(network, down[0])
    padded = _one_by_one(network, loses, made, half_padded, _MOST - len(down))
    return (*down, *padded) if padded else ()


def trimmed(network: Network, loses: int | None, made: Made) -> tuple[Change, ...]:
    """Less padding at the ends of all layers whose remainder is padding alone.

    They read the same numbers as with rounding down, and make the same sizes. None where any
    other layer has a remainder.
    """
    return _one_by_one(network, loses, made, _less_padded, _MOST)


def _one_by_one(
    network: Network,
    loses: int | None,
    made: Made,
    changed: Callable[[Network, Editor, int], Change | None],
    most: int,
) -> tuple[Change, ...]:
    """The changes of each layer that loses input in turn; none where they would not do."""
    changes: list[Change] = []
    while loses is not None and len(changes) < most:
        editor = editor_of(network)
        change = changed(network, editor, loses)
        if change is None:
            return ()
        steps = {step.name: step for step in network.steps}
        changes.append(placed(steps, editor, change))
        before, (network, loses) = loses, made(network, change)
        if loses is not None and loses <= before:
            return ()
    return tuple(changes) if loses is None else ()


def rounded(network: Network, loses: int | None, made: Made) -> tuple[Change, ...]:
    """The whole file rounded down, whatever is lost."""
    root, _ = read(network.source, TRUSTED)
    exact = Rounding.EXACT in network.roundings
    if loses is None or not exact or not isinstance(root, Mapping):
        return ()
    down = rounded_down(network, Editor(network.source), root)
    for change in down:
        made(network, change)
    return tuple(down)


def _less_padded(network: Network, editor: Editor, index: int) -> Change | None:
    """The padding of a layer without what its windows never read."""
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    if not isinstance(layer, Windowed) or isinstance(layer.pad, str) or shape is None:
        return None
    windows = layer.windows(shape[:-1], Rounding.EXACT)
    if isinstance(windows, SizeFinding):
        return None
    sides: list[int] = []
    for window in windows:
        fits = window.extent <= window.begin + window.size + window.end
        if not fits or window.remainder > window.end:
            return None
        sides += [window.begin, window.end - window.remainder]
    try:
        change = option_change(network, editor, step, "pad", tuple(sides), layer, shape)
    except CannotEditError:
        return None
    return change._replace(trims=True)


def half_padded(
    network: Network, editor: Editor, index: int, fewer: bool = False, plain: bool = False
) -> Change | None:
    """Half of a layer's window as its padding, where half is a whole number.

    It has less now; with `fewer` it may have more. Where the window is an argument of a block it is
    a formula of that, or as a `plain` number what suits the call.
    """
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    if not isinstance(layer, Windowed) or shape is None:
        return None
    value = half_padding(layer.replace(pad=(0,)) if fewer else layer, shape[:-1])
    if value is None:
        return None
    words = [word for word in ([] if plain else [half_word(step, layer)]) if word]
    for word in (*words, ""):  # a call takes a number alone
        try:
            return option_change(network, editor, step, "pad", value, layer, shape, word)
        except CannotEditError:
            continue
    return None
