"""What a run comes to for a batch: its peak, where that is, and what it is made of."""

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


class Account:
    """A trace weighed for one batch."""

    def __init__(self, trace: Trace, batch: int) -> None:
        self.trace = trace
        self.batch = batch
        self.sizes = trace.sizes(batch)
        self.live = trace.live(batch)
        """Bytes alive after every event."""
        self.peak = max(self.live)
        self._moments: list[Moment] = []

    @property
    def resident(self) -> int:
        """Bytes alive throughout: parameters, buffers, optimizer state, images, labels."""
        return self.live[self.trace.begin - 1] if self.trace.begin else 0

    @property
    def at(self) -> Moment:
        """The first layer and phase in which the peak is reached."""
        event = self.live.index(self.peak)
        phase, step, _ = next(
            mark for mark in self.trace.marks if mark[2] > event or mark is self.trace.marks[-1]
        )
        return Moment(phase, step, self.peak)

    def timeline(self) -> list[Moment]:
        """The highest live bytes layer by layer, in the order of the run."""
        found = self._moments
        if found:
            return found
        start = self.trace.begin
        for phase, step, end in self.trace.marks:
            before = max(start - 1, 0)
            found.append(Moment(phase, step, max(self.live[before : max(end, before + 1)])))
            start = end
        return found

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
        return max((m.live for m in self.timeline() if m.phase == name), default=0)

    @property
    def saved(self) -> int:
        """Bytes kept for the backward pass when the forward pass is done; images not counted."""
        end = self.trace.end_forward
        kept = {tensor for tensor, _, event in self.trace.kept if event <= end}
        roles = self.trace.roles
        return sum(self.sizes[tensor] for tensor in kept if roles[tensor] != kind_of.INPUT)

    def total(self, role: str) -> int:
        """Bytes of all tensors of a role."""
        pairs = zip(self.trace.roles, self.sizes, strict=True)
        return sum(size for own, size in pairs if own == role)

    def held(self, field: str) -> int:
        """Bytes of all tensors that count in a field of `Breakdown`."""
        return sum(self.total(role) for role, own in FIELDS.items() if own == field)

    @property
    def gradients(self) -> int:
        """Bytes of the parameters' gradients when the backward pass is done, buckets included."""
        trace, alive = self.trace, dict[int, bool]()
        for number in trace.events[: trace.end_backward]:
            alive[number if number >= 0 else ~number] = number >= 0
        return sum(
            self.sizes[tensor]
            for tensor, is_alive in alive.items()
            if is_alive and FIELDS.get(trace.roles[tensor]) == "gradients"
        )

    def breakdown(self) -> Breakdown:
        """What is alive at the peak, by purpose."""
        totals = dict.fromkeys(Breakdown._fields, 0)
        for tensor in self.alive_at_peak():
            field = FIELDS.get(tensor.role)
            if field is None:
                kept = tensor.keepers or tensor.role == kind_of.KEPT
                field = "saved_activations" if kept else "transient"
            totals[field] += tensor.bytes
        return Breakdown(**totals)

    def alive_at_peak(self) -> list[Alive]:
        """Every tensor alive when the peak is first reached, in the order they were made."""
        trace, event = self.trace, self.live.index(self.peak)
        alive: dict[int, list[int]] = {}
        for number in trace.events[: event + 1]:
            if number >= 0:
                alive[number] = []
            else:
                del alive[~number]
        for tensor, step, start in trace.kept:
            if start <= event + 1 and event < trace.dropped[step] and tensor in alive:
                alive[tensor].append(step)
        return [
            Alive(trace.roles[tensor], trace.steps[tensor], self.sizes[tensor], tuple(keepers))
            for tensor, keepers in alive.items()
        ]
