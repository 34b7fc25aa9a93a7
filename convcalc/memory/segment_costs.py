"""What every layer adds to the peak, read off one plain step: checkpointing is planned with it.

Live bytes in a layer's backward pass are what is saved by then plus the rest (parameters,
gradients on their way, scratch). The rest does not depend on what is checkpointed; what is saved
does. So one simulation answers, but for small overlaps, what any plan would need.
"""

from itertools import accumulate
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.memory.beforehand import TakenApart
from convcalc.memory.trace import BACKWARD, FORWARD, INPUT, VOLUME
from convcalc.memory.training import trained


class LayerCost(NamedTuple):
    """One layer of a plain step, for a batch."""

    macs: int
    numbers: int
    """In its output."""
    saved: tuple[int, ...]
    """The tensors that it saves."""
    reads: tuple[int, ...]
    """The tensors that it reads."""
    makes: int
    """The tensor of its output."""
    forward: int
    """Most live bytes in its forward pass beside what is saved by then."""
    backward: int
    """The same of its backward pass; 0 where it has none."""
    begins: int
    """Live bytes beside what is saved when its backward pass begins."""


class Costs(NamedTuple):
    """A plain step, layer by layer."""

    layers: tuple[LayerCost, ...]
    """Inputs and layers, by step."""
    sizes: tuple[int, ...]
    """Bytes of every tensor; 0 of the images, which are there anyway."""
    first: int
    """The first step that is a layer."""
    base: int
    """Bytes alive before the step."""
    peak: int
    macs: int


def costs(analysis: Analysis, batch: int, taking_apart: TakenApart | None = None) -> Costs:
    """The costs of a network that could be sized."""
    trace = trained(analysis, batch, (), taking_apart or TakenApart())
    whole = [
        0 if like.role == INPUT else size
        for like, size in zip(trace.alike, trace.sizes(batch), strict=True)
    ]
    sizes = [whole[like] for like in trace.of]
    live = trace.live(batch)
    saved: dict[int, list[int]] = {}
    change = [0] * (len(trace.events) + 1)
    kept: set[int] = set()
    for tensor, step, event in trace.kept:
        if event > trace.end_forward:
            continue
        saved.setdefault(step, []).append(tensor)
        if tensor not in kept:
            kept.add(tensor)
            change[event] += sizes[tensor]
    for event, number in enumerate(trace.events):
        if number < 0 and ~number in kept:
            change[event] -= sizes[~number]
    beside = [a - b for a, b in zip(live, accumulate(change), strict=False)]
    highest: dict[tuple[str, int], int] = {}
    begins: dict[int, int] = {}
    start = trace.begin
    for phase, step, end in trace.marks:
        begins[step] = beside[max(start - 1, 0)]
        most = max(beside[start:end], default=begins[step])
        highest[phase, step] = max(highest.get((phase, step), 0), most)
        start = end
    makers = {
        step: tensor
        for tensor, (role, step) in enumerate(zip(trace.roles, trace.steps, strict=True))
        if role in (VOLUME, INPUT)
    }
    made: list[int] = []
    layers = []
    for step, row in enumerate(analysis.rows):
        inputs = row.step.inputs
        made.append(makers[step] if step in makers else made[inputs[0]])
        layers.append(
            LayerCost(
                row.macs or 0,
                row.activations or 0,
                tuple(saved.get(step, ())),
                tuple({made[source]: None for source in inputs}),
                made[step],
                highest.get((FORWARD, step), 0),
                highest.get((BACKWARD, step), 0),
                begins.get(step, 0),
            )
        )
    first = next((n for n, row in enumerate(analysis.rows) if row.step.layer), len(layers))
    return Costs(
        tuple(layers),
        tuple(sizes),
        first,
        live[trace.begin - 1],
        max(live),
        analysis.totals.macs or 0,
    )
