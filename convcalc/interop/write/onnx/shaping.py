"""Merges, and what cuts, pads and reshapes, as ONNX operators."""

from convcalc.analysis.record import Row
from convcalc.explain.padding import around
from convcalc.interop.write.onnx.node import Graph, Writer, axes_of, options_of, simple
from convcalc.layers.base import SizeFinding
from convcalc.layers.cut import Crop
from convcalc.network.vector_order import Order
from convcalc.shapes import elements


def _merge(name: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        if name in {"Sum", "Max", "Mean"} and len(inputs) != 2:
            return g.node(name, inputs)
        value = inputs[0]
        operator = "Add" if name == "Sum" else name
        if name in {"Max", "Mean"} or len(inputs) == 1:
            return g.node(name if name in {"Max", "Mean"} else "Identity", inputs)
        for other in inputs[1:]:
            value = g.node(operator, [value, other])
        return value

    return write


def _slice(g: Graph, row: Row, inputs: list[str]) -> str:
    own = options_of(row)
    stop = own["stop"] or row.inputs[0][-1]
    bounds = [g.integers([own["start"]]), g.integers([stop]), g.integers([1])]
    return g.node("Slice", [*inputs, *bounds])


def _crop(g: Graph, row: Row, inputs: list[str]) -> str:
    layer = row.step.layer
    assert isinstance(layer, Crop)
    cuts = layer.cuts(row.inputs)
    assert not isinstance(cuts, SizeFinding), "a sized layer has cuts"
    spatial = row.inputs[0][:-1]
    starts = [begin for begin, _ in cuts]
    stops = [size - end for size, (_, end) in zip(spatial, cuts, strict=True)]
    axes = list(range(2, len(spatial) + 2))
    return g.node("Slice", [inputs[0], g.integers(starts), g.integers(stops), g.integers(axes)])


def _pad(g: Graph, row: Row, inputs: list[str]) -> str:
    own, axes = options_of(row), axes_of(row)
    before, after = around(own["sides"], axes)
    channels = own["channels"]
    front, back = (channels * 2)[:2] if len(channels) == 1 else channels
    pads = [0, front, *before, 0, back, *after]
    mode = {"zeros": "constant", "reflect": "reflect", "edge": "edge"}.get(
        own.get("mode", "zeros"), "constant"
    )
    return g.node("Pad", [*inputs, g.integers(pads)], mode=mode)


def moved_last(g: Graph, value: str, rank: int) -> str:
    """A volume with the channels as the last of its axes, of which it has so many."""
    return g.node("Transpose", [value], perm=[0, *range(2, rank + 1), 1])


def channels_last(g: Graph, value: str, order: Order) -> str:
    """Flattened volumes, one after the other, with the channels of a position together."""
    made, at = [], 0
    for shape in order:
        part, end = value, at + elements(shape)
        if len(order) > 1:
            part = g.node("Slice", [value, *(g.integers([n]) for n in (at, end, 1))])
        if len(shape) > 1:
            opened = g.node("Reshape", [part, g.integers([0, shape[-1], *shape[:-1]])])
            turned = moved_last(g, opened, len(shape))
            part = g.node("Flatten", [turned], axis=1)
        made.append(part)
        at = end
    return g.node("Concat", made, axis=1) if len(made) > 1 else made[0]


def _reshape(g: Graph, row: Row, inputs: list[str]) -> str:
    (value,) = inputs[:1]
    rank, shape = axes_of(row) + 2, row.step.output or ()
    if rank > 2:
        value = moved_last(g, value, rank - 1)
    value = g.node("Reshape", [value, g.integers([0, *shape])])
    if len(shape) > 1:
        last = len(shape)
        value = g.node("Transpose", [value], perm=[0, last, *range(1, last)])
    return value


TABLE: dict[str, Writer] = {
    "add": _merge("Sum"),
    "multiply": _merge("Mul"),
    "subtract": _merge("Sub"),
    "maximum": _merge("Max"),
    "average": _merge("Mean"),
    "concat": lambda g, row, inputs: g.node("Concat", inputs, axis=1),
    "flatten": simple("Flatten", axis=1),
    "identity": simple("Identity"),
    "slice": _slice,
    "pad": _pad,
    "crop": _crop,
    "reshape": _reshape,
}
