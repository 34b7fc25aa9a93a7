"""A step of training: forward pass, cross-entropy, backward pass, optimizer.

The loop that is meant: ``zero_grad(set_to_none=True)``, forward, loss, ``backward()``, ``step()``,
in the steady state (optimizer state exists). The backward pass is the forward pass in reverse.
"""

from convcalc.analysis.record import Analysis
from convcalc.layers.saved import NO_BYTES, Bytes, Gradient, Saved
from convcalc.memory import trace as kind_of
from convcalc.memory.forward import Forward
from convcalc.memory.optimizer_step import OptimizerStep
from convcalc.memory.trace import BACKWARD, FORWARD, NO_STEP, Trace
from convcalc.shapes import elements

#: Bytes of a class label (int64).
_LABEL = 8


class _Gradient:
    """The gradient of one layer's output while it waits for that layer."""

    __slots__ = ("dense", "tensor")

    def __init__(self, tensor: int, dense: bool) -> None:
        self.tensor = tensor
        self.dense = dense
        """Not a slice of a wider tensor: may be added to in place."""


class Training(Forward):
    """One step of training; `single` says that the batch is 1, where slices are dense."""

    def __init__(self, analysis: Analysis, single: bool) -> None:
        super().__init__(analysis, training=True)
        self.single = single
        self.optimizer = OptimizerStep(analysis.settings)
        self.gradients: list[_Gradient | None] = [None] * len(self.rows)
        self.learned: dict[int, list[int]] = {}
        """By layer the gradients of its parameters."""

    def whole(self) -> Trace:
        """The trace of the step."""
        trace = self.trace
        self.settle()
        for output in self.outputs:
            positions = elements((self.rows[output].step.output or ())[:-1])
            trace.make(kind_of.LABELS, output, positions * _LABEL)
        learning = self._learning()
        self.optimizer.settle(trace, learning)
        self.run()
        scores = self._lose()
        self._start_backward(scores)
        for step in range(len(self.rows) - 1, -1, -1):
            if self.tracked[step] and self.gradients[step] is not None:
                self._back(step)
        trace.release(self.root)
        trace.mark_again()
        self.optimizer.step(trace, learning)
        return trace

    def _learning(self) -> dict[int, list[int]]:
        """The parameters that get a gradient: those of layers that lead nowhere get none."""
        tracked = {self.network.owner(step) for step, leads in enumerate(self.tracked) if leads}
        return {step: made for step, made in self.parameters.items() if step in tracked}

    def _lose(self) -> list[int]:
        """Cross-entropy of every output: its log-probabilities, the loss and the total weight."""
        trace, width = self.trace, self.width
        kept = []
        for output in self.outputs:
            size = self.size_of(output)
            kept.append(trace.make_kept(NO_STEP, Bytes(size)))
            trace.make(kind_of.LOSS, NO_STEP, 0, width)
            kept.append(trace.make_kept(NO_STEP, Bytes(once=width)))
        trace.mark(FORWARD, NO_STEP)
        return kept

    def _start_backward(self, kept: list[int]) -> None:
        """The loss's own backward pass, which makes the gradients of the outputs."""
        trace, width = self.trace, self.width
        self.root = trace.make(kind_of.GRADIENT, NO_STEP, 0, width)
        for number in range(len(self.outputs) - 1, -1, -1):
            output = self.outputs[number]
            size = self.size_of(output)
            probabilities, weight = kept[2 * number : 2 * number + 2]
            before = trace.make(kind_of.SCRATCH, NO_STEP, size)
            trace.drop(NO_STEP, (weight,))
            gradient = trace.make(kind_of.GRADIENT, output, size)
            trace.release(before)
            trace.drop(NO_STEP, (probabilities,))
            if self.tracked[output]:
                self._hand(output, gradient, dense=True)
            else:
                trace.release(gradient)
        trace.mark(BACKWARD, NO_STEP)

    def _back(self, step: int) -> None:
        """The backward pass of one layer.

        The gradients of its inputs and parameters are made while its output's gradient and all
        that is kept live; then those two go; then each input gradient is handed to its maker.
        """
        trace, saved = self.trace, self.saved[step]
        gradient = self.gradients[step]
        assert gradient is not None and saved is not None, "it was handed a gradient"
        handed = self._input_gradients(step, gradient, saved)
        self._parameter_gradients(self.network.owner(step))
        if saved.backward is not NO_BYTES:
            trace.pass_through(step, saved.backward)
        trace.release(gradient.tensor)
        trace.drop(step, self._kept(step, saved))
        for source, tensor, dense in handed:
            self._hand(source, tensor, dense)
        trace.mark(BACKWARD, step)

    def _input_gradients(
        self, step: int, gradient: _Gradient, saved: Saved
    ) -> list[tuple[int, int, bool]]:
        """For each input that wants a gradient: the input, the tensor, whether it is dense."""
        trace, sources = self.trace, self.rows[step].step.inputs
        found = []
        for source in sources:
            if not self.tracked[source]:
                continue
            if saved.gradient is Gradient.NEW:
                size = self.size_of(source)
                found.append((source, trace.make(kind_of.GRADIENT, source, size), True))
                continue
            trace.references[gradient.tensor] += 1
            sliced = saved.gradient is Gradient.SLICES and len(sources) > 1 and not self.single
            found.append((source, gradient.tensor, gradient.dense and not sliced))
        return found

    def _parameter_gradients(self, owner: int) -> None:
        """The gradients of a layer's parameters; of shared ones the later are added and go."""
        trace = self.trace
        sizes = [trace.once[tensor] for tensor in self.parameters.get(owner, ())]
        if not sizes:
            return
        made = [trace.make(kind_of.PARAMETER_GRADIENT, owner, 0, size) for size in sizes]
        if owner in self.learned:
            for tensor in made:
                trace.release(tensor)
        else:
            self.learned[owner] = made

    def _kept(self, step: int, saved: Saved) -> list[int]:
        """What the layer kept; of an input that it overwrote, a copy."""
        row = self.rows[step]
        found = [
            self.volumes[row.step.inputs[position]]
            for position in saved.inputs
            if position or not row.in_place
        ]
        if saved.output:
            found.append(self.volumes[step])
        return found + self.own[step] if step in self.own else found

    def _hand(self, step: int, tensor: int, dense: bool) -> None:
        """Give a layer a gradient of its output; the second and later ones are added up.

        In place where the waiting one is dense and nobody else refers to it, else in a new tensor.
        """
        trace, waiting = self.trace, self.gradients[step]
        if waiting is None:
            self.gradients[step] = _Gradient(tensor, dense)
            return
        if not waiting.dense or trace.references[waiting.tensor] > 1:
            total = trace.make(kind_of.GRADIENT, step, self.size_of(step))
            trace.release(waiting.tensor)
            waiting.tensor, waiting.dense = total, True
        trace.release(tensor)


def training(analysis: Analysis, batch: int) -> Trace:
    """The trace of one step of training; it holds for every batch above 1, or for 1 alone."""
    return Training(analysis, batch == 1).whole()
