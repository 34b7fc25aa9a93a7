"""Receptive fields of one input alone, on one axis, followed position on position.

Where branches meet, the field of a row is the largest of theirs, whatever input it is of. Here a
field is of one input, and it ends where positions do: behind a volume of one position (a global
pool) all positions see the same, and behind a layer that reads all of them none has a place.
"""

from collections.abc import Iterator

from convcalc.analysis import receptive
from convcalc.analysis.record import ReceptiveField
from convcalc.layers.base import Layer
from convcalc.layers.bases import ReadsAllPositions
from convcalc.layers.field_step import FieldStep
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape

_Fields = dict[int, ReceptiveField]
_Known = dict[tuple[int, tuple[Shape, ...]], tuple[FieldStep, ...]]


def traced(network: Network, start: int, axis: int) -> Iterator[ReceptiveField | None]:
    """The field of every step in turn, of the input at `start` alone.

    None where a step's positions are not those of the input. A field is kept for as long as
    somebody reads it: a net can have 200,000 layers.
    """
    last = {source: at for at, step in enumerate(network.steps) for source in step.inputs}
    fields: _Fields = {}
    known: _Known = {}
    for index, step in enumerate(network.steps):
        layer, field = step.layer, None
        if index == start and axis < len(step.output or ()) - 1:
            field = receptive.start(1)[0]
        elif layer and step.output is not None and not isinstance(layer, ReadsAllPositions):
            field = _followed(network, step, layer, fields, axis, known)
        yield field
        for source in step.inputs:
            if last[source] == index:
                fields.pop(source, None)
        if field is not None and index in last:
            fields[index] = field


def _followed(
    network: Network, step: Step, layer: Layer, fields: _Fields, axis: int, known: _Known
) -> ReceptiveField | None:
    """The largest field of what lies position on position, widened by the layer."""
    found: ReceptiveField | None = None
    sources = receptive.aligned(network, step) if len(step.inputs) > 1 else step.inputs
    for source in sources:
        field, shape = fields.get(source), network.steps[source].output or ()
        several = axis < len(shape) - 1 and shape[axis] > 1
        if field is not None and several and (found is None or field.size > found.size):
            found = field
    if found is None:
        return None
    reads = step.inputs if step.like is None else (*step.inputs, step.like)
    shapes = tuple([network.steps[i].output or () for i in reads])
    key = (id(layer), shapes)
    steps = known.get(key)
    if steps is None:
        steps = layer.receptive_field_step(shapes, step.size)
        if not any(one.is_long for one in steps):
            known[key] = steps
    outputs = (step.output or ())[axis : axis + 1]
    longest = receptive.longest_followed(len(network.steps))
    return receptive.widened((found,), steps[axis : axis + 1], outputs, longest)[0]
