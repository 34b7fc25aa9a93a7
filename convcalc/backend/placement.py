"""Where windows lie: which input positions each output position reads, axis by axis.

A window starts wherever all of it fits between the padded edges; the sizes of outputs are the
lengths of these walks. This is deliberately not `convcalc.window`: the two are compared with each
other by `convcalc verify`.
"""

import math
from collections.abc import Iterator
from itertools import chain, product
from typing import NamedTuple

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.layers.ops import Sliding
from convcalc.shapes import Shape


class Axis(NamedTuple):
    """The windows of one axis, in positions of the unpadded input (below 0: padding)."""

    size: int
    starts: range
    """Where each window starts, one an output position."""
    taps: range
    """What each tap of a window adds to its start."""
    padded: range
    """The positions from the first of the leading to the last of the trailing padding."""

    @property
    def extent(self) -> int:
        """Positions from the first tap to the last."""
        return self.taps[-1] + 1

    def span(self, outputs: slice) -> tuple[int, int]:
        """The stretch of input, padding included, that these outputs read."""
        starts = self.starts[outputs]
        return starts[0], starts[-1] + self.extent

    def within(self, low: int, high: int) -> tuple[int, int]:
        """The part of a stretch that is real input: an empty one where all of it is padding."""
        begin = max(low, 0)
        return begin, max(min(high, self.size), begin)

    def reading(self, tap: int) -> tuple[slice, slice]:
        """Outputs for which this tap reads real input, and the input positions it reads."""
        first = max(-(-(-tap - self.starts.start) // self.starts.step), 0)
        inside = range(self.starts.start + tap, self.size, self.starts.step)
        last = min(len(inside), len(self.starts))
        if last <= first:
            return slice(0, 0), slice(0, 0)
        begin = self.starts[first] + tap
        end = self.starts[last - 1] + tap + 1
        return slice(first, last), slice(begin, end, self.starts.step)

    @property
    def reached(self) -> list[int]:
        """The taps that can read real input for some output: of a huge window most read none."""
        if self.starts.step <= self.size:  # what neighbouring windows can read lies side by side
            return list(self._between(-self.starts[-1], self.size - self.starts[0]))
        each = (self._between(-start, self.size - start) for start in self.starts)
        return sorted(set(chain.from_iterable(each)))

    def counts(self, with_padding: bool) -> list[int]:
        """How many positions each window really covers: of the input, or with its padding."""
        places = self.padded if with_padding else range(self.size)
        return [
            len(self._between(places.start - start, places.stop - start)) for start in self.starts
        ]

    def _between(self, low: int, high: int) -> range:
        """The taps from `low` to before `high`."""
        first, last = (max(-(-end // self.taps.step), 0) for end in (low, high))
        return self.taps[first : max(first, last)]

    def part(self, outputs: slice) -> "Axis":
        """The windows of these outputs alone, over the stretch of real input that they read."""
        low, high = self.within(*self.span(outputs))
        starts = self.starts[outputs]
        moved = range(starts.start - low, starts.stop - low, starts.step)
        return Axis(high - low, moved, self.taps, self.padded)


def spread(numbers: Shape, axes: int) -> Shape:
    """One number for all axes, or one per axis."""
    return numbers * axes if len(numbers) == 1 else numbers


def sides(pad: Shape, axes: int) -> list[tuple[int, int]]:
    """(begin, end) an axis from one number, one per axis, or both sides of every axis."""
    if len(pad) == 2 * axes:
        return list(zip(pad[::2], pad[1::2], strict=True))
    return [(size, size) for size in spread(pad, axes)]


def place(spatial: Shape, sliding: Sliding) -> list[Axis]:
    """The windows on every axis of a volume with these spatial sizes."""
    axes = len(spatial)
    pads = None if isinstance(sliding.pad, str) else sides(sliding.pad, axes)
    found = []
    for i, size in enumerate(spatial):
        kernel, stride, dilation = (
            spread(numbers, axes)[i]
            for numbers in (sliding.kernel, sliding.stride, sliding.dilation)
        )
        taps = range(0, dilation * kernel, dilation)
        if pads is None:
            found.append(_centred(size, taps, stride))
        else:
            found.append(_between(size, taps, stride, *pads[i], sliding.ceil))
    return found


def _between(size: int, taps: range, stride: int, begin: int, end: int, ceil: bool) -> Axis:
    """Every start from which a whole window fits; `ceil` adds one that begins before the end."""
    stop = size + end - taps[-1]
    starts = range(-begin, stop, stride)
    following = starts.start + len(starts) * stride
    hangs = following - stride + taps[-1] + 1 < size + end  # the last window ends before the edge
    if ceil and hangs and following < size:
        starts = range(-begin, following + 1, stride)
    return Axis(size, starts, taps, range(-begin, size + end))


def _centred(size: int, taps: range, stride: int) -> Axis:
    """``same``: a window for every stride begun; what they overhang is split, more at the end."""
    windows = range(0, size, stride)
    over = max(windows[-1] + taps[-1] + 1 - size, 0)
    begin = over // 2
    starts = range(-begin, windows[-1] - begin + 1, stride)
    return Axis(size, starts, taps, range(-begin, size + over - begin))


def within_reach(axes: list[Axis]) -> tuple[list[Axis], tuple[slice, ...]]:
    """The windows without the taps at their ends that read padding alone, and which taps stay.

    Of a dilation that is larger than its input one tap in the middle stays: what its whole window
    covers would be a padded copy without any bound. A window that reads nothing keeps a tap.
    """
    kept: list[Axis] = []
    taps: list[slice] = []
    for axis in axes:
        reached = axis.reached or [0]
        first = reached[0] // axis.taps.step
        part = slice(first, reached[-1] // axis.taps.step + 1)
        lead, starts = axis.taps[first], axis.starts
        moved = range(starts.start + lead, starts.stop + lead, starts.step)
        number = part.stop - first
        kept.append(
            Axis(axis.size, moved, range(0, number * axis.taps.step, axis.taps.step), axis.padded)
        )
        taps.append(part)
    return kept, tuple(taps)


def tiles(counts: Shape, most: int) -> Iterator[tuple[slice, ...]]:
    """Output positions cut into tiles of at most `most` that lie together in memory.

    Inner axes are taken whole as far as they fit, so a tile of a contiguous array is contiguous.
    """
    lengths: list[int] = []
    for count in reversed(counts):
        take = max(min(count, most), 1)
        lengths.insert(0, -(-count // -(-count // take)))
        most //= count
    grids = (
        [slice(i, min(i + step, count)) for i in range(0, count, step)]
        for count, step in zip(counts, lengths, strict=True)
    )
    return product(*grids)


def tile_size(counts: Shape, most: int) -> int:
    """The outputs in the largest of these `tiles`."""
    first = next(tiles(counts, most))
    return math.prod(part.stop - part.start for part in first)


def block_size(axes: list[Axis], counts: Shape, most: int) -> int:
    """The positions, padding included, in the largest stretch of input that a tile reads."""
    images, *first = next(tiles(counts, most))
    size = images.stop
    for axis, part in zip(axes, first, strict=True):
        low, high = axis.span(part)
        size *= high - low
    return int(size)


def block(x: Array, axes: list[Axis], tile: tuple[slice, ...], room: Array) -> Array:
    """The input that a tile of outputs reads, zeros in the padding; `x` itself where there is none.

    `room` is flat working memory, large enough.
    """
    images, *parts = tile
    spans = [axis.span(part) for axis, part in zip(axes, parts, strict=True)]
    inner = [axis.within(*span) for axis, span in zip(axes, spans, strict=True)]
    source = x[(images, *(slice(*stretch) for stretch in inner))]
    if inner == spans:
        return source
    shape = (len(source), *(high - low for low, high in spans), x.shape[-1])
    padded = room[: math.prod(shape)].reshape(shape)
    target = [(begin - low, end - low) for (low, _), (begin, end) in zip(spans, inner, strict=True)]
    for i, (begin, end) in enumerate(target, 1):  # zeros at the edges only
        front: tuple[slice, ...] = (slice(None),) * i
        padded[(*front, slice(0, begin))] = 0
        padded[(*front, slice(end, None))] = 0
    padded[(slice(None), *(slice(*stretch) for stretch in target))] = source
    return padded


def windows(source: Array, axes: list[Axis], tile: tuple[slice, ...]) -> Array:
    """All windows of a tile as a view (N, *outputs, *taps, C) of its block: nothing is copied."""
    counts = [part.stop - part.start for part in tile[1:]]
    steps = source.strides[1:-1]
    return np.lib.stride_tricks.as_strided(
        source,
        (len(source), *counts, *(len(axis.taps) for axis in axes), source.shape[-1]),
        (
            source.strides[0],
            *(step * axis.starts.step for step, axis in zip(steps, axes, strict=True)),
            *(step * axis.taps.step for step, axis in zip(steps, axes, strict=True)),
            source.strides[-1],
        ),
        writeable=False,
    )
