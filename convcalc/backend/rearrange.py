"""Volumes cut, padded, joined and rearranged: nothing is computed.

Every output is a new array: the next layer may overwrite it where others still read the input.
"""

from collections.abc import Sequence
from itertools import product
from typing import TypeVar

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.backend.placement import sides, spread
from convcalc.shapes import Shape

T = TypeVar("T")


def slice_channels(x: Array, start: int, stop: int) -> Array:
    """Channels start to stop; a stop of 0 keeps all to the end."""
    return x[..., start : stop or None].copy()


def pad(x: Array, around: Shape, channels: Shape, mode: str) -> Array:
    """Zeros (or the volume mirrored, or its edge) around every axis; zero channels."""
    pairs = [(0, 0), *sides(around, x.ndim - 2), *sides(channels, 1)]
    if mode == "zeros" or x.ndim == 2:  # a vector has no positions to repeat
        return np.pad(x, pairs)
    *outer, inner = [_sources(size, pair, mode == "reflect") for size, pair in _zip(x, pairs[1:-1])]
    lines = [range(len(x)), *outer]
    out = np.empty((*map(len, lines), len(inner), x.shape[-1]), x.dtype)
    columns = np.asarray(inner)
    # a line at a time, straight into its place: NumPy's own modes copy the sides of the whole batch
    for place, line in zip(np.ndindex(*map(len, lines)), product(*lines), strict=True):
        np.take(x[line], columns, axis=0, out=out[place], mode="clip")
    return out


def _sources(size: int, pair: tuple[int, int], mirrored: bool) -> list[int]:
    """Where the positions of a padded axis come from: its edge, or what is mirrored there."""
    begin, end = pair
    before = range(begin, 0, -1) if mirrored else [0] * begin
    after = range(size - 2, size - 2 - end, -1) if mirrored else [size - 1] * end
    return [*before, *range(size), *after]


def crop_sides(x: Array, around: Shape) -> Array:
    """What is left without the sides."""
    pairs = sides(around, x.ndim - 2)
    return _cut(x, [(begin, size - end) for size, (begin, end) in _zip(x, pairs)])


def crop_middle(x: Array, size: Shape) -> Array:
    """The middle of a volume; one that cannot be centered starts half a position earlier."""
    kept = spread(size, x.ndim - 2)
    begins = [((have - want) // 2, want) for have, want in _zip(x, kept)]
    return _cut(x, [(begin, begin + want) for begin, want in begins])


def _zip(x: Array, values: Sequence[T]) -> list[tuple[int, T]]:
    return list(zip(x.shape[1:-1], values, strict=True))


def _cut(x: Array, stretches: list[tuple[int, int]]) -> Array:
    return x[(slice(None), *(slice(*stretch) for stretch in stretches))].copy()


def pixel_shuffle(x: Array, factor: int, depth_first: bool) -> Array:
    """Channel c*factor^axes + i*factor + j becomes position (i, j) of channel c.

    `depth_first`: channel (i*factor + j)*channels + c does.
    """
    n, *spatial, channels = x.shape
    rank = len(spatial)
    square, left = (factor,) * rank, (channels // factor**rank,)
    parts = x.reshape(n, *spatial, *(square + left if depth_first else left + square))
    within = rank + 1 if depth_first else rank + 2
    order = [0]
    for axis in range(rank):
        order += [1 + axis, within + axis]
    moved = parts.transpose(*order, 2 * rank + 1 if depth_first else rank + 1)
    return moved.copy().reshape(n, *(size * factor for size in spatial), -1)


def space_to_depth(x: Array, factor: int, depth_first: bool) -> Array:
    """The inverse of `pixel_shuffle`."""
    n, *spatial, channels = x.shape
    rank = len(spatial)
    halves = [part for size in spatial for part in (size // factor, factor)]
    parts = x.reshape(n, *halves, channels)
    places = [1 + 2 * axis for axis in range(rank)]
    within, last = [2 + 2 * axis for axis in range(rank)], [2 * rank + 1]
    order = [0, *places, *(within + last if depth_first else last + within)]
    moved = parts.transpose(order).copy()
    return moved.reshape(n, *(size // factor for size in spatial), -1)


def channel_shuffle(x: Array, groups: int) -> Array:
    """Channel g*n + i becomes i*groups + g: the groups are interleaved."""
    *front, channels = x.shape
    parts = x.reshape(*front, groups, channels // groups)
    return parts.swapaxes(-1, -2).copy().reshape(x.shape)
