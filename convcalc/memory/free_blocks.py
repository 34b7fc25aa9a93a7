"""The free blocks of an allocator's pool: the smallest that is large enough, the lowest of equals.

Of a long net tens of thousands are free at once, most of a few sizes: the addresses of each size
are a heap, from which those that merged away are dropped when they come up.
"""

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush

#: No block.
NONE = -1
#: A heap is made anew where more than twice as many addresses, and these, are in it than are free.
_STALE = 64


class FreeBlocks:
    """Blocks by their numbers, each with its size and address."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        """The sizes of which blocks are free, in order."""
        self._of: dict[int, tuple[list[int], dict[int, int]]] = {}
        """For each size a heap of addresses, and of those that are free their blocks."""

    def enter(self, block: int, size: int, address: int) -> None:
        """A block is free from here on."""
        own = self._of.get(size)
        if own is None:
            insort(self._sizes, size)
            self._of[size] = [address], {address: block}
        else:
            heappush(own[0], address)
            own[1][address] = block

    def leave(self, size: int, address: int) -> None:
        """A block is part of another one from here on."""
        heap, there = self._of[size]
        del there[address]
        if not there:
            self._end(size)
        elif len(heap) > 2 * len(there) + _STALE:
            heap[:] = there
            heapify(heap)

    def take(self, size: int) -> int:
        """The smallest block that is large enough, free no more; `NONE` where there is none."""
        place = bisect_left(self._sizes, size)
        if place == len(self._sizes):
            return NONE
        found = self._sizes[place]
        heap, there = self._of[found]
        block = there.pop(heappop(heap), NONE)
        while block < 0:
            block = there.pop(heappop(heap), NONE)
        if not there:
            self._end(found)
        return block

    def _end(self, size: int) -> None:
        """No block of a size is left."""
        del self._of[size]
        del self._sizes[bisect_left(self._sizes, size)]

    def copy(self) -> "FreeBlocks":
        """As many blocks, apart."""
        other = FreeBlocks()
        other._sizes = [*self._sizes]
        other._of = {size: ([*heap], {**there}) for size, (heap, there) in self._of.items()}
        return other
