"""One line on stderr, on a terminal only, that says how far a run is."""

import sys

from convcalc.cli.output import tell
from convcalc.network.record import Step

_BAR = 20


class Progress:
    """A bar of `count` parts, drawn over itself."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.shown = sys.stderr.isatty()

    def step(self, number: int, step: Step) -> None:
        """Say which layer runs."""
        self.show(number, self.count, step.name[:50])

    def show(self, number: int, count: int, what: str = "") -> None:
        """Say how many parts are done."""
        if self.shown:
            done = _BAR * number // max(count, 1)
            bar = "#" * done + "." * (_BAR - done)
            tell(f"\r\x1b[K{bar} {number}/{count} {what}", nl=False)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            tell("\r\x1b[K", nl=False)
