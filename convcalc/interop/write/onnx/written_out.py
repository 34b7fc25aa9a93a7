"""Layers that ONNX has no operator for, as several."""

from math import prod

from convcalc.analysis.record import Row
from convcalc.interop.write.onnx.node import Graph, Writer, options_of
from convcalc.shapes import Shape


def _local(g: Graph, row: Row, inputs: list[str]) -> str:
    """The numbers of every window gathered, and a matrix product at each position."""
    import numpy as np

    windows, (*size, filters) = row.step.size.windows, row.step.output or ()
    (value,) = inputs
    begins, ends = [w.begin for w in windows], [w.end + w.overhang for w in windows]
    if any((*begins, *ends)):
        value = g.node("Pad", [value, g.integers([0, 0, *begins, 0, 0, *ends])])
    *spatial, channels = row.inputs[0]
    padded = [s + b + e for s, b, e in zip(spatial, begins, ends, strict=True)]
    places = np.arange(channels * prod(padded)).reshape(channels, *padded)
    axes = tuple(range(1, len(padded) + 1))
    places = np.lib.stride_tricks.sliding_window_view(places, [w.kernel for w in windows], axes)
    places = places[:, *(slice(None, None, w.stride) for w in windows)]
    read = np.moveaxis(places, 0, len(size)).reshape(prod(size), -1)
    flat = g.node("Reshape", [value, g.integers([0, channels * prod(padded)])])
    taken = g.node("Gather", [flat, g.integers(read.ravel().tolist())], axis=1)
    opened = g.node("Reshape", [taken, g.integers([0, *read.shape])])
    turned = g.node("Transpose", [opened], perm=[1, 2, 0])
    weight = g.array(row, "weight", (prod(size), filters, read.shape[1]))
    product = g.node("MatMul", [weight, turned])
    back = g.node("Transpose", [product], perm=[2, 1, 0])
    value = g.node("Reshape", [back, g.integers([0, filters, *size])])
    bias = g.array(row, "bias")
    if not bias:
        return value
    last = len(size)
    return g.node("Add", [value, g.node("Transpose", [bias], perm=[last, *range(last)])])


def to_space(g: Graph, row: Row, inputs: list[str]) -> str:
    """Channels as positions, on any number of axes."""
    own, (*spatial, channels) = options_of(row), row.inputs[0]
    factor, axes = own["factor"], len(spatial)
    kept, steps = channels // factor**axes, [factor] * axes
    slow = own["order"] == "crd"
    split = [0, kept, *steps, *spatial] if slow else [0, *steps, kept, *spatial]
    first, channel = (2, 1) if slow else (1, 1 + axes)
    pairs = [axis for at in range(axes) for axis in (2 + axes + at, first + at)]
    return _through(g, inputs[0], split, [0, channel, *pairs], row.step.output or ())


def to_channels(g: Graph, row: Row, inputs: list[str]) -> str:
    """Neighbours as channels, on any number of axes."""
    own, (*spatial, channels) = options_of(row), row.inputs[0]
    factor, axes = own["factor"], len(spatial)
    split = [0, channels, *(part for size in spatial for part in (size // factor, factor))]
    steps, places = range(3, 3 + 2 * axes, 2), range(2, 2 + 2 * axes, 2)
    order = [0, 1, *steps, *places] if own["order"] == "crd" else [0, *steps, 1, *places]
    return _through(g, inputs[0], split, order, row.step.output or ())


def _through(g: Graph, value: str, split: list[int], order: list[int], output: Shape) -> str:
    opened = g.node("Reshape", [value, g.integers(split)])
    turned = g.node("Transpose", [opened], perm=order)
    *spatial, channels = output
    return g.node("Reshape", [turned, g.integers([0, channels, *spatial])])


def _fractional(g: Graph, row: Row, inputs: list[str]) -> str:
    g.refuse(row, "ONNX has no pool whose windows are drawn at random")
    return inputs[0]


TABLE: dict[str, Writer] = {"locally_connected": _local, "fractional_max_pool": _fractional}
