"""CPython's stock of freed tuples, filled before memory is measured.

A tuple that is freed is kept for the next of its length, 2,000 of each length at most. A kernel
that works tile by tile fills that stock slowly (`numpy.moveaxis` frees tuples of another length
than it took), by up to 100 KiB a length: memory that `tracemalloc` counts and no volume has. Where
the stock is full it cannot grow, however many tiles there are.
"""

_MOST = 2000  #: of one length, in every CPython up to 3.14
_LONGEST = 12  #: numbers of the longest tuple of a kernel: the sides of a tile of windows


def fill() -> None:
    """Make the stock as large as it can be."""
    for length in range(1, _LONGEST + 1):
        numbers = [0] * length
        made = [tuple(numbers) for _ in range(_MOST)]
        del made
