"""What the layers of a net compute, at the sizes that they have there."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from convcalc.layers.base import Layer
from convcalc.layers.computed import PASSES, said
from convcalc.layers.traits import Places
from convcalc.network.alike import numbered
from convcalc.network.record import OUTSIDE, Network, Step
from convcalc.shapes import Shape


class NetComputed(NamedTuple):
    """What the layers of a net compute, however padding, rounding or a bound is written."""

    does: Sequence[Hashable]
    """Of each layer: `pad: same` and `pad: 1` are one where they pad alike."""
    numbers: Sequence[int]
    """Equal for the same layers that read the same things."""
    passing: frozenset[int]
    """The layers that give their input on as it is, and have its number; flattens before fc too."""

    @property
    def faces(self) -> list[Hashable]:
        """The numbers, apart for layers that have that of what they read."""
        return [(number, index in self.passing) for index, number in enumerate(self.numbers)]


def computed(network: Network, known: dict[Hashable, int]) -> NetComputed:
    """What the layers compute; `known`: the numbers so far, of all nets that are compared."""
    does = _all_done(network.steps)
    passing = frozenset(index for index, one in enumerate(does) if one == PASSES)
    passing |= _needless(network, passing)
    work = [PASSES if index in passing else one for index, one in enumerate(does)]
    return NetComputed(does, numbered(network.steps, known, work.__getitem__), passing)


def _needless(network: Network, passing: frozenset[int]) -> set[int]:
    """The layers that make a row of a volume for fc layers alone, which flatten what they read."""
    readers, found = network.readers(), set[int]()
    for index in range(len(network.steps) - 1, -1, -1):  # what reads a layer comes behind it
        layer, output = network.steps[index].layer, network.steps[index].output
        if layer is None or output is None or len(output) != 1 or not readers[index]:
            continue
        flattens = layer.is_view and layer.places in {Places.FLATTENED, Places.RESHAPED}
        if flattens or index in passing:
            flat = (i in found or _weighs(network.steps, i) for i in readers[index])
            if all(flat):
                found.add(index)
    return found


def _weighs(steps: Sequence[Step], index: int) -> bool:
    """Whether a layer has a weight for each number that it reads, in whatever shape."""
    layer = steps[index].layer if index != OUTSIDE else None
    return layer is not None and layer.places is Places.WEIGHED


def kept(network: Network, index: int) -> Hashable:
    """What a layer holds in memory for its backward pass, and whether its output is a view."""
    layer, sizes = network.steps[index].layer, _sizes(network.steps, index)
    if layer is None or sizes is None:
        return None
    made = tuple(part.output for part in layer.parts(sizes[0], network.steps[index].size))
    return layer.is_view, made, layer.saved_for_backward(*sizes, False, 1)


def done(steps: Sequence[Step], index: int, layer: Layer | None = None) -> Hashable:
    """What a layer of some computes, or what another would in its place; `PASSES` for nothing."""
    layer, sizes = layer or steps[index].layer, _sizes(steps, index)
    if layer is None:
        return (steps[index].kind,)
    return (layer.kind, *said(layer)) if sizes is None else layer.computes(*sizes)


def _all_done(steps: Sequence[Step]) -> list[Hashable]:
    """What each layer computes: worked out once for all turns of a repeat, which share a layer."""
    found: list[Hashable] = []
    seen: dict[Hashable, Hashable] = {}
    for index, step in enumerate(steps):
        key = (id(step.layer), step.kind, _sizes(steps, index))
        if key not in seen:
            seen[key] = done(steps, index)
        found.append(seen[key])
    return found


def _sizes(steps: Sequence[Step], index: int) -> tuple[tuple[Shape, ...], Shape] | None:
    """What arrives at a layer, and its output; None where one could not be sized."""
    step = steps[index]
    reads = step.inputs if step.like is None else (*step.inputs, step.like)
    inputs = tuple(shape for i in reads if (shape := steps[i].output) is not None)
    return (inputs, step.output) if step.output is not None and len(inputs) == len(reads) else None
