"""A sweep on one process or many: rows in the order of their numbers, whichever worker made them.

A worker gets the plan, the grid and two numbers, and shares nothing with the others: work that a
dead worker took with it is simply done again.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from threading import local
from time import perf_counter
from typing import NamedTuple, Protocol

from convcalc import __version__
from convcalc.study.errors import RequestError
from convcalc.sweep.axes import AxisValue
from convcalc.sweep.variant import SweepPlan, VariantRow, Variants

_SECONDS = 0.5  #: of work that a worker gets at once
_FIRST = 8  #: variants of the first pieces, before it is known what one costs
_LARGEST = 5_000
_AHEAD = 3  #: pieces a worker that wait for their turn
_TRIES = 4  #: times that a piece is given to a worker


class Numbered(Protocol):
    """Variants that are known by their numbers: a `Grid`, or what a search asks for."""

    @property
    def size(self) -> int:
        """The number after the last of them."""

    def variants(self, start: int, stop: int) -> Iterator[tuple[AxisValue, ...]]:
        """Some of them in order."""


class WorkerError(RequestError):
    """Workers that cannot do the work; the message says why."""


class Piece(NamedTuple):
    """Some variants that one worker works out."""

    start: int
    stop: int


class Done(NamedTuple):
    """What a worker made of a piece."""

    version: str
    rows: list[VariantRow]
    seconds: float


def work(plan: SweepPlan, grid: Numbered, piece: Piece) -> Done:
    """The rows of a piece; runs wherever the worker is."""
    begun = perf_counter()
    variants = _variants(plan)
    numbered = enumerate(grid.variants(*piece), piece.start)
    rows = list(variants.rows(numbered))
    return Done(__version__, rows, perf_counter() - begun)


def _variants(plan: SweepPlan) -> Variants:
    """The variants of a plan, with what this thread has learned of them from earlier pieces."""
    known: Variants | None = getattr(_kept, "variants", None)
    if known is None or known.plan != plan:
        known = _kept.variants = Variants(plan)
    return known


_kept = local()


def sweep(
    plan: SweepPlan,
    grid: Numbered,
    executor: Executor | None = None,
    workers: int = 1,
    start: int = 0,
) -> Iterator[VariantRow]:
    """The rows of a sweep in order, as they come; only a few pieces are held at a time.

    Args:
        plan: the net and the numbers that are wanted.
        grid: which variants there are.
        executor: any executor of `concurrent.futures`; None works here.
        workers: how many pieces are worked on side by side.
        start: the first variant.

    Raises:
        WorkerError: a worker died again and again, or has another version of convcalc.
    """
    if executor is None:
        variants = Variants(plan)
        yield from variants.rows(iter(enumerate(grid.variants(start, grid.size), start)))
        return
    cost = _SECONDS / _FIRST
    waiting: deque[tuple[SweepPlan, Piece, int, Future[Done]]] = deque()
    while start < grid.size or waiting:
        while start < grid.size and len(waiting) < _AHEAD * workers:
            count = max(1, min(_LARGEST, int(_SECONDS / cost)))
            sent, piece = _sent(plan, grid, Piece(start, min(start + count, grid.size)))
            waiting.append((sent, piece, 1, executor.submit(work, sent, grid, piece)))
            start = piece.stop
        sent, piece, tries, future = waiting.popleft()
        try:
            done = future.result()
        except Exception as error:
            if tries == _TRIES or not _lost(error):
                raise WorkerError(f"a worker failed: {type(error).__name__}: {error}") from error
            again = executor.submit(work, sent, grid, piece)
            waiting.appendleft((sent, piece, tries + 1, again))
            continue
        if done.version != __version__:
            raise WorkerError(f"a worker has convcalc {done.version}, this is {__version__}")
        cost = max(done.seconds / len(done.rows), 1e-5)
        yield from done.rows


def _sent(plan: SweepPlan, grid: Numbered, piece: Piece) -> tuple[SweepPlan, Piece]:
    """What a worker gets: of a model file a few sizes, already read, and what has these."""
    if plan.file is None:
        return plan, piece
    file, count = plan.file.sent(map(plan.overrides, grid.variants(*piece)))
    return plan._replace(file=file), Piece(piece.start, piece.start + count)


def _lost(error: Exception) -> bool:
    """Whether the worker was lost, not the work refused: then it is worth another try."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"BrokenExecutor", "KilledWorker", "WorkerCrashedError", "CancelledError"})
