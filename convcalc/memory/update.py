"""What comes after the backward pass, and what is there for it throughout.

Unscaling, clipping, the optimizer's step; a float32 copy of the parameters (bf16-master), a moving
average of them, the gradient scaler's own numbers.
"""

from collections.abc import Iterator
from functools import partial

from convcalc.analysis.settings import Settings
from convcalc.layers.saved import Bytes
from convcalc.memory import trace as kind_of
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.optimizer_step import OptimizerStep
from convcalc.memory.parallel import own_tensors
from convcalc.memory.precisions import FULL, HALF, PrecisionMode
from convcalc.memory.trace import NO_STEP, STEP, Trace

#: The scaler's scale and its growth counter, float32 and int32.
_SCALER = 8
#: Unscaling: found_inf and the inverse scale, a copy of both for the kernels; found_inf stays.
_UNSCALING, _FOUND_INF = 12, 4


class Update:
    """The update of the parameters that learn."""

    def __init__(
        self, settings: Settings, mode: PrecisionMode, trace: Trace, learning: ByLayer
    ) -> None:
        self.settings = settings
        self.mode = mode
        self.trace = trace
        self.learning = learning
        wider = FULL // HALF if mode.master else 1
        own = own_tensors(settings, trace, learning, wider)
        # a method of its own would hold this, and the trace, until a collector runs
        sizes = partial(_sizes, trace, learning, own, wider)
        self.optimizer = OptimizerStep(settings, sizes)

    def settle(self) -> None:
        """Make what is there throughout."""
        trace = self.trace
        if self.settings.ema or self.mode.master:
            for step, tensor in self.learning.pairs():
                if self.settings.ema:
                    trace.make(kind_of.EMA, step, 0, trace.once(tensor))
                if self.mode.master:
                    trace.make(kind_of.MASTER, step, 0, FULL // HALF * trace.once(tensor))
        if self.mode.scaler:
            trace.make(kind_of.SCALER, NO_STEP, 0, _SCALER)
        self.optimizer.settle(trace)

    def step(self, gradients: ByLayer) -> None:
        """All of one step."""
        trace = self.trace
        found_inf = -1
        if self.mode.scaler:
            found_inf = trace.make(kind_of.SCRATCH, NO_STEP, 0, _FOUND_INF)
            trace.pass_through(NO_STEP, Bytes(once=_UNSCALING))
        if self.mode.master:
            self._widen(gradients)
        if self.settings.clip_grad == "norm":
            tensors = sum(len(gradients[step]) for step in gradients)
            width = FULL if self.mode.master else self.settings.number_bytes
            trace.pass_through(NO_STEP, Bytes(once=_clipping(tensors) * width))
        if found_inf >= 0 or self.mode.master or self.settings.clip_grad:
            trace.mark(STEP, NO_STEP)
        self.optimizer.step(trace)
        if found_inf >= 0:
            trace.release(found_inf)

    def _widen(self, gradients: ByLayer) -> None:
        """Full copies of half gradients, one after the other; each half one goes."""
        trace = self.trace
        for step in self.learning:  # in the order of the layers, not of the backward pass
            for tensor in gradients[step]:
                trace.make(kind_of.PARAMETER_GRADIENT, step, 0, FULL // HALF * trace.once(tensor))
                trace.release(tensor)


def _clipping(tensors: int) -> int:
    """Numbers that `clip_grad_norm_` makes: a norm of each tensor, their stack, its norm;
    then that norm, it with 1e-6 more, the inverse of this, the coefficient.
    """
    return max(2 * tensors + 1, 4) if tensors else 1


def _sizes(
    trace: Trace, learning: ByLayer, own: frozenset[int] | None, wider: int
) -> Iterator[tuple[int, int]]:
    """What the optimizer of this rank works on: layers, and bytes in its own width."""
    for step, tensor in learning.pairs():
        if own is None or tensor in own:
            yield step, wider * trace.once(tensor)
