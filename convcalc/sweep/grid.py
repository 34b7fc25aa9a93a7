"""Which variants a sweep has: all combinations of its axes, or a sample of them.

Every variant has a number, and is worked out from it alone: a sweep can start anywhere, in any
process, and holds none of the others in memory.
"""

from collections.abc import Iterator
from hashlib import blake2b
from math import prod
from typing import Literal, NamedTuple

from convcalc.sweep.axes import Axis, AxisValue

Sampling = Literal["latin", "random"]

#: Variants that are worked out without ``--sample``.
MOST = 10_000_000


class Grid(NamedTuple):
    """The axes of a sweep, in the order of the command line; the last one varies fastest."""

    axes: tuple[Axis, ...]
    sample: int | None = None
    """How many variants are drawn; None for all."""
    seed: int = 0
    sampling: Sampling = "latin"

    @property
    def combinations(self) -> int:
        """How many there are in all."""
        return prod(axis.length for axis in self.axes)

    @property
    def size(self) -> int:
        """How many variants the sweep has."""
        if self.sample is None:
            return self.combinations
        return min(self.sample, self.combinations)

    def variant(self, number: int) -> tuple[AxisValue, ...]:
        """The values of variant `number` (from 0), one per axis."""
        if self.sample is None or self.sample >= self.combinations:
            return self._combination(number)
        if self.sampling == "random":
            key = f"{self.seed}"
            at = permuted(number, self.combinations, key)
            return self._combination(at)
        return tuple(
            axis.value(self._stratum(number, place, axis.length))
            for place, axis in enumerate(self.axes)
        )

    def variants(self, start: int, stop: int) -> Iterator[tuple[AxisValue, ...]]:
        """Some variants in order."""
        return map(self.variant, range(start, stop))

    def _combination(self, number: int) -> tuple[AxisValue, ...]:
        values = []
        for axis in reversed(self.axes):
            number, index = divmod(number, axis.length)
            values.append(axis.value(index))
        return tuple(reversed(values))

    def _stratum(self, number: int, place: int, count: int) -> int:
        """A latin hypercube: each of `size` equal parts of an axis is drawn from once."""
        size = self.size
        part = permuted(number, size, f"{self.seed}/{place}")
        first, after = part * count // size, (part + 1) * count // size
        if after <= first + 1:
            return first
        return first + _hashed(f"{self.seed}/{place}/at/{part}") % (after - first)


def permuted(index: int, size: int, key: str) -> int:
    """Where an index goes in a shuffle of `size` that is never written out.

    A Feistel network over the next power of four, walked until it lands inside (Black & Rogaway
    2002, Ciphers with arbitrary finite domains).

    >>> sorted(permuted(i, 10, "seed") for i in range(10)) == list(range(10))
    True
    """
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = index >> half, index & mask
        for turn in range(4):
            left, right = right, left ^ (_hashed(f"{key}/{turn}/{right}") & mask)
        index = left << half | right
        if index < size:
            return index


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")
