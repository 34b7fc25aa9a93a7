"""Who reads each step, kept in two arrays: a list a step would take 100 bytes of a long net's."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate


class Readers:
    """For each step the steps that read its output, in order, once an input."""

    def __init__(self, times: Sequence[int], reads: Iterable[tuple[int, int]]) -> None:
        """Of how often each step is read, and of pairs of what is read and who reads it."""
        self._starts = array("q", accumulate(times, initial=0))
        self._found = array("q", bytes(8 * self._starts[-1]))
        free = self._starts[:]
        for source, reader in reads:
            self._found[free[source]] = reader
            free[source] += 1

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, step: int) -> Sequence[int]:
        if not 0 <= step < len(self):
            raise IndexError(step)
        return self._found[self._starts[step] : self._starts[step + 1]].tolist()

    def __iter__(self) -> Iterator[Sequence[int]]:
        return (self[step] for step in range(len(self)))
