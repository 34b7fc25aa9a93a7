"""Winograd's F(4x4, 3x3) and F(2x2, 5x5): 36 products for 16 outputs of 9 taps, or 4 of 25.

Lavin & Gray 2015, arXiv:1509.09308, section 4.3: Y = A' [(G g G') * (B' d B)] A with 6x6 cells d
of the input. Summed over channels, each of the 36 numbers of a cell is one matrix product. Here
are the cells and the choice; `winograd_transforms` has the matrices.
"""

import math

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, tiles
from convcalc.backend.winograd_transforms import (
    CELL,
    CHUNK,
    SIDE,
    Rooms,
    filters_transformed,
    inputs_transformed,
    outputs,
)

#: Numbers of one tile of transformed input, and the fewest cells that keep its products busy.
TILE = 2**19
CELLS = 64

#: Numbers of transformed filters that are held at once, where one tile of cells uses them (they
#: stay in cache then) and where many do.
FILTERS = 2**21, 2**22

#: Multiply-accumulates that take as long as one number of a cell's transforms, to and fro, and of
#: the filters', which every pass makes again.
A_NUMBER, A_FILTER = 20, 15


def _step(axis: Axis) -> int:
    """Outputs of a cell along an axis: 4 of 3 taps, 2 of 5."""
    return SIDE + 1 - len(axis.taps)


def suits(x: Array, weight: Array, axes: list[Axis], groups: int) -> bool:
    """Whether the shape gains: 3 or 5 taps an axis, stride 1, less work with all transforms."""
    if groups != 1 or len(axes) != 2 or x.dtype != np.float32:
        return False
    if any(axis.taps not in (range(3), range(5)) or axis.starts.step != 1 for axis in axes):
        return False
    channels, filters = weight.shape[-2:]
    cells = sums = len(x)
    for axis in axes:
        cells *= -(-len(axis.starts) // _step(axis))
        sums *= len(axis.starts) * len(axis.taps)
    transforms = A_NUMBER * cells * (channels + filters) + A_FILTER * channels * filters
    work = CELL * (cells * channels * filters + transforms)
    return bool(work < sums * channels * filters)


def conv(
    x: Array, weight: Array, bias: Array | None, axes: list[Axis], out: Array, scratch: Scratch
) -> None:
    """Write the convolution of x with weight (*kernel, C, K) into out (N, H, W, K).

    The output is cut into the squares of cells, and the cells into tiles; filters are taken a
    part at a time, so that the working memory stays bounded.
    """
    channels, filters = weight.shape[-2:]
    steps = [_step(axis) for axis in axes]
    counts = (len(x), -(-out.shape[1] // steps[0]), -(-out.shape[2] // steps[1]))
    every = list(tiles(counts, max(TILE // (CELL * max(channels, filters)), CELLS)))
    part = -(-filters // -(-CELL * channels * filters // FILTERS[len(every) > 1]))
    sizes = _sizes(axes, every[0], channels, part)
    rooms = Rooms(*(scratch.empty((size,), x.dtype) for size in sizes))
    for begin in range(0, filters, part):
        some = slice(begin, min(begin + part, filters))
        transformed = filters_transformed(weight[..., some], rooms)
        for tile in every:
            if begin == 0 or len(every) > 1:  # a single tile is still there
                inputs = inputs_transformed(_gather(x, axes, tile, rooms), rooms)
            squares = outputs(inputs, transformed, steps, rooms)
            if bias is not None:
                squares += bias[some]
            _place(squares, out[..., some], tile)


def _sizes(axes: list[Axis], tile: tuple[slice, ...], channels: int, part: int) -> list[int]:
    """Numbers of each of the `Rooms` for the largest tile and so many filters at a time."""
    images, *counts = (stretch.stop for stretch in tile)
    cells, padded, taps = images, images, 1
    for axis, count in zip(axes, counts, strict=True):
        cells *= count
        padded *= (count - 1) * _step(axis) + SIDE
        taps *= len(axis.taps)
    chunk = min(max(CHUNK, part), channels * part)
    return [
        padded * channels,
        CELL * cells * channels,
        CELL * cells * max(channels, part),
        SIDE * _step(axes[0]) * cells * part,
        CELL * channels * part,
        taps * chunk,
        SIDE * len(axes[0].taps) * chunk,
    ]


def _gather(x: Array, axes: list[Axis], tile: tuple[slice, ...], rooms: Rooms) -> Array:
    """The 6x6 numbers of every cell of a tile, zeros wherever the image ends: (6, 6, cells, C)."""
    images, *parts = tile
    channels = x.shape[-1]
    counts = [part.stop - part.start for part in parts]
    spans = []
    for axis, part, count in zip(axes, parts, counts, strict=True):
        start = axis.starts.start + part.start * _step(axis)
        spans.append((start, start + (count - 1) * _step(axis) + SIDE))
    inner = [slice(max(low, 0), max(high, 0)) for low, high in spans]
    source = x[images, inner[0], inner[1]]
    shape = (len(source), *(high - low for low, high in spans), channels)
    stretch = rooms.padded[: math.prod(shape)].reshape(shape)
    stretch[...] = 0
    above, before = (max(-low, 0) for low, _ in spans)
    height, width = source.shape[1:3]
    stretch[:, above : above + height, before : before + width] = source
    image, row, column, channel = stretch.strides
    down, across = (_step(axis) for axis in axes)
    view = np.lib.stride_tricks.as_strided(
        stretch,
        (SIDE, SIDE, len(source), *counts, channels),
        (row, column, image, down * row, across * column, channel),
    )
    gathered = rooms.first[: view.size].reshape(view.shape)
    gathered[...] = view
    return gathered.reshape(SIDE, SIDE, -1, channels)


def _place(squares: Array, out: Array, tile: tuple[slice, ...]) -> None:
    """Write the outputs of a tile's cells, cut where the image ends."""
    images, *parts = tile
    high, wide = squares.shape[:2]
    rows, columns = (
        slice(step * part.start, step * part.stop)
        for step, part in zip((high, wide), parts, strict=True)
    )
    result = out[images, rows, columns]
    counts = [part.stop - part.start for part in tile]
    grid = squares.reshape(high, wide, *counts, -1)
    for i, j in np.ndindex(high, wide):
        target = result[:, i::high, j::wide]
        target[...] = grid[i, j, :, : target.shape[1], : target.shape[2]]
