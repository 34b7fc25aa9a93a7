"""Workers of a sweep: several sweeps at once, workers that die or have another version."""

from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

import pytest
from small_sweep import asked, rows

from convcalc.sweep.request import Asked, request
from convcalc.sweep.run import WorkerError


def test_a_worker_of_several_sweeps_keeps_them_apart() -> None:
    from convcalc.sweep.run import Piece, work

    one = asked(variables=("width=8,16,24,32",), columns="params")
    two = request("wrn", Asked(("width=1..4",), columns="params"))
    pieces = [(one, 0), (two, 0), (one, 2), (two, 2), (two, 0)]
    for wanted, start in pieces:
        done = work(wanted.plan, wanted.grid, Piece(start, start + 2))
        assert done.rows == rows(wanted)[start : start + 2]


class _Loses(Executor):
    """An executor whose worker dies at every second piece."""

    def __init__(self, error: Exception, every: int = 2) -> None:
        self.error, self.every, self.count = error, every, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.count += 1
        future: Future[Any] = Future()
        if self.count % self.every == 0:
            future.set_exception(self.error)
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_what_a_dead_worker_had_is_done_again_once_and_in_order() -> None:
    found = asked(variables=("width=8..200/8",), settings={"batch": "1..4"}, columns="params,macs")
    alone = rows(found)
    executor = _Loses(BrokenExecutor("gone"))
    assert rows(found, executor=executor, workers=2) == alone
    assert executor.count > 2


def test_workers_that_always_die_or_refuse_end_the_sweep() -> None:
    found = asked(variables=("width=8..80/8",))
    with pytest.raises(WorkerError, match="BrokenExecutor: gone"):
        rows(found, executor=_Loses(BrokenExecutor("gone"), every=1))
    with pytest.raises(WorkerError, match="KeyError"):
        rows(found, executor=_Loses(KeyError("x"), every=1))


def test_a_worker_of_another_version_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.sweep import run

    class Old(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
            future: Future[Any] = Future()
            future.set_result(run.Done("0.0.9", [], 1.0))
            return future

    with pytest.raises(WorkerError, match=r"a worker has convcalc 0\.0\.9, this is"):
        rows(asked(variables=("width=8..80/8",)), executor=Old())
