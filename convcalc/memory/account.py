"""What a run comes to for a batch: its peak, where that is, and what it is made of."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from convcalc.memory import trace as kind_of
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


class Account:
    """A trace weighed for one batch."""

    def __init__(self, trace: Trace, batch: int) -> None:
        self.trace = trace
        self.batch = batch
        self.live = trace.live(batch)
        """Bytes alive after every event."""
        self.peak = max(self.live)
        self._moments: list[Moment] = []
        self._totals: dict[str, int] = {}

    @property
    def resident(self) -> int:
        """Bytes alive throughout: parameters, buffers, optimizer state, images, labels."""
        return self.live[self.trace.begin - 1] if self.trace.begin else 0

    @property
    def at(self) -> Moment:
        """The first layer and phase in which the peak is reached."""
        event = self.live.index(self.peak)
        for phase, step, end in self.trace.marks:  # the last one, if none is later  # noqa: B007
            if end > event:
                break
        return Moment(phase, step, self.peak)

    def timeline(self) -> list[Moment]:
        """The highest live bytes layer by layer, in the order of the run."""
        if not self._moments:
            self._moments = [Moment(*moment) for moment in self._highest()]
        return self._moments

    def _highest(self) -> Iterator[tuple[str, int, int]]:
        """The moments of the timeline one by one: of a long net they are many."""
        start = self.trace.begin
        for phase, step, end in self.trace.marks:
            before = max(start - 1, 0)
            yield phase, step, max(self.live[before : max(end, before + 1)])
            start = end

    @property
    def base(self) -> int:
        """Bytes alive before the forward pass of the first micro-batch."""
        return self.resident - self.trace.not_base

    @property
    def end_forward(self) -> int:
        """Bytes alive when the forward pass is done, the loss included."""
        return self.live[self.trace.end_forward - 1]

    @property
    def end_backward(self) -> int:
        """Bytes alive when the backward pass is done."""
        return self.live[self.trace.end_backward - 1]

    def phase(self, name: str) -> int:
        """The peak of one phase."""
        return max((live for phase, _, live in self._highest() if phase == name), default=0)

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
            for like, count in Counter(self.trace.of).items():
                own = self.trace.alike[like].role
                totals[own] = totals.get(own, 0) + count * sizes[like]
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
        sizes, of = trace.sizes(self.batch), trace.of
        for (how, number), count in Counter(zip(alive, of, strict=True)).items():
            role = trace.alike[number].role
            kept = how == _KEPT or role == kind_of.KEPT
            if how:
                field = FIELDS.get(role, "saved_activations" if kept else "transient")
                totals[field] += count * sizes[number]
        return Breakdown(**totals)

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

    def _alive_at_peak(self) -> bytearray:
        """For every tensor whether it is alive when the peak is first reached."""
        alive = bytearray(len(self.trace.of))
        for number in islice(self.trace.events, self.live.index(self.peak) + 1):
            if number >= 0:
                alive[number] = _ALIVE
            else:
                alive[~number] = 0
        return alive

    def _keepers(self, alive: bytearray) -> Iterator[tuple[int, int]]:
        """Those of these tensors that layers keep at the peak, each with such a layer."""
        trace, event = self.trace, self.live.index(self.peak)
        for tensor, step, start in trace.kept:
            if start <= event + 1 and event < trace.dropped(step) and alive[tensor]:
                yield tensor, step
