"""When a file is saved, or a configuration that its reading depends on."""

import os
import time
from collections.abc import Iterator
from threading import Event
from typing import NamedTuple

_MOMENT = 300  #: milliseconds after which the files are looked at without word of a change


class _Stamp(NamedTuple):
    """What a save changes; all zero of a file that is not there."""

    modified: int = 0
    changed: int = 0
    size: int = 0
    number: int = 0


class Saves:
    """The saves since this was made: none between here and the first look is missed."""

    def __init__(self, path: str) -> None:
        self.files = (path, *_configurations())
        self.folders = {os.path.dirname(os.path.abspath(path)), os.getcwd()}
        self.folders.add(os.path.dirname(os.path.realpath(path)))
        self.seen = self._stamps()

    def follow(self, stop: Event | None = None) -> Iterator[bool]:
        """True for a save; False again and again while there is none."""
        for _ in self._moments(stop):
            now = self._stamps()
            saved, self.seen = now != self.seen, now
            yield saved

    def _moments(self, stop: Event | None) -> Iterator[object]:
        """Whenever something in the folders changes, and at least a few times a second."""
        from watchfiles import watch  # an extra

        names = {os.path.basename(file) for file in (*self.files, os.path.realpath(self.files[0]))}
        try:
            yield from watch(
                *filter(os.path.isdir, sorted(self.folders)),
                watch_filter=lambda change, changed: os.path.basename(changed) in names,
                debounce=200,
                step=20,
                rust_timeout=_MOMENT,
                yield_on_timeout=True,
                stop_event=stop,
                recursive=False,
            )
        except (OSError, RuntimeError):  # no watches left on this machine, or the folder is gone
            while stop is None or not stop.is_set():
                time.sleep(_MOMENT / 1000)
                yield None

    def _stamps(self) -> tuple[_Stamp, ...]:
        return tuple(_stamp(file) for file in self.files)


def _configurations() -> Iterator[str]:
    """Every pyproject.toml that is read, or would be if it were there."""
    folder, above = os.getcwd(), ""
    while folder != above:
        yield os.path.join(folder, "pyproject.toml")
        folder, above = os.path.dirname(folder), folder


def _stamp(file: str) -> _Stamp:
    try:
        found = os.stat(file)
    except OSError:
        return _Stamp()
    return _Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
