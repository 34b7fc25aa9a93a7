"""Parameters and MACs against loops that really go through a naive layer, weight by weight."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer, Roundings
from convcalc.shapes import Shape
from convcalc.window import Rounding

_FLOOR = Roundings(Rounding.FLOOR, Rounding.FLOOR)

#: One multiply: the weight that it uses, by its indices.
Multiply = tuple[Any, ...]


def _positions(shape: Shape) -> Iterator[Shape]:
    return product(*map(range, shape))


def _conv(layer: Any, inputs: Shape, output: Shape) -> Iterator[Multiply]:
    """For every number of the output, every tap and every channel of its filter's group."""
    taps = layer.kernel * (len(inputs) - 1) if len(layer.kernel) == 1 else layer.kernel
    per_group = layer.filters // layer.groups
    for position in _positions(output):
        group = position[-1] // per_group
        channels = [c for c in range(inputs[-1]) if c // (inputs[-1] // layer.groups) == group]
        for tap, channel in product(_positions(taps), channels):
            yield position[-1], tap, channel


def _depthwise(layer: Any, inputs: Shape, output: Shape) -> Iterator[Multiply]:
    taps = layer.kernel * (len(inputs) - 1) if len(layer.kernel) == 1 else layer.kernel
    for position, tap in product(_positions(output), _positions(taps)):
        yield position[-1], tap


def _transposed(layer: Any, inputs: Shape, output: Shape) -> Iterator[Multiply]:
    """For every number of the input, every tap of every filter of its group, scattered."""
    taps = layer.kernel * (len(inputs) - 1) if len(layer.kernel) == 1 else layer.kernel
    for position in _positions(inputs):
        group = position[-1] // (inputs[-1] // layer.groups)
        for tap, filter in product(_positions(taps), range(layer.filters)):
            if filter // (layer.filters // layer.groups) == group:
                yield filter, tap, position[-1]


def _local(layer: Any, inputs: Shape, output: Shape) -> Iterator[Multiply]:
    """As conv, but every position has weights of its own."""
    taps = layer.kernel * (len(inputs) - 1) if len(layer.kernel) == 1 else layer.kernel
    yield from product(_positions(output), _positions(taps), range(inputs[-1]))


def _full(layer: Any, inputs: Shape, output: Shape) -> Iterator[Multiply]:
    yield from product(_positions(inputs), _positions(output))


CASES = [
    (_conv, "conv", {"filters": 4, "kernel": (3,), "pad": (1,)}, (4, 5, 2)),
    (_conv, "conv", {"filters": 4, "kernel": (3, 1), "stride": (2, 1), "groups": 2}, (5, 3, 6)),
    (_conv, "conv", {"filters": 6, "kernel": (2,), "groups": 6}, (3, 3, 6)),
    (_conv, "conv", {"filters": 3, "kernel": (3,), "dilation": (2,), "pad": "same"}, (9, 2)),
    (_conv, "conv", {"filters": 2, "kernel": (2, 1, 3)}, (3, 2, 4, 3)),
    (_depthwise, "depthwise_conv", {"kernel": (3,), "pad": (1,)}, (4, 4, 3)),
    (_depthwise, "depthwise_conv", {"kernel": (2, 3), "multiplier": 2}, (4, 4, 3)),
    (_depthwise, "depthwise_conv", {"kernel": (3,), "stride": (2,)}, (9, 3)),
    (_transposed, "conv_transpose", {"filters": 4, "kernel": (2,), "stride": (2,)}, (3, 4, 5)),
    (_transposed, "conv_transpose", {"filters": 4, "kernel": (3, 2), "groups": 2}, (3, 2, 6)),
    (_transposed, "conv_transpose", {"filters": 1, "kernel": (4,), "pad": (1,)}, (6, 2)),
    (_local, "locally_connected", {"filters": 3, "kernel": (2,)}, (4, 3, 2)),
    (_local, "locally_connected", {"filters": 2, "kernel": (3,), "stride": (2,)}, (7, 3)),
    (_local, "locally_connected", {"filters": 2, "kernel": (1, 2, 2)}, (2, 3, 3, 2)),
    (_full, "fc", {"units": 7}, (3, 2, 4)),
    (_full, "fc", {"units": 7}, (5,)),
]


@pytest.mark.parametrize(("loop", "kind", "options", "shape"), CASES)
@pytest.mark.parametrize("bias", [True, False])
def test_weights_and_macs_are_those_of_the_loop(
    loop: Any, kind: str, options: dict[str, Any], shape: Shape, bias: bool
) -> None:
    layer: Layer = BY_NAME[kind](**options, bias=bias)
    output = layer.sizing((shape,), _FLOOR).output
    assert output is not None
    multiplies = list(loop(layer, shape, output))
    parameters = layer.parameters((shape,), output)
    assert layer.macs((shape,), output) == len(multiplies)
    assert parameters.weights == len(set(multiplies))
    biases = {p if kind == "locally_connected" else p[-1] for p in _positions(output)}
    assert parameters.biases == (len(biases) if bias else 0)
    assert parameters.norm == parameters.buffers == 0


def test_the_loops_cover_every_kind_with_macs() -> None:
    counted = {kind for _, kind, *_ in CASES}
    with_macs = {name for name, kind in BY_NAME.items() if kind.has_weights}
    without = {"batch_norm", "instance_norm", "group_norm", "layer_norm", "scale", "prelu"}
    assert counted == with_macs - without
