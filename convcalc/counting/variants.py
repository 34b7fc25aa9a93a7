"""Other forms of a net that published figures are often of: strides, biases, sizes, heads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.layers.base import Layer, Roundings, Size
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.fc import FullyConnected
from convcalc.network.readers import Readers
from convcalc.network.record import INPUT, OUTSIDE, Network, Step
from convcalc.shapes import Shape, written
from convcalc.window import Rounding

#: Sizes that nets are published at.
SIZES = (
    160, 192, 224, 227, 240, 256, 260, 288, 299, 300, 320, 331, 380, 384, 416, 448, 456, 480, 512,
    528, 600, 608, 640,
)  # fmt: skip
_LARGEST = 5000  #: layers of a net whose other forms are tried


class Variant(NamedTuple):
    """A form of the net that differs in a way that has a name."""

    name: str
    analysis: Analysis


def variants(
    analysis: Analysis, worth: Callable[[float], bool] = lambda growth: True
) -> Iterator[Variant]:
    """The forms of a net that figures are often of, the likeliest first; not the net itself.

    `worth` says whether input sizes with so many times the positions are of any interest.
    """
    network = analysis.network
    if len(network.steps) > _LARGEST:
        return
    moved, word = _strides_moved(network)
    biased = _biased(network)
    changes: list[tuple[str, Mapping[int, Layer]]] = []
    if moved:
        changes.append((word, moved))
    if biased:
        changes.append(("a bias in every convolution", biased))
    if moved and biased:
        also = {i: moved.get(i, layer).replace(bias=True) for i, layer in biased.items()}
        both = {**moved, **also}
        changes.append((f"{word}, a bias in every convolution", both))
    for name, layers in changes:
        yield from _sized(name, network, layers)
    headless = _without_head(network)
    if headless is not None:
        yield Variant("without the fc layers", analyze(headless))
    for size in SIZES:
        shape = network.steps[0].output
        if shape and len(shape) > 1 and set(shape[:-1]) != {size}:
            spatial = (size,) * (len(shape) - 1)
            if not worth(prod(spatial) / prod(shape[:-1])):
                continue
            yield from _sized(f"input {written((*spatial, shape[-1]))}", network, {}, spatial)


def _sized(
    name: str, network: Network, layers: Mapping[int, Layer], spatial: Shape = ()
) -> Iterator[Variant]:
    """The net with some layers changed, or another input size, if it can be sized."""
    exact = network.roundings
    floored = Roundings(
        Rounding.FLOOR, Rounding.FLOOR if exact.pool is Rounding.EXACT else exact.pool
    )
    steps: list[Step] = []
    for index, step in enumerate(network.steps):
        layer = layers.get(index, step.layer)
        if layer is None:
            size = _input_size(step, network, spatial)
            steps.append(step._replace(size=size))
            continue
        reads = step.inputs if step.like is None else (*step.inputs, step.like)
        shapes = tuple(steps[i].size.output for i in reads)
        if None in shapes:
            return
        size = layer.sizing(shapes, floored)  # type: ignore[arg-type]
        if size.output is None:
            return
        steps.append(step._replace(layer=layer, size=size))
    changed = network._replace(
        steps=tuple(steps), expect=(), budget=(), findings=(), rules=(), run=None
    )
    yield Variant(name, analyze(changed))


def _input_size(step: Step, network: Network, spatial: Shape) -> Size:
    shape = step.output
    own = (network.steps[0].output or ())[:-1]
    if spatial and shape and shape[:-1] == own:
        return step.size._replace(output=(*spatial, shape[-1]))
    return step.size


def _strides_moved(network: Network) -> tuple[dict[int, Layer], str]:
    """Bottlenecks with the stride on the other convolution: 1x1 and 3x3 change places."""
    steps = network.steps
    readers = network.readers()
    for first, word in ((False, "stride on the 1x1"), (True, "stride on the 3x3")):
        found: dict[int, Layer] = {}
        for index, step in enumerate(steps):
            one = step.layer
            if not isinstance(one, Conv) or step.kind != "conv" or set(one.kernel) != {1}:
                continue
            after = _next_conv(index, steps, readers)
            other = steps[after].layer if after is not None else None
            if after is None or not isinstance(other, Conv) or set(other.kernel) == {1}:
                continue
            here, there = (one.stride, other.stride) if first else (other.stride, one.stride)
            if set(here) != {1} and set(there) == {1}:
                found[index] = one.replace(stride=other.stride)
                found[after] = other.replace(stride=one.stride)
        if found:
            return found, word
    return {}, ""


def _next_conv(index: int, steps: Sequence[Step], readers: Readers) -> int | None:
    """The convolution that a layer's output reaches through norms and activations alone."""
    while len(readers[index]) == 1:
        index = readers[index][0]
        if index == OUTSIDE:
            return None
        step = steps[index]
        if step.kind == "conv":
            return index
        keeps = step.layer is not None and len(step.inputs) == 1 and step.output is not None
        if not keeps or step.output != steps[step.inputs[0]].output:
            return None
    return None


def _biased(network: Network) -> dict[int, Layer]:
    """Its convolutions without a bias, with one."""
    return {
        index: step.layer.replace(bias=True)
        for index, step in enumerate(network.steps)
        if isinstance(step.layer, Conv | DepthwiseConv) and not step.layer.bias
    }


def _without_head(network: Network) -> Network | None:
    """The net before its first fc, where nothing but fc layers and their kin follows."""
    steps = network.steps
    first = next((i for i, s in enumerate(steps) if isinstance(s.layer, FullyConnected)), None)
    if not first:
        return None
    later = steps[first:]
    if any(s.kind in (INPUT, "conv", "depthwise_conv") for s in later):
        return None
    outputs = tuple(i for i in network.outputs if i < first) or (first - 1,)
    return network._replace(
        steps=steps[:first], outputs=outputs, expect=(), budget=(), findings=(), rules=()
    )
