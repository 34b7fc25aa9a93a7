"""What a run comes to for a batch: its peak, where that is, and what it is made of."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, compress, islice, repeat

from convcalc.memory import trace as kind_of
from convcalc.memory.columns import Column, column
from convcalc.memory.trace import Trace
from convcalc.records import NamedTuple


class Breakdown(NamedTuple):
    """Bytes alive at a peak; they add up to it."""

    parameters: int = 0
    gradients: int = 0
    """Of parameters, those that exist by then."""
    optimizer_state: int = 0
    saved_activations: int = 0
    """Volumes, indices, masks and statistics that some layer keeps for its backward pass."""
    transient: int = 0
    """All else: volumes and gradients on their way, scratch, scores, labels, losses."""
    input: int = 0
    buffers: int = 0
    ema: int = 0
    """A moving average of the parameters."""


class Moment(NamedTuple):
    """The highest number of live bytes in one layer's part of a phase."""

    phase: str
    step: int
    """The layer's position in the network, or `NO_STEP`: the loss, or all layers at once."""
    live: int


class Alive(NamedTuple):
    """A tensor that is alive at a peak."""

    role: str
    step: int
    """The layer it belongs to, or `NO_STEP` for the loss."""
    bytes: int
    keepers: tuple[int, ...]
    """The layers that keep it for their backward pass."""


#: Which part of `Breakdown` a role counts in; others are saved activations or transient.
FIELDS = {
    kind_of.PARAMETER: "parameters",
    kind_of.PARAMETER_GRADIENT: "gradients",
    kind_of.STATE: "optimizer_state",
    kind_of.INPUT: "input",
    kind_of.BUFFER: "buffers",
    kind_of.BUCKET: "gradients",
    kind_of.MASTER: "optimizer_state",
    kind_of.SCALER: "optimizer_state",
    kind_of.EMA: "ema",
}


#: Whether a tensor is alive, and whether some layer keeps it.
_ALIVE, _KEPT = 1, 2

#: Events that are weighed at a time.
_AT_ONCE = 4096

#: A number of events that no run has.
_NEVER = 2**62


class Account:
    """A trace weighed for one batch."""

    def __init__(self, trace: Trace, batch: int) -> None:
        self.trace = trace
        self.batch = batch
        self.peak = 0
        self._peak_event = 0
        """The first event after which so much is alive."""
        self._highest = trace.wide_columns(max(trace.sizes(batch), default=0))()
        """For every mark the highest number of live bytes."""
        self._alive = dict.fromkeys(sorted((trace.begin, trace.end_forward, trace.end_backward)), 0)
        """By number of events the bytes alive after them."""
        self._weigh()
        self._totals: dict[str, int] = {}

    def _weigh(self) -> None:
        """Go through the events once, some at a time: of a long net there are millions."""
        trace = self.trace
        live = accumulate(trace.changes(trace.sizes(self.batch)))
        awaited = iter(self._alive)
        last, start, asked = 0, 0, next(awaited)
        for end in chain((trace.begin,), trace.ends, (len(trace.events),)):
            highest = last
            for first in range(start, end, _AT_ONCE):
                some = [*islice(live, min(_AT_ONCE, end - first))]
                most, last = max(some), some[-1]
                if most > self.peak:
                    self.peak, self._peak_event = most, first + some.index(most)
                while asked <= first + len(some):
                    if asked > first:
                        self._alive[asked] = some[asked - first - 1]
                    asked = next(awaited, _NEVER)
                highest = max(highest, most)
            self._highest.append(highest)
            start = end
        del self._highest[0], self._highest[-1]  # before the run, and after it

    @property
    def resident(self) -> int:
        """Bytes alive throughout: parameters, buffers, optimizer state, images, labels."""
        return self._alive[self.trace.begin]

    @property
    def at(self) -> Moment:
        """The first layer and phase in which the peak is reached."""
        for phase, step, end in self.trace.marks:  # noqa: B007 (the last one, if none is later)
            if end > self._peak_event:
                break
        return Moment(phase, step, self.peak)

    def timeline(self) -> list[Moment]:
        """The highest live bytes layer by layer, in the order of the run."""
        return [Moment(*moment) for moment in self._moments()]

    def _moments(self) -> Iterator[tuple[str, int, int]]:
        """The moments of the timeline one by one."""
        for (phase, step, _), live in zip(self.trace.marks, self._highest, strict=True):
            yield phase, step, live

    @property
    def base(self) -> int:
        """Bytes alive before the forward pass of the first micro-batch."""
        return self.resident - self.trace.not_base

    @property
    def end_forward(self) -> int:
        """Bytes alive when the forward pass is done, the loss included."""
        return self._alive[self.trace.end_forward]

    @property
    def end_backward(self) -> int:
        """Bytes alive when the backward pass is done."""
        return self._alive[self.trace.end_backward]

    def phase(self, name: str) -> int:
        """The peak of one phase."""
        return max((live for phase, _, live in self._moments() if phase == name), default=0)

    @property
    def saved(self) -> int:
        """Bytes kept for the backward pass when the forward pass is done; images not counted."""
        trace, end = self.trace, self.trace.end_forward
        sizes, of = trace.sizes(self.batch), trace.of
        inputs = {number for number, like in enumerate(trace.alike) if like.role == kind_of.INPUT}
        seen, found = bytearray(len(of)), 0
        for tensor, _, event in trace.kept:
            if event <= end and not seen[tensor] and of[tensor] not in inputs:
                seen[tensor] = True
                found += sizes[of[tensor]]
        return found

    def total(self, role: str) -> int:
        """Bytes of all tensors of a role."""
        totals = self._totals
        if not totals:
            sizes = self.trace.sizes(self.batch)
            counts = self._counts(repeat(True))
            for (own, _, _), size, count in zip(self.trace.alike, sizes, counts, strict=True):
                totals[own] = totals.get(own, 0) + count * size
        return totals.get(role, 0)

    def held(self, field: str) -> int:
        """Bytes of all tensors that count in a field of `Breakdown`."""
        return sum(self.total(role) for role, own in FIELDS.items() if own == field)

    @property
    def gradients(self) -> int:
        """Bytes of the parameters' gradients when the backward pass is done, buckets included."""
        trace = self.trace
        sizes = [
            size if FIELDS.get(like.role) == "gradients" else 0
            for size, like in zip(trace.sizes(self.batch), trace.alike, strict=True)
        ]
        return sum(islice(trace.changes(sizes), trace.end_backward))

    def breakdown(self) -> Breakdown:
        """What is alive at the peak, by purpose."""
        trace, alive = self.trace, self._alive_at_peak()
        for tensor, _ in self._keepers(alive):
            alive[tensor] = _KEPT
        totals = dict.fromkeys(Breakdown._fields, 0)
        sizes = trace.sizes(self.batch)
        for how in (_ALIVE, _KEPT):
            counts = self._counts(own == how for own in alive)
            for (role, _, _), size, count in zip(trace.alike, sizes, counts, strict=True):
                kept = how == _KEPT or role == kind_of.KEPT
                field = FIELDS.get(role, "saved_activations" if kept else "transient")
                totals[field] += count * size
        return Breakdown(**totals)

    def _counts(self, wanted: Iterable[bool]) -> Column:
        """For each of those alike how many tensors are, of those that are wanted."""
        counts = column(self.trace.layers, len(self.trace.alike))
        for like in compress(self.trace.of, wanted):
            counts[like] += 1
        return counts

    def alive_at_peak(self) -> list[Alive]:
        """Every tensor alive when the peak is first reached, in the order they were made."""
        trace, alive = self.trace, self._alive_at_peak()
        keepers: dict[int, list[int]] = {}
        for tensor, step in self._keepers(alive):
            keepers.setdefault(tensor, []).append(step)
        sizes = trace.sizes(self.batch)
        return [
            Alive(trace.role(t), trace.steps[t], sizes[trace.of[t]], tuple(keepers.get(t, ())))
            for t, is_alive in enumerate(alive)
            if is_alive
        ]

    def layers_at_peak(self) -> list[int]:
        """Bytes alive when the peak is first reached, by the layer that they belong to."""
        trace, sizes = self.trace, self.trace.sizes(self.batch)
        found = [0] * trace.layers
        for step, like in compress(zip(trace.steps, trace.of, strict=True), self._alive_at_peak()):
            if step >= 0:
                found[step] += sizes[like]
        return found

    def _alive_at_peak(self) -> bytearray:
        """For every tensor whether it is alive when the peak is first reached."""
        alive = bytearray(len(self.trace.of))
        for number in islice(self.trace.events, self._peak_event + 1):
            if number >= 0:
                alive[number] = _ALIVE
            else:
                alive[~number] = 0
        return alive

    def _keepers(self, alive: bytearray) -> Iterator[tuple[int, int]]:
        """Those of these tensors that layers keep at the peak, each with such a layer."""
        trace, event = self.trace, self._peak_event
        for tensor, step, start in trace.kept:
            if start <= event + 1 and event < trace.dropped(step) and alive[tensor]:
                yield tensor, step
