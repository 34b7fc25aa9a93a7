"""Layers that PyTorch computes by several of its own, taken apart.

``x1 * x2 * x3`` is two products: the second keeps the first, and each hands on its gradients before
the other makes its own. Padding that a kernel does not take is a padded copy, which the layer keeps
in place of its input. A run works on a network in which such a layer is several steps; what it has
recorded then counts for the one layer (`Trace.renumber`).
"""

from collections.abc import Mapping
from itertools import repeat
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Parameters, Part, Size
from convcalc.memory.beforehand import parts_of

if TYPE_CHECKING:
    from convcalc.memory.segments import Segment


class Apart(NamedTuple):
    """A network in which every layer is one of PyTorch's."""

    analysis: Analysis
    origin: list[int]
    """For every step the one of the network itself that it is a part of."""
    ends: list[int]
    """For every step of the network itself the one that makes its output."""
    weighs: list[int]
    """The same for the one that has its parameters."""
    held: Mapping[int, tuple[int, ...]]
    """By last part of a layer the volumes that it holds for the parts before."""

    def segments(self, segments: "tuple[Segment, ...]") -> "tuple[Segment, ...]":
        """The same stretches of layers, by their parts."""
        ends = self.ends
        return tuple(
            segment._replace(
                first=ends[segment.first - 1] + 1,
                last=ends[segment.last],
                inputs=tuple(ends[source] for source in segment.inputs),
                out_of_place=tuple(
                    part
                    for step in segment.out_of_place
                    for part in range(ends[step - 1] + 1, ends[step] + 1)
                ),
            )
            for segment in segments
        )


def apart(analysis: Analysis, pads_itself: bool = False) -> Apart:
    """The network with such layers taken apart."""
    rows: list[Row] = []
    origin: list[int] = []
    ends: list[int] = []
    weighs: list[int] = []
    held: dict[int, tuple[int, ...]] = {}
    for number, own in enumerate(analysis.rows):
        step = own.step
        inputs = tuple(ends[source] for source in step.inputs)
        shares = None if step.shares is None else weighs[step.shares]
        row = own._replace(step=step._replace(inputs=inputs, shares=shares))
        parts = parts_of(row, pads_itself)
        first = len(rows)
        weighs.append(first)
        if parts:
            rows += _taken_apart(row, parts, first)
            layers = [part.layer.has_weights for part in parts]
            weighs[number] += layers.index(True) if True in layers else 0
        else:
            rows.append(row)
        origin += repeat(number, len(rows) - first)
        ends.append(len(rows) - 1)
        if len(rows) - first > 1:
            held[ends[-1]] = inputs
    network = analysis.network._replace(
        steps=tuple(row.step for row in rows),
        outputs=tuple(ends[output] for output in analysis.network.outputs),
    )
    return Apart(analysis._replace(network=network, rows=rows), origin, ends, weighs, held)


def _taken_apart(row: Row, parts: tuple[Part, ...], first: int) -> list[Row]:
    """The rows of the parts: each reads what the one before it made, and the next input."""
    source, shape = row.step.inputs[0], row.inputs[0]
    others = [*zip(row.step.inputs, row.inputs, strict=False)][1:]
    found: list[Row] = []
    for number, (layer, output) in enumerate(parts):
        other = others[number : number + 1]
        shapes = (shape, *(own for _, own in other))
        inputs = (source, *(step for step, _ in other))
        step = row.step._replace(layer=layer, inputs=inputs, size=Size(output))
        parameters = row.parameters
        if not layer.has_weights:
            step, parameters = step._replace(shares=None), Parameters()
        found.append(
            row._replace(step=step, inputs=shapes, activations=prod(output), parameters=parameters)
        )
        source, shape = first + number, output
    return found
