"""Pools whose output size is given: windows spread as evenly as can be over every axis."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import spread
from convcalc.shapes import Shape


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


def fractional_max_pool(x: Array, ratio: float, output: Shape, scratch: Scratch) -> Array:
    """Largest number of 2x2 regions that start at floor(alpha*(i + u)), u = 1/2 (Graham 2014).

    The sequence is the paper's pseudo-random one with its u fixed, so that runs repeat; the last
    region ends at the edge, as in PyTorch. A `ratio` below 1 keeps that share of the positions,
    one above is Graham's alpha.
    """
    windows = []
    for number, size in enumerate(x.shape[1:-1]):
        if output:
            count = spread(output, x.ndim - 2)[number]
        else:
            share = Fraction(repr(ratio))
            share = share if share < 1 else 1 / share
            count = sum(i <= size * share for i in range(1, size + 1))
        alpha = Fraction(size - 2, count - 1) if count > 1 else Fraction(0)
        half = Fraction(1, 2)
        starts = [int((i + half) * alpha) - int(half * alpha) for i in range(count - 1)]
        windows.append([slice(start, start + 2) for start in (*starts, size - 2)])
    return _folded(x, windows, np.maximum.reduce, scratch)


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
