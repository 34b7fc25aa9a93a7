"""Many networks: one after another, or on any executor of `concurrent.futures`."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from convcalc.study.errors import LoadError, NoInputError
from convcalc.study.failure import failure_of
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

T = TypeVar("T")

#: Bytes of specs (3 us each) from which several processes save more than their 0.3 s to start.
WORTH_IT = 1_000_000
_MOST_WORKERS = 8
_CHUNK = 4  #: cases that go to a process together
_AHEAD = 2 * _MOST_WORKERS  #: chunks that are begun before their answers are asked for
_TRIES = 3  #: of a case whose process was ended


class Answer(NamedTuple, Generic[T]):
    """What came of one case: the answer, or why it could not be read; neither if not wanted."""

    value: T | None
    failure: str = ""
    wants_input: bool = False
    """That is because the net states no input."""


def each(
    cases: Sequence[Case],
    answer: Callable[[Outcome], T],
    executor: "Executor | None" = None,
    wanted: Callable[[Case], bool] = lambda case: True,
) -> Iterator[Answer[T]]:
    """The answer to one question about every case, in the order of the cases, as they come.

    `answer` runs where the net is analyzed: in an executor of processes it must be a function of a
    module (or a `partial` of one), and only what it returns travels back. Without an executor all
    runs here. Whether a case is `wanted` is asked just before it is begun.
    """
    if executor is None:
        for case in cases:
            yield _answered(case if wanted(case) else None, answer)
        return
    several = partial(_several, answer=answer)
    begun: deque[_Begun[T]] = deque()
    for start in range(0, len(cases), _CHUNK):
        chunk = [case if wanted(case) else None for case in cases[start : start + _CHUNK]]
        begun.append(_Begun(chunk, executor.submit(several, chunk)))
        if len(begun) == _AHEAD:
            yield from begun.popleft().answers(several, executor)
    while begun:
        yield from begun.popleft().answers(several, executor)


class _Begun(NamedTuple, Generic[T]):
    """Cases that went to a process together."""

    cases: Sequence[Case | None]
    future: "Future[list[Answer[T]]]"

    def answers(
        self, several: "Callable[[Sequence[Case | None]], list[Answer[T]]]", executor: "Executor"
    ) -> list[Answer[T]]:
        """Their answers; where a process was ended, each of them is tried again by itself."""
        from concurrent.futures import BrokenExecutor

        try:
            return self.future.result()
        except BrokenExecutor:
            return [_tried(case, several, executor) for case in self.cases]


def _tried(
    case: Case | None,
    several: "Callable[[Sequence[Case | None]], list[Answer[T]]]",
    executor: "Executor",
) -> Answer[T]:
    """The answer to one case, though another one may end the process in which it is tried."""
    from concurrent.futures import BrokenExecutor

    for _ in range(_TRIES):
        try:
            return executor.submit(several, [case]).result()[0]
        except BrokenExecutor:
            continue
    path = failure_of(case.subject, "").path if case else ""
    return Answer(None, f"cannot check {path}: its process was ended (too little memory?)")


def _several(cases: Sequence[Case | None], answer: Callable[[Outcome], T]) -> list[Answer[T]]:
    return [_answered(case, answer) for case in cases]


def _answered(case: Case | None, answer: Callable[[Outcome], T]) -> Answer[T]:
    if case is None:
        return Answer(None)
    try:
        return Answer(answer(study(case)))
    except LoadError as error:
        return Answer(None, str(error), isinstance(error, NoInputError))


@contextmanager
def processes(cases: Sequence[Case]) -> "Iterator[Executor | None]":
    """An executor of as many processes as there are cores; None where they cost more than they
    save, or where a case reads standard input."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    subjects = [case.subject for case in cases]
    if workers < 2 or len(cases) < 2 or "-" in subjects or _bytes(cases) < WORTH_IT:
        yield None
        return
    from convcalc.study.processes import Renewed

    pool = Renewed(min(workers, _MOST_WORKERS))
    try:
        yield pool
    finally:  # where it is left early, nobody waits for what was begun
        pool.shutdown(wait=False, cancel_futures=True)


def _bytes(cases: Sequence[Case]) -> int:
    """How much there is to read in files; what cannot be asked is small."""
    total = 0
    for case in cases:
        try:
            total += os.stat(case.subject).st_size  # type: ignore[arg-type]
        except (OSError, ValueError, TypeError):
            continue
    return total
