"""What comes after the backward pass, and what is there for it throughout.

Unscaling, clipping, the optimizer's step; a float32 copy of the parameters (bf16-master), a moving
average of them, the gradient scaler's own numbers.
"""

from convcalc.analysis.settings import Settings
from convcalc.layers.saved import Bytes
from convcalc.memory import trace as kind_of
from convcalc.memory.optimizer_step import OptimizerStep
from convcalc.memory.parallel import own_tensors
from convcalc.memory.precisions import FULL, HALF, PrecisionMode
from convcalc.memory.trace import NO_STEP, STEP, Trace

#: The scaler's scale and its growth counter, float32 and int32.
_SCALER = 8
#: Unscaling: found_inf and the inverse scale, a copy of both for the kernels; found_inf stays.
_UNSCALING, _FOUND_INF = 12, 4

#: By layer the tensors of its parameters, or their gradients.
Tensors = dict[int, list[int]]


class Update:
    """The update of the parameters that learn."""

    def __init__(
        self, settings: Settings, mode: PrecisionMode, trace: Trace, learning: Tensors
    ) -> None:
        self.settings = settings
        self.mode = mode
        self.trace = trace
        self.learning = learning
        wider = FULL // HALF if mode.master else 1
        own = own_tensors(settings, trace, learning)
        self.optimizer = OptimizerStep(
            settings,
            {step: [wider * trace.once[t] for t in tensors] for step, tensors in own.items()},
        )

    def settle(self) -> None:
        """Make what is there throughout."""
        trace, made = self.trace, list[tuple[str, int, int]]()
        for step, tensors in self.learning.items():
            for tensor in tensors:
                if self.settings.ema:
                    made.append((kind_of.EMA, step, trace.once[tensor]))
                if self.mode.master:
                    made.append((kind_of.MASTER, step, FULL // HALF * trace.once[tensor]))
        if self.mode.scaler:
            made.append((kind_of.SCALER, NO_STEP, _SCALER))
        trace.make_all(made)
        self.optimizer.settle(trace)

    def step(self, gradients: Tensors) -> None:
        """All of one step."""
        trace = self.trace
        found_inf = -1
        if self.mode.scaler:
            found_inf = trace.make(kind_of.SCRATCH, NO_STEP, 0, _FOUND_INF)
            trace.pass_through(NO_STEP, Bytes(once=_UNSCALING))
        if self.mode.master:
            gradients = self._widened(gradients)
        if self.settings.clip_grad == "norm":
            sizes = [trace.once[t] for tensors in gradients.values() for t in tensors]
            width = FULL if self.mode.master else self.settings.number_bytes
            trace.pass_through(NO_STEP, Bytes(once=(2 * len(sizes) + 1) * width))
        if found_inf >= 0 or self.mode.master or self.settings.clip_grad:
            trace.mark(STEP, NO_STEP)
        self.optimizer.step(trace)
        if found_inf >= 0:
            trace.release(found_inf)

    def _widened(self, gradients: Tensors) -> Tensors:
        """Full copies of half gradients, one after the other; each half one goes."""
        trace, found = self.trace, Tensors()
        for step, tensors in gradients.items():
            found[step] = []
            for tensor in tensors:
                size = FULL // HALF * trace.once[tensor]
                found[step].append(trace.make(kind_of.PARAMETER_GRADIENT, step, 0, size))
                trace.release(tensor)
        return found
