"""What an optimizer keeps from step to step, and what a step of it allocates.

PyTorch's two ways of stepping: `foreach`, all parameters at once (its default on CUDA), and the
loop over them. Temporary tensors are those of torch.optim's sgd.py and adam.py (2.13).
"""

from convcalc.analysis.record import Settings
from convcalc.memory import trace as kind_of
from convcalc.memory.trace import NO_STEP, STEP, Trace

#: Tensors of a parameter's size that are kept for every parameter.
STATES = {"none": 0, "sgd": 0, "sgd-momentum": 1, "adam": 2, "adamw": 2}
#: Adam counts its steps for every parameter tensor, in a float32.
_COUNTER = 4


class Optimizer:
    """The optimizer of some settings."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.optimizer
        self.foreach = settings.foreach
        self.adaptive = self.name in {"adam", "adamw"}
        self.decays = settings.weight_decay > 0 and self.name not in {"none", "adamw"}
        """Adds the weights to their gradients in new tensors; adamw shrinks them in place."""

    def settle(self, trace: Trace, parameters: dict[int, list[int]]) -> None:
        """Make the state, as it is from the second step on."""
        made = []
        for step, tensors in parameters.items():
            for tensor in tensors:
                if self.adaptive:
                    made.append((kind_of.STATE, step, _COUNTER))
                made += [(kind_of.STATE, step, trace.once[tensor])] * STATES[self.name]
        trace.make_all(made)

    def step(self, trace: Trace, parameters: dict[int, list[int]]) -> None:
        """Allocate what one step allocates."""
        trace.first_state = len(trace.events)
        if self.foreach:
            self._all_at_once(trace, parameters)
        else:
            self._one_by_one(trace, parameters)

    def _all_at_once(self, trace: Trace, parameters: dict[int, list[int]]) -> None:
        """Gradients with decay, then (adam) the root of the second moment: one after the other."""
        for needed in (self.decays, self.adaptive):
            if not needed:
                continue
            made = [
                trace.make(kind_of.SCRATCH, step, 0, trace.once[tensor])
                for step, tensors in parameters.items()
                for tensor in tensors
            ]
            if not self.adaptive:  # momentum begins as a copy of the decayed gradients
                trace.first_state = len(trace.events)
            for tensor in made:
                trace.release(tensor)
        trace.mark(STEP, NO_STEP)

    def _one_by_one(self, trace: Trace, parameters: dict[int, list[int]]) -> None:
        """Adam's denominator stays until the next one is done, with the root on the way to it."""
        denominator = None
        for step, tensors in parameters.items():
            for tensor in tensors:
                size = trace.once[tensor]
                made = trace.make(kind_of.SCRATCH, step, 0, size) if self.decays else None
                if self.adaptive:
                    root = trace.make(kind_of.SCRATCH, step, 0, size)
                    quotient = trace.make(kind_of.SCRATCH, step, 0, size)
                    trace.release(root)
                    if denominator is not None:
                        trace.release(denominator)
                    denominator = quotient
                if made is not None:
                    trace.release(made)
            trace.mark(STEP, step)
        if denominator is not None:
            trace.release(denominator)
        trace.mark(STEP, NO_STEP)
