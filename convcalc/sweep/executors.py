"""Where a sweep runs: this machine's cores, a Dask cluster, a Ray cluster."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, NamedTuple

from convcalc.study.errors import RequestError
from convcalc.study.processes import Renewed

_MOST = 512  #: processes of one machine: all of them are started at once
_PATIENCE = 5  #: seconds that a cluster has to answer


class Workers(NamedTuple):
    """An executor and how many workers it has."""

    executor: Executor | None
    number: int


@contextmanager
def workers(on: str | None, processes: int | None, variants: int) -> Iterator[Workers]:
    """The workers of a sweep.

    Args:
        on: ``dask:ADDRESS`` or ``ray:ADDRESS``; None for this machine.
        processes: how many here; None for one per core, where there is enough to do.
        variants: how many variants there are.

    Raises:
        RequestError: no such cluster, or what it needs is not installed.
    """
    if on is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        count = min(processes or (cores if variants > 200 else 1), variants, _MOST)
        if count < 2:
            yield Workers(None, 1)
            return
        pool = Renewed(count)
        try:
            yield Workers(pool, count)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return
    kind, _, address = on.partition(":")
    opened = _CLUSTERS.get(kind)
    if opened is None or not address:
        raise RequestError(
            f"--on {on}: write dask:tcp://HOST:8786, ray:auto, ray:local or ray:ray://HOST:PORT"
        )
    with opened(address) as found:
        yield found


@contextmanager
def _dask(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client
    except ImportError as error:
        raise RequestError(
            "--on dask needs the package distributed: pip install 'convcalc[dask]'"
        ) from error
    import logging

    logging.getLogger("distributed").setLevel(logging.ERROR)  # it reports in tracebacks
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except Exception as error:  # OSError, TimeoutError, ValueError: as the address is wrong
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RequestError(f"no Dask scheduler at {address}: {reason}") from error
    try:
        threads = sum(client.nthreads().values())
        yield Workers(client.get_executor(pure=False, retries=3), max(threads, 1))
    finally:
        client.close()


class _RayExecutor(Executor):
    """Ray's tasks as an executor."""

    def __init__(self, ray: Any) -> None:
        self.ray = ray
        self.tasks: dict[Any, Any] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """See `Executor.submit`."""
        if fn not in self.tasks:  # a function is sent to the cluster once
            self.tasks[fn] = self.ray.remote(max_retries=3)(fn)
        future: Future[Any] = self.tasks[fn].remote(*args, **kwargs).future()
        return future


@contextmanager
def _ray(address: str) -> Iterator[Workers]:
    try:
        import ray
    except ImportError as error:
        raise RequestError("--on ray needs the package ray: pip install 'convcalc[ray]'") from error
    began = not ray.is_initialized()
    try:
        if began:
            _answers(address.removeprefix("ray://"))
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RequestError(f"no Ray cluster at {address}: {reason}") from error
    try:
        cores = int(ray.cluster_resources().get("CPU", 1))
        yield Workers(_RayExecutor(ray), max(cores, 1))
    finally:
        if began:
            ray.shutdown()


def _answers(address: str) -> None:
    """Connect to HOST:PORT once: Ray itself would try for a minute, and print as it goes.

    Raises:
        OSError: there is no answer.
    """
    import socket

    host, colon, port = address.rpartition(":")
    if colon and port.isascii() and port.isdigit() and len(port) < 6:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()


_CLUSTERS = {"dask": _dask, "ray": _ray}
