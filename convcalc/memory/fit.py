"""The largest batch that fits a device, searched from the exact peak.

Peaks rise with the batch in convex pieces: a trace gives each of them for every batch. What the
allocator takes is a little more: it is replayed near the batch where the peak alone would fill the
memory, a few times instead of once for every doubling.
"""

from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.allocator import Replays
from convcalc.memory.beforehand import may_hold, taken_apart
from convcalc.memory.device import Range, Verdict, device_range, extra_bytes, verdict
from convcalc.memory.forward import inference
from convcalc.memory.least_batch import least_batch
from convcalc.memory.trace import Trace
from convcalc.memory.training import training

if TYPE_CHECKING:
    from convcalc.memory.apart import Apart


class Fit(NamedTuple):
    """The largest batches of one run; 0 where not even the least batch fits, mostly 1 image."""

    batch_sure: int
    """The high end of what the device will show is within its memory."""
    batch_possible: int
    """The low end is."""
    batch_logical: int
    """The exact peak alone is."""
    peak: int
    """The exact peak at `batch_logical`, or of the least batch where that is 0."""

    def times(self, micro_batches: int) -> "Fit":
        """The same where a batch is trained in so many micro-batches."""
        sure, possible, logical, peak = self
        return Fit(sure * micro_batches, possible * micro_batches, logical * micro_batches, peak)


_MOST_LINES = 4096  #: lines that are kept before those are left out that are nowhere highest
_CRAWLED = 4  #: guesses in a row from one side
_GUESSES = 32  #: from what was measured, before the range is halved


class Simulation:
    """A run of a network whose batch can be chosen: training or inference."""

    def __init__(
        self,
        analysis: Analysis,
        learning: bool,
        watch: Callable[[int], None] = lambda batch: None,
        taking_apart: "Callable[[Analysis], Apart | None]" = taken_apart,
    ) -> None:
        """`watch` is called with every batch that is replayed, which takes long in long nets.

        `taking_apart`: `TakenApart` where several runs are of one network.
        """
        self.least = least_batch(analysis).images if learning else 1
        self._analysis = analysis
        self._learning = learning
        self._watch = watch
        self._taking_apart = taking_apart
        self._traces: dict[bool, Trace] = {}
        self._lines: dict[bool, list[tuple[int, int]]] = {}
        self._allocators: dict[bool, Replays] = {}
        self._needs: dict[tuple[int, int], Range] = {}

    def trace(self, batch: int) -> Trace:
        """The trace for a batch: one of a single image, one of all larger batches.

        They differ where gradients are slices, which are dense in a batch of 1, or summed, which
        those of its shape are not; elsewhere one does.
        """
        single = self._alone(batch)
        found = self._traces.get(single)
        if found is None:
            found = self._traces[single] = self._made(1 if single else 2)
        return found

    def _alone(self, batch: int) -> bool:
        """Whether a batch has a trace that no other has."""
        if batch > 1:
            return False
        run = self._analysis.network.run
        return self.trace(2).alone if self._learning else run is not None and bool(run.alone)

    def _made(self, batch: int) -> Trace:
        if self._learning:
            return training(self._analysis, batch, self._taking_apart)
        settings = self._analysis.settings._replace(batch=batch)
        return inference(self._analysis._replace(settings=settings), self._taking_apart)

    def peak(self, batch: int) -> int:
        """The exact peak."""
        return max([each * batch + once for each, once in self.lines(batch)])

    def lines(self, batch: int) -> list[tuple[int, int]]:
        """The peak as lines over the batch: bytes of an image, and bytes whatever the batch."""
        single = self._alone(batch)
        found = self._lines.get(single)
        if found is None:
            found = self._lines[single] = _highest(self.trace(batch))
        return found

    def account(self, batch: int) -> Account:
        """What the run comes to."""
        return Account(self.trace(batch), batch)

    def needs(self, batch: int, context: int) -> Range:
        """What a device will show."""
        found = self._needs.get((batch, context))
        if found is None:
            self._watch(batch)
            found = device_range(self._replays(batch).at(batch), context)
            self._needs[batch, context] = found
        return found

    def _replays(self, batch: int) -> Replays:
        """Puts batches with the trace of this one through the allocator."""
        single = self._alone(batch)
        found = self._allocators.get(single)
        if found is None:
            found = self._allocators[single] = Replays(self.trace(batch))
        return found

    def verdict(self, batch: int, memory: int, context: int) -> Verdict:
        """Whether a batch fits."""
        return verdict(self.needs(batch, context), memory)

    def largest_logical(self, memory: int) -> int:
        """The largest batch whose exact peak is within a memory; 0 where none is."""
        return self._trained(self._logical(memory))

    def _logical(self, memory: int) -> int:
        return largest(lambda batch: self.peak(batch) <= memory)

    def _trained(self, batch: int) -> int:
        """A batch; 0 where it is below the least."""
        return batch if batch >= self.least else 0

    def largest_possible(self, memory: int, context: int) -> int:
        """The largest batch of which the low end of what a device will show is within a memory."""
        room = memory - extra_bytes(context)
        found = self._near(room, lambda batch: self.needs(batch, context).low - memory)
        return self._trained(found)

    def largest_sure(self, memory: int, context: int) -> int:
        """The largest batch of which the high end is."""
        room = (memory - extra_bytes(context)) * 10 // 13
        # the high end grows by 13 bytes where the peak grows by 10
        found = self._near(
            room, lambda batch: -((memory - self.needs(batch, context).high) * 10 // 13)
        )
        return self._trained(found)

    def _near(self, room: int, excess: Callable[[int], int]) -> int:
        """The largest batch without excess, at or below the one whose peak fills the room.

        Each measured excess moves the room, for it changes little from batch to batch. Where it
        grows as the batch does that leads out of the range: then the batch is looked for on the
        line between its ends. Where segments grow by steps of 2 MiB it may move by an image each
        time: then it is moved farther, and where that leads nowhere the range is halved.
        """
        low, high = 0, self._logical(room) + 1
        measured: dict[int, int] = {}
        guess, stride, crawled, guesses = high - 1, 1, 0, 0
        while high - low > 1:
            if not low < guess < high and low in measured and high in measured:
                under, over = -measured[low], measured[high]
                guess = min(max(low + (high - low) * under // (under + over), low + 1), high - 1)
            if abs(crawled) > _CRAWLED:
                stride *= 2
                guess = max(guess, low + stride) if crawled > 0 else min(guess, high - stride)
            if not low < guess < high:  # close to the end that it points to, then farther
                stride *= 2
                guess = low + stride // 2 if guess <= low else high - stride // 2
            if guesses > _GUESSES or not low < guess < high:
                guess = (low + high) // 2
            guesses += 1
            over = measured[guess] = excess(guess)
            if over <= 0:
                low, crawled = guess, max(crawled, 0) + 1
            else:
                high, crawled = guess, min(crawled, 0) - 1
            guess = self._logical(self.peak(guess) - over)
        return low


class InModules(Simulation):
    """Inference of code whose blocks are modules, which hold what they are given."""

    def __init__(self, analysis: Analysis, trace: Trace, watch: Callable[[int], None]) -> None:
        super().__init__(analysis, False, watch)
        self._traces[False] = trace


def in_modules(
    analysis: Analysis, own: Simulation, watch: Callable[[int], None]
) -> InModules | None:
    """The same inference with blocks as modules; None where no batch needs more than its `own`."""
    if not may_hold(analysis):
        return None
    from convcalc.memory import in_modules  # for nets with blocks

    trace = in_modules.in_modules(analysis)
    run = None if trace is None else InModules(analysis, trace, watch)
    return None if run is None or run.lines(2) == own.lines(2) else run


def _highest(trace: Trace) -> list[tuple[int, int]]:
    """Live bytes as lines over the batch (an image's bytes, bytes whatever the batch): those that
    are highest for some batch.
    """
    growing = accumulate(trace.changes(trace.of_alike(each for _, each, _ in trace.alike)))
    fixed = accumulate(trace.changes(trace.of_alike(once for _, _, once in trace.alike)))
    best: dict[int, int] = {}
    most = _MOST_LINES
    for each, once in zip(growing, fixed, strict=True):
        if once > best.get(each, -1):
            best[each] = once
            if len(best) > most:  # of a long net there are very many, and few are ever highest
                best = dict(_hull(best))
                most = max(2 * len(best), _MOST_LINES)
    return _hull(best)


def _hull(best: dict[int, int]) -> list[tuple[int, int]]:
    """Those of some lines that are highest for some batch, the steepest first."""
    hull: list[tuple[int, int]] = []
    for line in sorted(best.items(), reverse=True):  # the steepest first
        if hull and line[1] <= hull[-1][1]:
            continue  # lower for every batch
        while len(hull) > 1 and _hidden(hull[-2], hull[-1], line):
            hull.pop()
        hull.append(line)
    return hull


def _hidden(steep: tuple[int, int], middle: tuple[int, int], flat: tuple[int, int]) -> bool:
    """Whether the middle one of three lines is nowhere above both others."""
    return (flat[1] - steep[1]) * (steep[0] - middle[0]) >= (middle[1] - steep[1]) * (
        steep[0] - flat[0]
    )


def fit(run: Simulation, memory: int, context: int) -> Fit:
    """The largest batches of a run within a memory of so many bytes."""
    logical = run.largest_logical(memory)
    possible = run.largest_possible(memory, context)
    return Fit(
        run.largest_sure(memory, context), possible, logical, run.peak(max(logical, run.least))
    )


def largest(fits: Callable[[int], bool]) -> int:
    """The largest batch that fits, found from below; 0 where none does."""
    if not fits(1):
        return 0
    high = 2
    while fits(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low
