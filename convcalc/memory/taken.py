"""Which addresses are taken while which layers run, found without a look at every volume.

Layers are cut into blocks of 16, these into blocks of 256, and so on. A volume is entered in the
few blocks that together are its life, and in those that it ends in: what is alive at some time of a
stretch of layers is alive at its last one, or ends before. A block keeps stretches of addresses,
joined where they touch: of volumes beside each other one is left.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

_BITS = 4  #: a block is 2**4 of the next smaller ones


class Taken:
    """Addresses in a block of memory, each taken from one layer to another."""

    def __init__(self, layers: int) -> None:
        levels = range(-(-layers.bit_length() // _BITS) + 1)
        self._alive: list[dict[int, list[int]]] = [{} for _ in levels]
        """By level and block the starts and ends of what lives while all of it runs."""
        self._ended: list[dict[int, list[int]]] = [{} for _ in levels]
        """Of what ends in it."""
        self.steps = 0
        """How many stretches of addresses were looked at."""

    def take(self, start: int, end: int, first: int, last: int) -> None:
        """Addresses are taken while the layers from `first` to `last` run."""
        for level, block in _blocks(first, last + 1):
            _join(self._alive[level].setdefault(block, []), start, end)
        for level, blocks in enumerate(self._ended):
            _join(blocks.setdefault(last >> _BITS * level, []), start, end)

    def gap(self, size: int, first: int, last: int) -> int:
        """The start of the smallest gap that is large enough while layers run, the lower of equals.

        Where there is none: the end of all that is taken meanwhile.
        """
        best, smallest, end = -1, 0, 0
        for start, until in self._between(first, last):
            gap = start - end
            if gap >= size and (best < 0 or gap < smallest):
                best, smallest = end, gap
            if until > end:
                end = until
        return best if best >= 0 else end

    def _between(self, first: int, last: int) -> list[tuple[int, int]]:
        """The stretches that are taken while some of the layers run, by their starts."""
        found: list[tuple[int, int]] = []
        for level, blocks in enumerate(self._alive):
            own = blocks.get(last >> _BITS * level)
            if own:
                found += zip(own[::2], own[1::2], strict=True)
        for level, block in _blocks(first, last):
            own = self._ended[level].get(block)
            if own:
                found += zip(own[::2], own[1::2], strict=True)
        found.sort()
        self.steps += len(found)
        return found


def _blocks(first: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest blocks, each with its level, that are the layers from one to before another."""
    level, inside = 0, (1 << _BITS) - 1
    while first < end:
        while first & inside and first < end:
            yield level, first
            first += 1
        while end & inside and first < end:
            end -= 1
            yield level, end
        first, end, level = first >> _BITS, end >> _BITS, level + 1


def _join(edges: list[int], start: int, end: int) -> None:
    """Enter one stretch into starts and ends of stretches, of which none touch."""
    low, high = bisect_left(edges, start), bisect_right(edges, end)
    between = [] if low % 2 else [start]  # else inside of a stretch, or at its end
    if not high % 2:
        between.append(end)
    edges[low:high] = between
