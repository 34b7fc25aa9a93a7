"""Pools whose output size is given: windows spread as evenly as can be over every axis."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import spread
from convcalc.shapes import Shape

#: the offsets that a grid can have
_STEPS = 2**20


def adaptive_max_pool(x: Array, output: Shape, scratch: Scratch) -> Array:
    """Largest number of window i, from floor(i*W/O) to ceil((i+1)*W/O), on every axis."""
    return _folded(x, _even(x, output), np.maximum.reduce, scratch)


def adaptive_avg_pool(x: Array, output: Shape, scratch: Scratch) -> Array:
    """Mean of window i, from floor(i*W/O) to ceil((i+1)*W/O), on every axis."""
    windows = _even(x, output)
    out = _folded(x, windows, np.add.reduce, scratch)
    for number, places in enumerate(windows, 1):
        shape = [1] * x.ndim
        shape[number] = -1
        out /= np.array([part.stop - part.start for part in places], x.dtype).reshape(shape)
    return out


def fractional_max_pool(
    x: Array, ratio: float, output: Shape, overlapping: bool, grids: Random, scratch: Scratch
) -> Array:
    """Largest number of regions whose places are drawn anew at every call (Graham 2014).

    Each axis draws one u of Graham's pseudo-random sequence floor(alpha*(i + u)). `overlapping`
    regions are 2 wide and the last ends at the edge, as in PyTorch; the others divide the axis, 1
    or 2 wide where it shrinks to more than half. A `ratio` below 1 keeps that share of the
    positions, one above is Graham's alpha.
    """
    windows = []
    for number, size in enumerate(x.shape[1:-1]):
        if output:
            count = spread(output, x.ndim - 2)[number]
        else:
            share = Fraction(repr(ratio))
            share = share if share < 1 else 1 / share
            count = sum(i <= size * share for i in range(1, size + 1))
        u = Fraction(grids.randrange(_STEPS), _STEPS)
        windows.append(_regions(size, count, u, overlapping))
    return _folded(x, windows, np.maximum.reduce, scratch)


def _regions(size: int, count: int, u: Fraction, overlapping: bool) -> list[slice]:
    """One axis' regions, by the offset `u` from 0 up to 1."""
    if not overlapping:
        alpha = Fraction(size, count)
        ends = [int((i + u) * alpha) - int(u * alpha) for i in range(count + 1)]
        return [slice(start, stop) for start, stop in pairwise(ends)]
    alpha = Fraction(size - 2, count - 1) if count > 1 else Fraction(0)
    starts = [int((i + u) * alpha) - int(u * alpha) for i in range(count - 1)]
    return [slice(start, start + 2) for start in (*starts, size - 2)]


def _even(x: Array, output: Shape) -> list[list[slice]]:
    sizes = spread(output, x.ndim - 2)
    return [
        [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
        for size, count in zip(x.shape[1:-1], sizes, strict=True)
    ]


def _folded(
    x: Array, windows: list[list[slice]], fold: Callable[..., Array], scratch: Scratch
) -> Array:
    """Fold every window of one axis after the other, the first axis first."""
    for number, places in enumerate(windows, 1):
        shape = (*x.shape[:number], len(places), *x.shape[number + 1 :])
        last = number == len(windows)
        out = np.empty(shape, x.dtype) if last else scratch.empty(shape, x.dtype)
        front, targets = (slice(None),) * number, np.moveaxis(out, number, 0)
        for i, part in enumerate(places):
            fold(x[(*front, part)], axis=number, out=targets[i])
        x = out
    return x
