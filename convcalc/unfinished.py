"""What is on a disk for a while only, and does not stay there where a signal ends the process."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from convcalc import process

_paths: dict[str, int] = {}
"""Files and folders, and the process that made each: its children leave them alone."""


@contextmanager
def unfinished(path: str) -> Iterator[None]:
    """While the block runs, SIGTERM and SIGHUP remove a file or folder before they end the process.

    The block makes it, under a name that nobody else has, so that no signal comes between. This is
    so in the command line's own process; in others the signals are the program's. Who ignores a
    signal, as under `nohup`, or handles it already, goes on doing so.
    """
    if not process.is_ours or threading.current_thread() is not threading.main_thread():
        yield
        return
    import signal

    taken = []
    _paths[path] = os.getpid()
    try:
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
                taken.append(number)
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
        _paths.pop(path, None)


@contextmanager
def short_lived_folder() -> Iterator[str]:
    """A folder of our own that is gone after the block."""
    from tempfile import gettempdir

    folder = os.path.join(gettempdir(), f"convcalc-{os.urandom(8).hex()}")
    with unfinished(folder):
        os.mkdir(folder, 0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _end(number: int, frame: object) -> None:
    """Remove what is unfinished, and let the signal end the process as it would have."""
    import signal

    for path, owner in list(_paths.items()):
        if owner == os.getpid():
            with suppress(OSError):
                os.unlink(path)
            shutil.rmtree(path, ignore_errors=True)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
