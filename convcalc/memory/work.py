"""How much is simulated in search of what would fit: counted, so that every machine tries the same.

One pass over a layer, or over a connection where a net has more of these, is the unit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

#: Passes over a net that take about as long as replaying a step in the allocator:
REPLAYED = 1
RECORDED = 4  #: recording a step
LOADED = 8  #: reading the net with another input
PLANNED = 20  #: working out the blocks of all plans


class SpentError(Exception):
    """What was allowed to be simulated is not enough for the next one."""


class Work:
    """What may still be simulated of nets of so many layers."""

    def __init__(self, most: int, layers: int) -> None:
        self._left = most
        self._layers = layers
        self._untried: dict[str, None] = {}

    @property
    def untried(self) -> tuple[str, ...]:
        """What was not tried, or not to the end."""
        return tuple(self._untried)

    def spend(self, passes: int) -> None:
        """Count some passes over the net.

        Raises:
            SpentError: there is no room for them.
        """
        if passes * self._layers > self._left:
            raise SpentError
        self._left -= passes * self._layers

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Try something as far as the work allows."""
        try:
            yield
        except SpentError:
            self._untried[what] = None
