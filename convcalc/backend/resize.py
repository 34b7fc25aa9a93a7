"""Volumes enlarged: every position repeated, or numbers in between interpolated."""

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import spread
from convcalc.layers.upsample import nearest
from convcalc.shapes import Shape


def counts_of(x: Array, scale: Shape, size: Shape) -> list[int]:
    """The positions of every axis of the output."""
    rank = x.ndim - 2
    if not scale:
        return list(spread(size, rank))
    return [have * by for have, by in zip(x.shape[1:-1], spread(scale, rank), strict=True)]


def upsample(x: Array, scale: Shape, size: Shape, linear: bool, scratch: Scratch) -> Array:
    """Enlarge every axis by `scale`, or to `size`, as PyTorch does without align_corners."""
    rank = x.ndim - 2
    counts = counts_of(x, scale, size)
    for number, count in enumerate(counts, 1):
        have, shape = x.shape[number], (*x.shape[:number], count, *x.shape[number + 1 :])
        out = np.empty(shape, x.dtype) if number == rank else scratch.empty(shape, x.dtype)
        if linear:
            _interpolate(x, number, out, scratch)
        else:
            if scale:
                places = np.repeat(np.arange(have), spread(scale, rank)[number - 1])
            else:
                places = np.array(nearest(have, count))
            np.take(x, scratch.adopt(places), axis=number, out=out, mode="clip")
        x = out
    return x


def _interpolate(x: Array, number: int, out: Array, scratch: Scratch) -> None:
    """Each output lies between two inputs, centre on centre; flat beyond the outer ones."""
    have, count = x.shape[number], out.shape[number]
    lines, targets = np.moveaxis(x, number, 0), np.moveaxis(out, number, 0)
    work = scratch.empty(lines[0].shape, x.dtype)
    for i in range(count):
        # the centre (i + 1/2) * have/count - 1/2, over a common denominator of 2*count
        place = max((2 * i + 1) * have - count, 0)
        low, rest = divmod(place, 2 * count)
        share = rest / (2 * count)
        target = targets[i]
        np.multiply(lines[low], 1 - share, out=target)
        if rest:
            target += np.multiply(lines[min(low + 1, have - 1)], share, out=work)
