"""Processes of this machine that work side by side, and what is done when one is ended."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from convcalc.process import collect_seldom


class Renewed(Executor):
    """Processes of this machine; when one dies, the pool is broken and another takes its place."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pool = self._pool()

    def _pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor  # 30 ms, for long runs only
        from multiprocessing import get_context

        context = get_context("fork" if os.name == "posix" else None)
        return ProcessPoolExecutor(self.count, context, _alone, (os.getpid(),))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """See `Executor.submit`."""
        from concurrent.futures import BrokenExecutor

        try:
            return self.pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self.pool.shutdown(wait=False)
            self.pool = self._pool()
            return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See `Executor.shutdown`."""
        self.pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _alone(parent: int) -> None:
    """In a worker: Ctrl-C is for the parent, and when that is gone, there is nothing to do."""
    import signal
    from threading import Thread
    from time import sleep

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
