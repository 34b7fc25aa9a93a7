"""The quantities of a layer that conventions count with: the names in their formulas."""

from math import prod
from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.layers.base import Layer, SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.lrn import LocalResponseNorm
from convcalc.layers.pool_to_size import PoolToSize
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, elements
from convcalc.window import floored, rounded_up


class Quantities(NamedTuple):
    """One layer in numbers, for a batch. None: the layer has no such number."""

    macs: int = 0
    """Multiply-accumulates of its weights."""
    bias: int = 0
    """Elements of its output, if it has a bias."""
    inputs: int = 0
    """Elements of its first input."""
    outputs: int = 0
    """Elements of its output."""
    params: int = 0
    """Learned parameters, shared ones too."""
    window: int | None = 1
    """Positions of its window, channels of an lrn; None where the windows differ in size."""
    channels: int = 1
    """Channels of its first input."""
    positions: int = 1
    """Positions of its output."""
    owned: int = 0
    """Learned parameters, 0 where they belong to another layer."""
    statistics: int = 0
    """Running means and variances, 0 where they belong to another layer."""
    groups: int = 1
    stride: int = 1
    """Product of the strides of all axes."""
    operands: int = 1
    """Volumes that it reads."""
    batch: int = 1
    spatial_axes: int = 0
    """Axes of its first input besides the channels: 0 for a vector."""
    conv_positions: int = 1
    """Output positions of an ordinary convolution with its window over its input."""
    rounding_loss: int = 0
    """By how much a pool's inputs + outputs shrink where the mean size of its windows, in double
    precision, plus one is multiplied by its outputs and cut to an integer: 0 or 1."""


NAMES = Quantities._fields

#: What a condition may ask for besides the options of the kind.
SITUATIONS = ("training", "shared", "spatial_axes", "ceil_differs", "padded_apart", "linear")


def quantities(row: Row, batch: int = 1, folded: bool = False) -> Quantities:
    """The numbers of a sized layer or input; `folded`: it has taken over a batch norm's shift."""
    layer, output = row.step.layer, row.step.output
    assert output is not None, "a sized layer has an output"
    volume = batch * elements(output)
    if layer is None:  # an input of the net
        return Quantities(outputs=volume, positions=volume // output[-1], batch=batch)
    shapes = row.inputs or (output,)
    first = shapes[0]
    every = layer.parameters(shapes, output)
    own = row.parameters
    biased = every.biases or folded
    return Quantities(
        macs=batch * (row.macs or 0),
        bias=volume if biased else 0,
        inputs=batch * elements(first),
        outputs=volume,
        params=every.learned,
        window=_window(layer, first, output),
        channels=first[-1],
        positions=volume // output[-1],
        owned=own.learned if own else 0,
        statistics=own.buffers if own else 0,
        groups=getattr(layer, "groups", 1),
        stride=prod(_spread(layer.steps, first)) if isinstance(layer, Windowed) else 1,
        operands=len(row.step.inputs),
        batch=batch,
        spatial_axes=len(first) - 1,
        conv_positions=batch * _conv_positions(layer, first, output),
        rounding_loss=_rounding_loss(layer, first, output, batch),
    )


def rounds_up_further(row: Row) -> bool:
    """Whether always rounding up, as netscope does, makes a pool's output larger."""
    windows = row.step.size.windows
    return any(window.output not in (None, rounded_up(window)) for window in windows)


def padded_apart(row: Row) -> bool:
    """Whether PyTorch pads before the layer, or cuts behind it, in a step of its own."""
    layer = row.step.layer
    if isinstance(layer, ConvTranspose):
        axes = layer.axes_of(row.inputs[0][:-1])
        return not isinstance(axes, SizeFinding) and any(axis[3] != axis[4] for axis in axes)
    return isinstance(layer, Windowed) and bool(layer.padded_before(row.step.size.windows))


def _spread(numbers: Shape, shape: Shape) -> Shape:
    return numbers * (len(shape) - 1) if len(numbers) == 1 else numbers


def _window(layer: Layer, first: Shape, output: Shape) -> int | None:
    if isinstance(layer, Windowed):
        return prod(_spread(layer.kernel, first))
    if isinstance(layer, PoolToSize):
        if any(size % count for size, count in zip(first[:-1], output[:-1], strict=True)):
            return None
        return prod(first[:-1]) // prod(output[:-1])
    return layer.size if isinstance(layer, LocalResponseNorm) else 1


def _conv_positions(layer: Layer, first: Shape, output: Shape) -> int:
    if not isinstance(layer, ConvTranspose):
        return prod(output[:-1])
    plan = layer.geometry(first[:-1])
    assert not isinstance(plan, SizeFinding), "a sized layer has a geometry"
    return prod(
        floored(size, kernel, stride, begin, dilation)
        for size, kernel, stride, (begin, _), dilation in zip(first[:-1], *plan, strict=True)
    )


def _rounding_loss(layer: Layer, first: Shape, output: Shape, batch: int) -> int:
    if not isinstance(layer, PoolToSize):
        return 0
    mean = 1.0
    for size, count in zip(first[:-1], output[:-1], strict=True):
        mean *= size / count
    volume = batch * elements(output)
    return batch * elements(first) + volume - int((mean + 1) * volume)
