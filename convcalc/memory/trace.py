"""The record of one run: every tensor, when it is made and when it goes.

Sizes grow with the batch, the order of events does not (but for batch 1, see `training`): one
trace answers every batch. A trace is made of plain lists of integers, for a run over 10,000 layers
makes some 200,000 events.
"""

from collections.abc import Iterable
from itertools import accumulate

from convcalc.layers.saved import Bytes

PARAMETER = "parameter"
BUFFER = "buffer"
STATE = "optimizer state"
INPUT = "input"
LABELS = "labels"
VOLUME = "output"
KEPT = "kept for backward"
SCRATCH = "scratch"
CAST = "copy in another width"
EMA = "moving average of a parameter"
MASTER = "float32 copy of a parameter"
SCALER = "gradient scaler"
BUCKET = "bucket of gradients"
GATHERED = "gathered parameters"
LOSS = "loss"
GRADIENT = "gradient of the output"
PARAMETER_GRADIENT = "gradient of a parameter"

FORWARD = "forward"
BACKWARD = "backward"
STEP = "step"

#: Stands for no layer: the loss, or all layers at once.
NO_STEP = -1


#: The end of one layer's part of a phase: the phase, the layer's position in the network (or
#: `NO_STEP`), how many events have happened by then. A plain tuple: there are two a layer.
Mark = tuple[str, int, int]

#: A layer keeps a tensor: the tensor, the layer (`NO_STEP` for the loss), the events by then.
Keep = tuple[int, int, int]


class Trace:
    """Tensors and events of a run; what makes the run calls `make`, `share` and `release`."""

    def __init__(self) -> None:
        self.each: list[int] = []
        """For every tensor: bytes for each image of the batch."""
        self.once: list[int] = []
        """For every tensor: bytes whatever the batch."""
        self.roles: list[str] = []
        self.steps: list[int] = []
        """For every tensor: the layer it belongs to."""
        self.references: list[int] = []
        self.events: list[int] = []
        """Tensor t is made: t; it goes: ~t."""
        self.marks: list[Mark] = []
        self.kept: list[Keep] = []
        self.dropped: dict[int, int] = {}
        """By layer the events when it lets go of what it kept."""
        self.begin = 0
        """Events before the run: what it finds already there, and what stays."""
        self.first_state = 0
        """Events before the optimizer makes its state, in the very first step."""
        self.end_forward = 0
        """Events when the forward pass is done, the loss included."""
        self.end_backward = 0
        """Events when the backward pass is done."""
        self.segments: tuple[tuple[int, int], ...] = ()
        """First and last layer of every checkpointed segment."""
        self.recomputed: list[int] = []
        """Layers that were run again in the backward pass."""
        self.not_base = 0
        """Bytes of gradients of earlier micro-batches among what is there before the run."""

    def make(self, role: str, step: int, each: int, once: int = 0, references: int = 1) -> int:
        """A new tensor, by its number; it goes when its last reference is released."""
        tensor = len(self.each)
        self.each.append(each)
        self.once.append(once)
        self.roles.append(role)
        self.steps.append(step)
        self.references.append(references)
        self.events.append(tensor)
        return tensor

    def make_all(self, made: list[tuple[str, int, int]]) -> None:
        """New tensors with one reference each, of a role, a layer and a size whatever the batch."""
        if not made:
            return
        roles, steps, sizes = zip(*made, strict=True)
        first, count = len(self.each), len(made)
        self.each.extend([0] * count)
        self.once.extend(sizes)
        self.roles.extend(roles)
        self.steps.extend(steps)
        self.references.extend([1] * count)
        self.events.extend(range(first, first + count))

    def release(self, tensor: int) -> None:
        """One reference less; the tensor goes with the last one."""
        left = self.references[tensor] = self.references[tensor] - 1
        if not left:
            self.events.append(~tensor)

    def pass_through(self, step: int, size: Bytes) -> None:
        """A tensor that is made and goes at once."""
        if size.each or size.once:
            self.release(self.make(SCRATCH, step, size.each, size.once))

    def keep(self, tensor: int, step: int) -> None:
        """A layer keeps a tensor for its backward pass."""
        self.references[tensor] += 1
        self.kept.append((tensor, step, len(self.events)))

    def make_kept(self, step: int, size: Bytes) -> int:
        """A new tensor that a layer makes in order to keep it, by its number."""
        tensor = self.make(KEPT, step, *size)
        self.kept.append((tensor, step, len(self.events)))
        return tensor

    def drop(self, step: int, tensors: Iterable[int]) -> None:
        """A layer lets go of what it kept."""
        self.dropped[step] = len(self.events)
        for tensor in tensors:
            self.release(tensor)

    def mark(self, phase: str, step: int) -> None:
        """The layer's part of the phase ends here."""
        self.marks.append((phase, step, len(self.events)))

    def leftovers(self) -> list[int]:
        """Tensors that the run leaves behind: scores, losses, gradients of parameters."""
        made = range(self.begin, len(self.references))  # until then no tensor has gone
        return [tensor for tensor in made if self.references[tensor]]

    def mark_again(self) -> None:
        """What has happened since the last mark belongs to it too."""
        phase, step, _ = self.marks[-1]
        self.marks[-1] = (phase, step, len(self.events))

    def sizes(self, batch: int) -> list[int]:
        """Bytes of every tensor."""
        return [each * batch + once for each, once in zip(self.each, self.once, strict=True)]

    def live(self, batch: int) -> list[int]:
        """Bytes alive after every event."""
        sizes = self.sizes(batch)
        signed = sizes + [-size for size in reversed(sizes)]  # ~t is an index from the end
        return list(accumulate(map(signed.__getitem__, self.events)))
