"""The largest batch that fits a device, by bisection on the simulation itself.

Peaks rise with the batch in convex pieces: extrapolating from two batches overshoots by up to a
quarter, and a simulation takes less than a millisecond.
"""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.allocator import replay
from convcalc.memory.device import Range, Verdict, device_range, verdict
from convcalc.memory.forward import inference
from convcalc.memory.trace import Trace
from convcalc.memory.training import training


class Fit(NamedTuple):
    """The largest batches of one run; 0 where not even a single image fits."""

    batch_sure: int
    """The high end of what the device will show is within its memory."""
    batch_possible: int
    """The low end is."""
    batch_logical: int
    """The exact peak alone is."""
    peak: int
    """The exact peak at `batch_logical`, or of a single image where that is 0."""


class Run:
    """A run of a network whose batch can be chosen: training or inference."""

    def __init__(self, analysis: Analysis, learning: bool) -> None:
        self._analysis = analysis
        self._learning = learning
        self._traces: dict[bool, Trace] = {}

    def trace(self, batch: int) -> Trace:
        """The trace for a batch: one of a single image, one of all larger batches."""
        single = batch == 1
        found = self._traces.get(single)
        if found is None:
            found = training(self._analysis, batch) if self._learning else inference(self._analysis)
            self._traces[single] = found
        return found

    def peak(self, batch: int) -> int:
        """The exact peak."""
        return max(self.trace(batch).live(batch))

    def account(self, batch: int) -> Account:
        """What the run comes to."""
        return Account(self.trace(batch), batch)

    def needs(self, batch: int, context: int) -> Range:
        """What a device will show."""
        return device_range(replay(self.trace(batch), batch), context)

    def verdict(self, batch: int, memory: int, context: int) -> Verdict:
        """Whether a batch fits."""
        return verdict(self.needs(batch, context), memory)


def fit(run: Run, memory: int, context: int) -> Fit:
    """The largest batches of a run within a memory of so many bytes."""
    logical = largest(lambda batch: run.peak(batch) <= memory)

    def possible(batch: int) -> bool:
        return run.needs(batch, context).low <= memory

    def sure(batch: int) -> bool:
        return run.needs(batch, context).high <= memory

    most = largest_below(logical, possible)
    return Fit(largest_below(most, sure), most, logical, run.peak(max(logical, 1)))


def largest(fits: Callable[[int], bool]) -> int:
    """The largest batch that fits, found from below; 0 where none does."""
    if not fits(1):
        return 0
    high = 2
    while fits(high):
        high *= 2
    return _bisected(high // 2, high, fits)


def largest_below(most: int, fits: Callable[[int], bool]) -> int:
    """The largest batch up to `most` that fits, found from above: it is not far below."""
    high, stride = most + 1, 1
    while high > 1:
        low = max(high - stride, 1)
        if fits(low):
            return _bisected(low, high, fits)
        high, stride = low, 2 * stride
    return 0


def _bisected(low: int, high: int, fits: Callable[[int], bool]) -> int:
    """The largest batch that fits, where `low` does and `high` does not."""
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low
