"""In which order the numbers of vectors lie in tools whose volumes have the channels first.

Volumes lie channels last here and channels first in PyTorch and ONNX, so a flattened vector has its
numbers in another order there. Weights that run over it follow (`flattened`). What takes numbers by
their place in the vector has to be given them in the order that they have here (`arranged`).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from convcalc.layers.base import Layer
from convcalc.layers.traits import Places
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape, elements

#: Volumes, one after the other, that a vector was flattened from; () where the order is one.
Order = tuple[Shape, ...]


class Arranged(NamedTuple):
    """What a writer puts into the order of this program, positions before channels."""

    flattens: frozenset[int]
    """The flattens that lay their numbers so themselves: nothing wants them otherwise."""
    reads: dict[int, dict[int, Order]]
    """By step the inputs that are put into order before it, and the order that they have."""
    outputs: dict[int, Order]
    """The same of the net's outputs."""
    mismatched: dict[int, int]
    """Layers that share weights over numbers that lie otherwise than the owner's: none can read."""


def flattened(network: Network, arranged: Collection[int] = ()) -> list[Order]:
    """For each step that makes a vector the volumes it was flattened from; () for all others.

    Args:
        network: the net.
        arranged: the flattens whose numbers lie as they do here.

    `reshape` of a volume is written for both with the channels moved last first: its numbers are
    in one order everywhere.
    """
    found: list[Order] = []
    for index, step in enumerate(network.steps):
        output = step.output or ()
        sources = [found[i] or ((network.steps[i].output or ()),) for i in step.inputs]
        order: Order = ()
        if step.layer is not None and len(output) == 1 and sources and index not in arranged:
            match step.layer.places:
                case Places.FLATTENED:
                    order = sources[0]
                case Places.RESHAPED:
                    order = found[step.inputs[0]]
                case Places.JOINED:
                    order = tuple(shape for source in sources for shape in source)
                case Places.KEPT if not _turned(network, index, found):
                    whole = (one for one in sources if sum(map(elements, one)) == output[0])
                    order = next(whole, ())
        found.append(_joined(order))
    return found


def weights_follow(layer: Layer) -> bool:
    """Whether the weights of a layer over a vector lie as its numbers do."""
    return layer.places in {Places.WEIGHED, Places.KEPT}


def arranged(network: Network) -> Arranged:
    """Where numbers have to be put into order so that everything reads them as it does here."""
    steps, usual = network.steps, flattened(network)
    follow = [  # whose weights run over a flattened vector, itself or further on
        bool(step.inputs) and bool(usual[step.inputs[0]]) and _has_weights(network, step)
        for step in steps
    ]
    for index in reversed(range(len(steps))):
        if follow[index] or usual[index]:
            for source in steps[index].inputs:
                follow[source] = follow[source] or (bool(usual[source]) and follow[index])
    wanted = set(network.outputs)
    for index in range(len(steps)):
        wanted.update(steps[index].inputs[at] for at in _turned(network, index, usual))
    for index in reversed(range(len(steps))):
        if index in wanted and usual[index]:
            wanted.update(i for i in steps[index].inputs if usual[i])
    last = frozenset(
        index
        for index, step in enumerate(steps)
        if step.layer is not None
        and step.layer.places is Places.FLATTENED
        and index in wanted
        and usual[index]
        and not usual[step.inputs[0]]
        and not follow[index]
    )
    orders = flattened(network, last)
    reads = {}
    for index in range(len(steps)):
        places = _turned(network, index, orders)
        if places:
            reads[index] = {at: orders[steps[index].inputs[at]] for at in places}
    outputs = {i: orders[i] for i in network.outputs if orders[i]}
    return Arranged(last, reads, outputs, _mismatched(network, orders))


def _turned(network: Network, index: int, orders: Sequence[Order]) -> tuple[int, ...]:
    """The inputs of a step that it has to read in the order of this program."""
    step = network.steps[index]
    moved = tuple(at for at, source in enumerate(step.inputs) if orders[source])
    if not moved or step.layer is None:
        return ()
    match step.layer.places:
        case Places.WEIGHED | Places.FLATTENED | Places.JOINED:
            return ()
        case Places.RESHAPED:
            return moved if len(step.output or ()) > 1 else ()
        case Places.READ:
            return moved
        case Places.KEPT:
            whole = {orders[i] for i in step.inputs if network.steps[i].output == step.output}
            return moved if len(whole) > 1 else ()


def _has_weights(network: Network, step: Step) -> bool:
    """Whether a step has an array with a number for each of its input's."""
    if step.layer is None or step.output is None or not weights_follow(step.layer):
        return False
    shapes = tuple(network.steps[i].output or () for i in step.inputs)
    return bool(step.layer.arrays(shapes, step.output))


def _mismatched(network: Network, orders: Sequence[Order]) -> dict[int, int]:
    owners = network.owners()
    return {
        index: owners[index]
        for index, step in enumerate(network.steps)
        if step.shares is not None
        and _has_weights(network, step)
        and _read(network, owners[index], orders) != _read(network, index, orders)
    }


def _read(network: Network, index: int, orders: Sequence[Order]) -> Order:
    """How the numbers lie that a layer's weights run over."""
    source, layer = network.steps[index].inputs[0], network.steps[index].layer
    if layer is None or layer.places is not Places.WEIGHED:
        return orders[source]
    return orders[source] or _joined(((network.steps[source].output or ()),))


def _joined(order: Order) -> Order:
    """An order without pieces that lie as they do here: of one position, or of one channel."""
    found: list[Shape] = []
    for shape in order:
        plain = len(shape) < 2 or shape[-1] == 1 or elements(shape[:-1]) == 1
        if plain and found and len(found[-1]) == 1:
            found[-1] = (found[-1][0] + elements(shape),)
        else:
            found.append((elements(shape),) if plain else shape)
    return tuple(found) if any(len(shape) > 1 for shape in found) else ()
