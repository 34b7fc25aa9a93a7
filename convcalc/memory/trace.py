"""The record of one run: every tensor, when it is made and when it goes.

Sizes grow with the batch, the order of events does not (but for batch 1, see `training`): one
trace answers every batch. A trace is made of plain lists of integers, for a run over 10,000 layers
makes some 200,000 events.
"""

from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from itertools import accumulate

from convcalc.layers.saved import Bytes
from convcalc.memory.alike import AlikeColumns, Tensor
from convcalc.memory.columns import LONG, Column, Wide, column

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

#: No layer: the loss, or all layers at once.
NO_STEP = -1


#: The end of one layer's part of a phase: the phase, the layer's position in the network (or
#: `NO_STEP`), how many events have happened by then. A plain tuple: there are two a layer.
Mark = tuple[str, int, int]

#: A layer keeps a tensor: the tensor, the layer (`NO_STEP` for the loss), the events by then.
Keep = tuple[int, int, int]


PHASES = (FORWARD, BACKWARD, STEP)

#: What an array of 8 bytes a number holds.
_LARGEST = 2**62
#: What an allocator adds to a size at most.
_SEGMENT = 20 << 20
#: Records that are looked among for an equal one: those of a very long net may all differ.
_MOST_KNOWN = 8192


class Trace:
    """Tensors and events of a run; what makes the run calls `make`, `share` and `release`."""

    def __init__(self, layers: int = 0) -> None:
        self.layers = layers
        self.alike: list[Tensor] | AlikeColumns = [] if layers < LONG else AlikeColumns()
        self._numbers: dict[tuple[str, int, int], int] = {}
        """Of those in `alike` their positions."""
        self.of = column(layers)
        """For every tensor its position in `alike`."""
        self.steps = column(layers)
        """For every tensor: the layer it belongs to."""
        self.references = column(layers)
        self.events = column(layers)
        """Tensor t is made: t; it goes: ~t."""
        self._marks = bytearray(), column(layers), column(layers)
        self._kept = column(layers), column(layers), column(layers)
        self._dropped = column(layers, layers + 1)
        """By layer the events when it lets go of what it kept; the loss's is the last."""
        self._left = column(0)
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
        self.alone = False
        """A batch of 1 differs: some gradient is a slice, or summed, which would not be in it."""
        self.not_base = 0
        """Bytes of gradients of earlier micro-batches among what is there before the run."""

    def make(self, role: str, step: int, each: int, once: int = 0, references: int = 1) -> int:
        """A new tensor, by its number; it goes when its last reference is released."""
        key = (role, each, once)
        like = self._numbers.get(key)
        if like is None:
            like = self._new(key)
        tensor = len(self.of)
        self.of.append(like)
        self.steps.append(step)
        self.references.append(references)
        self.events.append(tensor)
        return tensor

    def make_in_a_row(self, role: str, step: int, sizes: Iterable[int]) -> range:
        """New tensors of a layer, of sizes whatever the batch."""
        first = len(self.of)
        for size in sizes:
            self.make(role, step, 0, size)
        return range(first, len(self.of))

    def _new(self, key: tuple[str, int, int]) -> int:
        """The first tensor of its like."""
        if len(self._numbers) >= _MOST_KNOWN:
            self._numbers.clear()
        self._numbers[like := Tensor(*key)] = len(self.alike)
        self.alike.append(like)
        return len(self.alike) - 1

    def once(self, tensor: int) -> int:
        """Bytes of a tensor whatever the batch."""
        return self.alike[self.of[tensor]].once

    def role(self, tensor: int) -> str:
        """What a tensor is."""
        return self.alike[self.of[tensor]].role

    @property
    def roles(self) -> Iterator[str]:
        """What every tensor is."""
        return (self.alike[like].role for like in self.of)

    @property
    def marks(self) -> Iterator[Mark]:
        """The ends of all layers' parts, in the order of the run."""
        return zip(map(PHASES.__getitem__, self._marks[0]), *self._marks[1:], strict=True)

    @property
    def ends(self) -> Column:
        """The events by the end of every layer's part."""
        return self._marks[2]

    @property
    def kept(self) -> Iterator[Keep]:
        """What layers keep, in the order of the run."""
        return zip(*self._kept, strict=True)

    def dropped(self, step: int) -> int:
        """The events when a layer lets go of what it kept; 0 where it does not."""
        return self._dropped[step]

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
        self._keep(tensor, step)

    def make_kept(self, step: int, size: Bytes) -> int:
        """A new tensor that a layer makes in order to keep it, by its number."""
        tensor = self.make(KEPT, step, *size)
        self._keep(tensor, step)
        return tensor

    def _keep(self, tensor: int, step: int) -> None:
        tensors, steps, events = self._kept
        tensors.append(tensor)
        steps.append(step)
        events.append(len(self.events))

    @property
    def keeps(self) -> int:
        """How often a tensor was kept so far."""
        return len(self._kept[0])

    def kept_between(self, first: int, last: int) -> Column:
        """The tensors that were kept when so many had been, up to so many."""
        return self._kept[0][first:last]

    def drop(self, step: int, tensors: Iterable[int]) -> None:
        """A layer lets go of what it kept."""
        references, events = self.references, self.events
        self._dropped[step] = len(events)
        for tensor in tensors:
            left = references[tensor] = references[tensor] - 1
            if not left:
                events.append(~tensor)

    def mark(self, phase: str, step: int) -> None:
        """The layer's part of the phase ends here."""
        phases, steps, ends = self._marks
        phases.append(PHASES.index(phase))
        steps.append(step)
        ends.append(len(self.events))

    def leftovers(self) -> Column:
        """Tensors that the run leaves behind: scores and losses, then gradients of parameters.

        Both by layer; sorted by counting, for of a long net they are many.
        """
        if self._left:
            return self._left
        late = [like.role == PARAMETER_GRADIENT for like in self.alike]
        made = range(self.begin, len(self.references))  # until then no tensor has gone
        room = self.layers + 1
        begins = column(self.layers, 2 * room + 1)
        for tensor in made:
            if self.references[tensor]:
                begins[late[self.of[tensor]] * room + self.steps[tensor] + 2] += 1
        for place in range(2 * room):
            begins[place + 1] += begins[place]
        self._left = column(self.layers, begins[-1])
        for tensor in made:
            if self.references[tensor]:
                place = late[self.of[tensor]] * room + self.steps[tensor] + 1
                self._left[begins[place]] = tensor
                begins[place] += 1
        return self._left

    def renumber(self, origin: Column) -> None:
        """Steps that were parts of one layer count as that layer from here on."""
        layers = self.layers = max(origin, default=NO_STEP) + 1
        origin = [*origin, NO_STEP]  # the last is also the one before the first
        phases, steps, ends = self._marks
        self._marks, last = (bytearray(), column(layers), column(layers)), (-1, NO_STEP)
        for phase, step, end in zip(phases, steps, ends, strict=True):
            if step >= 0 and last == (phase, origin[step]):
                self._marks[2][-1] = end
                continue
            last = phase, origin[step]
            for own, value in zip(self._marks, (*last, end), strict=True):
                own.append(value)
        before, self._dropped = self._dropped, column(layers, layers + 1)
        for step, events in zip(origin, before, strict=True):
            self._dropped[step] = max(self._dropped[step], events)
        for own in (self._kept[1], self.steps):
            for place, step in enumerate(own):
                own[place] = origin[step]
        self.recomputed = [*dict.fromkeys(origin[step] for step in self.recomputed)]
        self.segments = tuple((origin[first], origin[last]) for first, last in self.segments)

    def mark_again(self) -> None:
        """What has happened since the last mark belongs to it too."""
        self._marks[2][-1] = len(self.events)

    def sizes(self, batch: int) -> Sequence[int]:
        """Bytes of every tensor of each of `alike`."""
        return self.of_alike(each * batch + once for _, each, once in self.alike)

    def of_alike(self, numbers: Iterable[int]) -> Sequence[int]:
        """A number for each of `alike`: of a long net they are many."""
        if self.layers < LONG:
            return [*numbers]
        found = Wide()
        for number in numbers:
            found.append(number)
        return found.numbers

    def changes(self, sizes: Sequence[int]) -> Iterator[int]:
        """What every event adds to a sum for which a tensor counts what its like does."""
        of, fewer = self.of, self.of_alike(-size for size in sizes)
        return (sizes[of[e]] if e >= 0 else fewer[of[~e]] for e in self.events)

    def live(self, batch: int) -> Sequence[int]:
        """Bytes alive after every event."""
        sizes = self.sizes(batch)
        live = self.wide_columns(max(sizes, default=0))()
        live.extend(accumulate(self.changes(sizes)))
        return live

    def wide_columns(self, largest: int) -> Callable[[], MutableSequence[int]]:
        """Makes columns for sums of as many sizes as there are tensors, none above the largest."""
        if self.layers < LONG or (largest + _SEGMENT) * len(self.of) >= _LARGEST:
            return list
        from array import array

        return lambda: array("q")
