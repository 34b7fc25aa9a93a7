"""Cross-entropy of every output: what its forward and its backward pass make and save."""

from convcalc.layers.saved import Bytes
from convcalc.memory import trace as kind_of
from convcalc.memory.backward import Backward
from convcalc.memory.forward import Forward
from convcalc.memory.precisions import FULL, HALF
from convcalc.memory.trace import BACKWARD, FORWARD, NO_STEP
from convcalc.records import NamedTuple

#: Bytes of a loss that is scaled: float32.
_SCALAR = 4


class _Kept(NamedTuple):
    """What the loss of one output saves: its own, and of the likelihood's part."""

    probabilities: int
    likelihood: tuple[int, ...]


class Loss:
    """The loss after a forward pass; `scaled` by a gradient scaler, `divided` by micro-batches."""

    def __init__(self, forward: Forward, scaled: bool, divided: bool) -> None:
        self.forward = forward
        self.scaled = scaled
        self.divided = divided
        self.mixed = bool(forward.table.mode.autocast)
        self._kept: list[_Kept | None] = []
        self._scaled_losses: list[int] = []

    def run(self) -> None:
        """Log-probabilities (a full copy of them where they are half under autocast), the loss and
        the total weight; then autocast is left.
        """
        forward, trace, table = self.forward, self.forward.trace, self.forward.table
        width = FULL if self.mixed else table.number
        for output in forward.outputs:
            size = table.size_of(output)
            if not forward.tracked[output]:  # made of the images alone: nothing is kept
                passing = 3 * size if self._narrow(output) else size
                trace.make(kind_of.LOSS, NO_STEP, 0, width)
                trace.pass_through(NO_STEP, Bytes(passing, width))
                self._kept.append(None)
                continue
            probabilities = trace.make_kept(NO_STEP, Bytes(size))
            likelihood = []
            if self._narrow(output):
                likelihood.append(trace.make_kept(NO_STEP, Bytes(2 * size)))
            trace.make(kind_of.LOSS, NO_STEP, 0, width)
            likelihood.append(trace.make_kept(NO_STEP, Bytes(once=width)))
            self._kept.append(_Kept(probabilities, tuple(likelihood)))
        forward.leave_autocast()
        if self.divided:
            trace.pass_through(NO_STEP, Bytes(once=len(self._kept) * width))
        trace.mark(FORWARD, NO_STEP)

    def start(self, backward: Backward) -> list[int]:
        """The losses' backward pass, which makes the gradients of the outputs; gives the roots, one
        for each loss that has a backward pass, as `torch.autograd.backward` of their list makes.
        """
        forward, trace, table = self.forward, self.forward.trace, self.forward.table
        learning = [number for number, kept in enumerate(self._kept) if kept]
        if self.scaled:
            self._scaled_losses = [trace.make(kind_of.LOSS, NO_STEP, 0, _SCALAR) for _ in learning]
        width = FULL if self.mixed else table.number
        roots = [trace.make(kind_of.GRADIENT, NO_STEP, 0, width) for _ in learning]
        own: dict[int, int] = {}
        for applies, size in ((self.scaled, _SCALAR), (self.divided, width)):
            for number in reversed(learning) if applies else ():
                passing, own[number] = (
                    own.get(number),
                    trace.make(kind_of.GRADIENT, NO_STEP, 0, size),
                )
                if passing is not None:
                    trace.release(passing)
        for number in reversed(learning):
            output, kept = forward.outputs[number], self._kept[number]
            assert kept
            size, narrow = table.size_of(output), self._narrow(output)
            before = trace.make(kind_of.SCRATCH, NO_STEP, 2 * size if narrow else size)
            if number in own:
                trace.release(own[number])
            trace.drop(NO_STEP, kept.likelihood)
            if narrow:
                cast = trace.make(kind_of.SCRATCH, NO_STEP, size)
                trace.release(before)
                before = cast
            gradient = trace.make(kind_of.GRADIENT, output, size)
            trace.release(before)
            trace.drop(NO_STEP, (kept.probabilities,))
            if backward.hand(output, gradient):
                trace.release(gradient)
        trace.mark(BACKWARD, NO_STEP)
        return roots

    def end(self, roots: list[int]) -> None:
        """After the backward pass its roots go, and the scaled losses."""
        for tensor in (*roots, *self._scaled_losses):
            self.forward.trace.release(tensor)

    def _narrow(self, output: int) -> bool:
        """Whether an output's log-probabilities are half, and copied for the likelihood."""
        return self.mixed and self.forward.table.widths[output] == HALF
