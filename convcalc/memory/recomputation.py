"""A checkpointed segment in the backward pass: its layers run again, saving this time."""

from convcalc.memory import trace as kind_of
from convcalc.memory.forward import Forward
from convcalc.memory.segments import Segment


class Recomputation:
    """One segment, from its forward pass to the last of its layers' backward passes.

    It stops early: at the last layer that saves something, and before that layer's output is made
    if all that it saves is there before.
    """

    def __init__(self, forward: Forward, segment: Segment) -> None:
        self.forward = forward
        self.segment = segment
        self.savers = frozenset(segment.savers)
        self.done = False

    def before(self, step: int, copied: int) -> None:
        """A layer's backward pass begins: the first that needs what it saved has it made again.

        `copied`: bytes of its gradient that autograd has copied by then, for one that overwrote a
        view.
        """
        if self.done or step not in self.savers:
            return
        self.done, trace = True, self.forward.trace
        copies = trace.make(kind_of.GRADIENT, step, copied) if copied else -1
        self._run()
        if copied:
            trace.release(copies)

    def after(self, step: int) -> None:
        """A layer's backward pass is done: the last that saved something lets the inputs go."""
        if step == self.segment.savers[0]:
            forward = self.forward
            forward.trace.drop(step, [forward.volumes[s] for s in self.segment.inputs])

    def _run(self) -> None:
        """Run the layers again from the segment's inputs, up to the last that saves."""
        forward, segment = self.forward, self.segment
        trace, layers = forward.trace, forward.layers
        volumes = {source: forward.volumes[source] for source in segment.inputs}
        for tensor in volumes.values():  # the call's own, and its readers'
            trace.references[tensor] += 1
        left: dict[int, int] = {}
        stop = segment.savers[-1]
        for step in range(segment.first, stop + 1):
            row, tensors = forward.rows[step], layers[step]
            assert tensors is not None, "inputs are in no segment"
            held = forward.held_until.get(step, ())
            for source in (*row.step.inputs, *held):
                if source < segment.first:
                    trace.references[volumes[source]] += 1
                else:
                    left[source] -= 1
            stops = step == stop and tensors.stops_early
            readers = forward.readers[step]
            tensor = forward.run_layer(
                step, row, volumes, readers, saves=step in self.savers, stops=stops
            )
            for source in held:
                trace.release(volumes[source])
            if tensor >= 0:
                trace.recomputed.append(step)
                volumes[step], left[step] = tensor, readers
        for step, count in left.items():
            for _ in range(count):
                trace.release(volumes[step])
        for source in segment.inputs:
            trace.release(volumes[source])
        forward.leave_autocast()
