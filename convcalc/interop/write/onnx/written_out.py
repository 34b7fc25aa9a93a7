"""Layers that ONNX has no operator for, as several."""

from math import prod

from convcalc.analysis.record import Row
from convcalc.interop.write.onnx.node import Graph, Writer, options_of
from convcalc.shapes import Shape


def _local(g: Graph, row: Row, inputs: list[str]) -> str:
    """The numbers of every window gathered axis by axis, and a matrix product a position."""
    windows, (*size, filters) = row.step.size.windows, row.step.output or ()
    (value,), (*spatial, channels) = inputs, row.inputs[0]
    begins, ends = [w.begin for w in windows], [w.end + w.overhang for w in windows]
    if any((*begins, *ends)):
        value = g.node("Pad", [value, g.integers([0, 0, *begins, 0, 0, *ends])])
    for at, (window, count) in enumerate(zip(windows, size, strict=True)):
        read = [i * window.stride + tap for i in range(count) for tap in range(window.kernel)]
        if read != list(range(spatial[at] + begins[at] + ends[at])):
            value = g.node("Gather", [value, g.integers(read)], axis=2 + at)
    kernel = [w.kernel for w in windows]
    pairs = [part for pair in zip(size, kernel, strict=True) for part in pair]
    opened = g.node("Reshape", [value, g.integers([0, channels, *pairs])])
    places, taps = range(2, 2 + len(pairs), 2), range(3, 2 + len(pairs), 2)
    turned = g.node("Transpose", [opened], perm=[*places, 1, *taps, 0])
    positions, numbers = prod(size), channels * prod(kernel)
    flat = g.node("Reshape", [turned, g.integers([positions, numbers, -1])])
    made = g.node("MatMul", [g.array(row, "weight", (positions, filters, numbers)), flat])
    bias = g.array(row, "bias", (positions, filters, 1))
    made = g.node("Add", [made, bias]) if bias else made
    back = g.node("Transpose", [made], perm=[2, 1, 0])
    return g.node("Reshape", [back, g.integers([0, filters, *size])]) if size[1:] else back


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
