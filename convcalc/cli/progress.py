"""How far a run is, on stderr: on a terminal only, and only of what takes over a second."""

import sys
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from convcalc.escape import plain

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE = 1.0  #: seconds before anything is shown: short runs load no rich
_PAUSE = 0.1  #: seconds between two drawings


class Progress:
    """A bar of the parts of a run.

    It is drawn by whoever reports a part, never by a thread of its own: processes are forked from
    here, and memory is measured to the byte.
    """

    def __init__(self, what: str, quiet: bool = False) -> None:
        self.what = what
        self.shown = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self.next = monotonic() + _PATIENCE
        self.bar: Bar | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            with suppress(OSError, ValueError):  # the reader is gone
                self.bar.stop()

    def show(self, number: int, total: int, name: str = "") -> None:
        """Say how many parts are done of how many, and what comes now."""
        if not self.shown or monotonic() < self.next:
            return
        self.next = monotonic() + _PAUSE
        with suppress(OSError, ValueError):
            if self.bar is None:
                self._begin(total)
            assert self.bar is not None and self.task is not None, "it has just begun"
            self.bar.update(self.task, completed=number, total=total, layer=plain(name[:50]))
            self.bar.refresh()

    def _begin(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[layer]}", markup=False),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        self.task = self.bar.add_task(self.what, total=total, layer="")
        self.bar.start()
