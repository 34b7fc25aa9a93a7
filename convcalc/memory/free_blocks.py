"""The free blocks of an allocator's pool: the smallest that is large enough, the lowest of equals.

Of a long net tens of thousands are free at once, most of a few sizes: the addresses of each such
size are a heap, from which those that merged away are dropped when they come up. Of most sizes one
block is free, of which a part is taken time and again: it is a number in a table.
"""

from bisect import bisect_left, insort
from collections.abc import MutableSequence
from heapq import heapify, heappop, heappush

#: No block.
NONE = -1
#: A heap is made anew where more than twice as many addresses, and these, are in it than are free.
_STALE = 64


class FreeBlocks:
    """Blocks by their numbers, each with its size; addresses are the allocator's column of them."""

    def __init__(self, addresses: MutableSequence[int], least: int) -> None:
        self._addresses = addresses
        self.least = least
        """The smallest rest that is split off a block."""
        self._sizes: list[int] = []
        """The sizes of which blocks are free, in order."""
        self._one: dict[int, int] = {}
        """The block of each size of which one is free."""
        self._of: dict[int, tuple[list[int], dict[int, int]]] = {}
        """For each other size a heap of addresses, and of those that are free their blocks."""

    def enter(self, block: int, size: int) -> None:
        """A block is free from here on."""
        own = self._of.get(size)
        if own is None and size not in self._one:
            insort(self._sizes, size)
            self._one[size] = block
        else:
            self._beside(block, size)

    def leave(self, size: int, address: int) -> None:
        """A block is part of another one from here on."""
        if self._one.pop(size, NONE) >= 0:
            del self._sizes[bisect_left(self._sizes, size)]
            return
        heap, there = self._of[size]
        del there[address]
        if not there:
            self._end(size)
        elif len(heap) > 2 * len(there) + _STALE:
            heap[:] = there
            heapify(heap)

    def take(self, size: int) -> int:
        """The smallest block that is large enough, free no more; `NONE` where there is none.

        Where a rest is split off, that stays under the block's number: it is higher and smaller.
        """
        sizes = self._sizes
        place = bisect_left(sizes, size)
        if place == len(sizes):
            return NONE
        found = sizes[place]
        rest = found - size
        block = self._one.pop(found, NONE)
        if block < 0:
            block = self._lowest(found)
            if rest >= self.least:
                self._addresses[block] += size
                self.enter(block, rest)
            return block
        if rest < self.least:
            del sizes[place]
            return block
        self._addresses[block] += size
        if (place and sizes[place - 1] >= rest) or rest in self._of:
            del sizes[place]
            self.enter(block, rest)
        else:  # as mostly: no other size is between that of the block and of its rest
            sizes[place] = rest
            self._one[rest] = block
        return block

    def _beside(self, block: int, size: int) -> None:
        """A block of a size of which others are free."""
        addresses = self._addresses
        own, address = self._of.get(size), addresses[block]
        if own is None:
            other = self._one.pop(size)
            own = self._of[size] = [addresses[other]], {addresses[other]: other}
        heappush(own[0], address)
        own[1][address] = block

    def _lowest(self, size: int) -> int:
        """The lowest block of a size of which there are several, free no more."""
        heap, there = self._of[size]
        block = there.pop(heappop(heap), NONE)
        while block < 0:
            block = there.pop(heappop(heap), NONE)
        if not there:
            self._end(size)
        return block

    def _end(self, size: int) -> None:
        """No block of a size is left."""
        del self._of[size]
        del self._sizes[bisect_left(self._sizes, size)]

    def copy(self, addresses: MutableSequence[int]) -> "FreeBlocks":
        """As many blocks, apart, with a column of their own."""
        other = FreeBlocks(addresses, self.least)
        other._sizes, other._one = [*self._sizes], {**self._one}
        other._of = {size: ([*heap], {**there}) for size, (heap, there) in self._of.items()}
        return other
