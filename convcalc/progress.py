"""How far a long run is: the parts that are done, of how many, for whoever shows it."""

from collections.abc import Callable

#: Called with how many parts are done, of how many, and what runs now.
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """No progress is shown."""


class Parts:
    """A run in parts, the number of which may change while it runs."""

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._begun = 0
        self._total = 0
        self._what = ""

    def expect(self, parts: int) -> None:
        """So many more are to come, or fewer where the number is negative."""
        self._total += parts

    def begin(self, what: str) -> None:
        """The next part begins, so the one before it is done."""
        self._begun += 1
        self._total = max(self._total, self._begun)
        self._what = what
        self.at()

    def at(self, where: str = "") -> None:
        """The part that runs goes on, at some place."""
        what = f"{self._what}, {where}" if where else self._what
        self._progress(max(self._begun - 1, 0), self._total, what)

    def end(self) -> None:
        """Every part is done."""
        self._progress(self._begun, self._begun, "")
