"""Layers that PyTorch computes by several of its own, taken apart.

``x1 * x2 * x3`` is two products: the second keeps the first, and each hands on its gradients before
the other makes its own. Padding that a kernel does not take is a padded copy, which the layer keeps
in place of its input. A run works on a network in which such a layer is several steps; what it has
recorded then counts for the one layer (`Trace.renumber`).
"""

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer, Parameters, Part, Size
from convcalc.memory.beforehand import parts_of
from convcalc.memory.columns import LONG, Column, column
from convcalc.network.record import Step
from convcalc.shapes import Shape

if TYPE_CHECKING:
    from convcalc.analysis.rows import Rows
    from convcalc.memory.part_steps import PartSteps
    from convcalc.memory.segments import Segment

#: Records of parts and of equal layers that are kept: those of a very long net may all differ.
_MOST_KNOWN = 4096


class Apart(NamedTuple):
    """A network in which every layer is one of PyTorch's."""

    analysis: Analysis
    origin: Column
    """For every step the one of the network itself that it is a part of."""
    ends: Column
    """For every step of the network itself the one that makes its output."""
    weighs: Column
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
    origin, ends, weighs = (column(len(analysis.rows)) for _ in range(3))
    steps, rows = _none_yet(analysis, origin, ends, weighs)
    held: dict[int, tuple[int, ...]] = {}
    known: dict[tuple[int, tuple[Shape, ...]], tuple[Part, ...]] = {}
    """One record of the parts for all layers that are alike: so are their tensors."""
    same: dict[Layer, Layer] = {}
    """Of equal parts one object: of a long net there are many, and often few differ."""
    for number, own in enumerate(analysis.rows):
        step = own.step
        inputs = tuple(ends[source] for source in step.inputs)
        shares = None if step.shares is None else weighs[step.shares]
        row = own._replace(step=step._replace(inputs=inputs, shares=shares))
        key = id(step.layer), own.inputs
        parts = known.get(key)
        if parts is None:
            for kept in (known, same):
                if len(kept) >= _MOST_KNOWN:
                    kept.clear()
            parts = known[key] = tuple(
                part._replace(layer=same.setdefault(part.layer, part.layer))
                for part in parts_of(row, pads_itself)
            )
        first = len(steps)
        weighs.append(first)
        made = _taken_apart(row, parts, first) if parts else [row]
        for at, part in enumerate(made):
            origin.append(number)
            if isinstance(steps, list):
                steps.append(part.step)
            else:
                steps.append(part.step, bool(parts), at == len(made) - 1)
            rows.append(part)
            if part.step.layer is not None and part.step.layer.has_weights:
                weighs[number] = first + at
        ends.append(len(steps) - 1)
        if len(made) > 1:
            held[ends[-1]] = inputs
    network = analysis.network._replace(
        steps=tuple(steps) if isinstance(steps, list) else steps,
        outputs=tuple(ends[output] for output in analysis.network.outputs),
        listed=tuple(ends[output] for output in analysis.network.listed),
    )
    return Apart(analysis._replace(network=network, rows=rows), origin, ends, weighs, held)


def _none_yet(
    analysis: Analysis, origin: Column, ends: Column, weighs: Column
) -> "tuple[list[Step] | PartSteps, list[Row] | Rows]":
    """What takes the steps and the rows of the parts, in a long net in columns."""
    if len(analysis.rows) < LONG:
        return [], []
    from convcalc.analysis.rows import Rows  # few nets are so long
    from convcalc.memory.part_steps import PartSteps

    steps = PartSteps(analysis.network.steps, origin, ends, weighs)
    return steps, Rows(steps)


def _taken_apart(row: Row, parts: tuple[Part, ...], first: int) -> list[Row]:
    """The rows of the parts: each reads what the one before it made, and the next input."""
    source, shape = row.step.inputs[0], row.inputs[0]
    others = [*zip(row.step.inputs, row.inputs, strict=False)][1:]
    found: list[Row] = []
    for number, (layer, output, view) in enumerate(parts):
        other = others[number : number + 1]
        shapes = (shape, *(own for _, own in other))
        inputs = (source, *(step for step, _ in other))
        step = row.step._replace(layer=layer, inputs=inputs, size=Size(output))
        parameters = row.parameters
        if not layer.has_weights:
            step, parameters = step._replace(shares=None), Parameters()
        found.append(
            row._replace(
                step=step,
                inputs=shapes,
                activations=prod(output),
                parameters=parameters,
                in_place=row.in_place or view,
            )
        )
        source, shape = first + number, output
    return found
