"""A step of training: forward pass, cross-entropy, backward pass, optimizer.

The loop that is meant: ``zero_grad()``, forward, loss, ``backward()``, ``step()``, in the steady
state (optimizer state exists). With accumulation the trace is that of the last micro-batch, which
finds the gradients of those before it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.memory import trace as kind_of
from convcalc.memory.backward import Backward
from convcalc.memory.beforehand import taken_apart
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.forward import Forward
from convcalc.memory.loss import Loss
from convcalc.memory.parallel import VIEWS
from convcalc.memory.trace import Trace
from convcalc.memory.update import Update
from convcalc.shapes import elements

if TYPE_CHECKING:
    from convcalc.memory.apart import Apart
    from convcalc.memory.segments import Segment

#: Bytes of a class label (int64).
_LABEL = 8


def training(
    analysis: Analysis,
    batch: int,
    taking_apart: "Callable[[Analysis], Apart | None]" = taken_apart,
) -> Trace:
    """The trace of one step of training; it holds for every batch above 1, or for 1 alone."""
    network, checkpoint = analysis.network, analysis.settings.checkpoint
    if not checkpoint and not any(step.checkpoint for step in network.steps):
        return trained(analysis, batch, (), taking_apart)
    from convcalc.memory.segments import segments_of  # for few nets
    from convcalc.memory.segments_named import spans

    segments = segments_of(analysis.rows, spans(network, checkpoint))
    return trained(analysis, batch, segments, taking_apart)


def trained(
    analysis: Analysis,
    batch: int,
    segments: "tuple[Segment, ...]",
    taking_apart: "Callable[[Analysis], Apart | None]" = taken_apart,
) -> Trace:
    """The same with given segments."""
    apart = taking_apart(analysis)
    if apart is None:
        return _run(Forward(analysis, training=True, segments=segments), batch)
    parts = apart.segments(segments)
    trace = _run(Forward(apart.analysis, training=True, segments=parts, held=apart.held), batch)
    trace.renumber(apart.origin)
    return trace


def _run(forward: Forward, batch: int) -> Trace:
    settings, trace, mode = forward.settings, forward.trace, forward.table.mode
    trace.segments = tuple((segment.first, segment.last) for segment in forward.segments)
    forward.settle()
    for output in forward.outputs:
        positions = elements((forward.rows[output].step.output or ())[:-1])
        trace.make(kind_of.LABELS, output, positions * _LABEL)
    learning = _learning(forward)
    resident = _resident(forward, learning, settings)
    if settings.accumulate > 1 and not settings.keep_grads and settings.shard not in VIEWS:
        trace.not_base = sum(trace.once(tensor) for _, tensor in resident.pairs())
    if settings.shard == "ddp":
        for step, tensor in learning.pairs():
            trace.make(kind_of.BUCKET, step, 0, trace.once(tensor))
    update = Update(settings, mode, trace, learning)
    update.settle()
    forward.run()
    loss = Loss(forward, mode.scaler, settings.accumulate > 1)
    loss.run()
    trace.end_forward = len(trace.events)
    backward = Backward(forward, batch == 1, resident)
    roots = loss.start(backward)
    backward.run()
    loss.end(roots)
    if forward.gathered >= 0:
        trace.release(forward.gathered)
    trace.mark_again()
    trace.end_backward = len(trace.events)
    update.step(backward.parameters.learned)
    return trace


def _learning(forward: Forward) -> ByLayer:
    """The parameters that get a gradient: those of layers that lead nowhere get none."""
    tracked = bytearray(len(forward.rows))
    for step, leads in enumerate(forward.tracked):
        if leads:
            tracked[forward.owners[step]] = True
    found = ByLayer(len(forward.rows))
    for step in forward.parameters:
        if tracked[step]:
            found.put(step, forward.parameters[step])
    return found


def _resident(forward: Forward, learning: ByLayer, settings: Settings) -> ByLayer:
    """The gradients that the step finds: kept, buckets of DDP, or of earlier micro-batches."""
    trace, found = forward.trace, ByLayer(len(forward.rows))
    if settings.keep_grads or settings.accumulate > 1 or settings.shard in VIEWS:
        for step in learning:
            sizes = map(trace.once, learning[step])
            found.put(step, trace.make_in_a_row(kind_of.PARAMETER_GRADIENT, step, sizes))
    return found
