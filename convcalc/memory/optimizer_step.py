"""A step of the optimizer in a trace: the state it finds, and the tensors that the step makes."""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from convcalc.analysis.settings import Settings
from convcalc.memory import trace as kind_of
from convcalc.memory.optimizers import BY_NAME
from convcalc.memory.trace import NO_STEP, STEP, Trace

#: Every parameter's layer and bytes, in the width that the optimizer works in: layers in order.
Sizes = Callable[[], Iterable[tuple[int, int]]]


class OptimizerStep:
    """The optimizer of some settings, over parameters of some sizes."""

    def __init__(self, settings: Settings, sizes: Sizes) -> None:
        self.sizes = sizes
        self.record = BY_NAME[settings.optimizer]
        self.implementation = settings.optimizer_impl
        self.decays = settings.weight_decay > 0

    def settle(self, trace: Trace) -> None:
        """Make the state, as it is from the second step on."""
        record = self.record
        for step, size in self.sizes():
            if record.counter:
                trace.make(kind_of.STATE, step, 0, record.counter)
            for _ in range(record.state):
                trace.make(kind_of.STATE, step, 0, size)

    def step(self, trace: Trace) -> None:
        """Allocate what one step allocates."""
        trace.first_state = len(trace.events)
        if self.implementation == "foreach":
            self._all_at_once(trace)
        elif self.implementation == "loop":
            self._one_by_one(trace)
        else:
            trace.mark(STEP, NO_STEP)

    def _all_at_once(self, trace: Trace) -> None:
        """So many temporary tensors for every parameter; what is next made comes after them."""
        record = self.record
        for copies in record.foreach_decay if self.decays else record.foreach:
            first = len(trace.of)
            for _ in range(copies):
                for step, size in self.sizes():
                    trace.make(kind_of.SCRATCH, step, 0, size)
            if record.state_from_gradient:
                trace.first_state = len(trace.events)
            for tensor in range(first, len(trace.of)):
                trace.release(tensor)
        trace.mark(STEP, NO_STEP)

    def _one_by_one(self, trace: Trace) -> None:
        """Some temporary tensors of one parameter stay until the next one is done with its own."""
        record = self.record
        stages = record.loop_decay if self.decays else record.loop
        carried = stages[0][0] if stages else 0
        before: list[int] = []
        for step, sizes in groupby(self.sizes(), key=itemgetter(0)):
            for _, size in sizes:
                made: list[int] = []
                for previous, own in stages:
                    while len(before) > previous:
                        trace.release(before.pop())
                    made += [
                        trace.make(kind_of.SCRATCH, step, 0, size) for _ in range(own - len(made))
                    ]
                kept = len(made) - carried
                for gone in (*made[:kept][::-1][:1], *before, *made[:kept][::-1][1:]):
                    trace.release(gone)
                before = made[kept:]
            trace.mark(STEP, step)
        for gone in before:
            trace.release(gone)
        trace.mark(STEP, NO_STEP)
