"""The run itself: one forward pass that follows the plan and watches what happens."""

import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.backend import half
from convcalc.backend.arrays import Array, shape_only
from convcalc.backend.heap import kept_heap
from convcalc.backend.ops import NumPyOps
from convcalc.backend.python_objects import python_objects
from convcalc.backend.speed import product_rate
from convcalc.backend.weights import finite
from convcalc.layers.base import Layer
from convcalc.layers.ops import Ops
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.network.record import Step
from convcalc.shapes import Shape
from convcalc.verify.plan import Plan, last_overwritten, live_bytes
from convcalc.verify.record import Observed, Peak, Verification

Progress = Callable[[int, Step], None]


class Arrays(NamedTuple):
    """What a run starts from."""

    weights: Mapping[int, Mapping[str, Array]]
    """The arrays of every step that owns some."""
    given: Mapping[int, Array]
    """The inputs of the net, or of the layers that run."""


class Run(NamedTuple):
    """What a run leaves behind."""

    verification: Verification
    kept: dict[int, Array]


def verify(
    analysis: Analysis,
    plan: Plan,
    make: Callable[[], Arrays],
    exact: bool = False,
    keep: frozenset[int] = frozenset(),
    progress: Progress = lambda number, step: None,
    seed: int = 0,
) -> Run:
    """Run the layers of a plan once and hold shapes, numbers and memory against the prediction.

    `make` is called with memory being traced, so that parameters and inputs count. `keep` are the
    steps whose outputs are wanted afterwards; `seed` is of what layers draw as they run.
    """
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        before, python = tracemalloc.get_traced_memory()[0], python_objects()
        arrays = make()
        ops = NumPyOps(analysis.network.roundings, exact, seed)
        with kept_heap():
            layers, kept = _pass(analysis, plan, arrays, ops, keep, progress, before, python)
    finally:
        if not tracing:
            tracemalloc.stop()
    partial = len(layers) < analysis.totals.layers
    peak = Peak(
        max(live_bytes(analysis, plan).values(), default=0),
        None if partial else inference_peak(analysis),
        max((layer.peak_predicted for layer in layers), default=0),
        max((layer.peak_observed for layer in layers), default=0),
        max((layer.allowance for layer in layers), default=0),
    )
    rate = product_rate(analysis.settings.dtype)
    return Run(Verification(analysis, tuple(layers), peak, rate, partial), kept)


def outputs(
    analysis: Analysis, plan: Plan, arrays: Arrays, ops: NumPyOps, keep: frozenset[int]
) -> tuple[dict[int, Array], float]:
    """The volumes of `keep` after a bare pass, and the seconds that the kernels took."""
    layers, kept = _pass(analysis, plan, arrays, ops, keep, lambda number, step: None, 0, 0)
    return kept, sum(layer.seconds for layer in layers)


def inference_peak(analysis: Analysis) -> int:
    """What the memory room says of inference in an eager framework, to the byte."""
    return Account(inference(analysis), analysis.settings.batch).peak


#: Bytes that Python's own objects may take: the records, the array headers, small statistics.
_PYTHON, _A_LAYER = 2**16, 2**10

#: Numbers that NumPy's iterators may buffer by themselves, 8192 an operand.
_BUFFERED = 3 * 8192


def _pass(
    analysis: Analysis,
    plan: Plan,
    arrays: Arrays,
    ops: NumPyOps,
    keep: frozenset[int],
    progress: Progress,
    before: int,
    python: int,
) -> tuple[list[Observed], dict[int, Array]]:
    """The layers one after the other; `before` is what was allocated when the run began.

    `python` is the part of it that Python's own objects take: what they take more is no volume's.
    """
    steps, batch = analysis.network.steps, analysis.settings.batch
    volumes = dict(arrays.given)
    shapes: dict[int, Shape] = {i: x.shape for i, x in volumes.items()}
    live, overwritten = live_bytes(analysis, plan), last_overwritten(analysis, plan)
    kept = {i: volumes[i].copy() if i in overwritten else volumes[i] for i in keep if i in volumes}
    forward = half.forward if analysis.settings.dtype == "float16" else _forward
    buffers = _BUFFERED * analysis.settings.number_bytes
    allowance = _PYTHON + _A_LAYER * len(plan.steps) + buffers
    observed: list[Observed] = []
    copies = sum(kept[i].nbytes for i in kept if i in overwritten)
    for number, index in enumerate(plan.steps):
        step, row = steps[index], analysis.rows[index]
        layer = step.layer
        assert layer is not None, "only sized nets run"
        begun = tracemalloc.get_traced_memory()[0]
        progress(number, step)
        shown = tracemalloc.get_traced_memory()[0] - begun  # what a progress bar keeps
        before, python = before + shown, python + shown
        inputs = [volumes[i] for i in step.inputs]
        if step.like is not None:
            like = shapes.get(step.like) or (batch, *(steps[step.like].output or ()))
            inputs.append(shape_only(like, inputs[0].dtype))
        ops.in_place = row.in_place
        weights = arrays.weights.get(plan.owners[index], {})
        tracemalloc.reset_peak()
        start = perf_counter()
        output = forward(layer, ops, inputs, weights)
        seconds = perf_counter() - start
        workspace = ops.scratch.bytes
        expected = live[index] + workspace + copies
        seen = tracemalloc.get_traced_memory()[1] - before
        if abs(seen - expected) > allowance:
            grown = python_objects() - python
            before, python, seen = before + grown, python + grown, seen - grown
        ops.scratch.reset()
        volumes[index], shapes[index] = output, output.shape
        observed.append(
            Observed(
                row,
                tuple(output.shape[1:]),
                len(output),
                output.size // max(len(output), 1),
                finite(output),
                seconds,
                workspace,
                expected,
                seen,
                allowance,
                batch,
            )
        )
        if index in keep:
            stays = plan.last_reader[index] >= len(steps) and not overwritten.get(index, 0) > index
            kept[index] = output if stays else output.copy()
            if kept[index] is not output:
                copies += output.nbytes
        del inputs, output
        for source in {*step.inputs, index}:
            if plan.last_reader[source] <= index:
                del volumes[source]
    return observed, kept


def _forward(
    layer: Layer, ops: Ops, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> Array:
    return layer.forward(ops, inputs, weights)  # type: ignore[no-any-return]
