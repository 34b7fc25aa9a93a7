"""Winograd's F(4x4, 3x3) and F(2x2, 5x5): 36 products for 16 outputs of 9 taps, or 4 of 25.

Lavin & Gray 2015, arXiv:1509.09308, section 4.3: Y = A' [(G g G') * (B' d B)] A with 6x6 cells d
of the input. Summed over channels, each of the 36 numbers of a cell is one matrix product. Both
multiply polynomials by their values at the same points, so they share B and differ in G and A.
"""

from typing import NamedTuple

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, tiles

#: Side of a cell, and its numbers.
SIDE, CELL = 6, 36

_INPUT = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
#: The points, infinity after them, and what undoes the factors in `_INPUT`.
_POINTS = (0, 1, -1, 2, -2)
_SCALES = np.array([[6], [-4], [-4], [1], [1], [24]]) / 24

#: Numbers of one tile of transformed input, and the fewest cells that keep its products busy.
TILE = 2**19
CELLS = 64

#: Numbers of transformed filters that are held at once, where one tile of cells uses them (they
#: stay in cache then) and where many do; and filters that are transformed at once.
FILTERS = 2**21, 2**22
CHUNK = 2**15

#: Multiply-accumulates that take as long as one number of a cell's transforms, to and fro, and of
#: the filters', which every pass makes again.
A_NUMBER, A_FILTER = 20, 15


def _powers(count: int) -> Array:
    """The first powers of the points, (6, count); at infinity the highest alone counts."""
    return np.vstack([np.vander(_POINTS, count, increasing=True), np.eye(count, dtype=int)[-1:]])


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


class _Rooms(NamedTuple):
    """Flat working memory."""

    padded: Array
    """The input of a tile's cells, with its padding."""
    first: Array
    second: Array
    third: Array
    """A tile of cells: what each transform reads, what it writes."""
    filters: Array
    plain: Array
    half: Array
    """Some filters together, and transformed along one axis."""


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
    images, down, across = (stretch.stop for stretch in every[0])
    cells, chunk = images * down * across, min(max(CHUNK, part), channels * part)
    high, long = ((n - 1) * step + SIDE for n, step in zip((down, across), steps, strict=True))
    sizes = (
        images * high * long * channels,
        CELL * cells * channels,
        CELL * cells * max(channels, part),
        steps[0] * SIDE * cells * part,
        CELL * channels * part,
        len(axes[0].taps) * len(axes[1].taps) * chunk,
        SIDE * len(axes[0].taps) * chunk,
    )
    rooms = _Rooms(*(scratch.empty((size,), x.dtype) for size in sizes))
    for begin in range(0, filters, part):
        some = slice(begin, min(begin + part, filters))
        transformed = _filters(weight[..., some], rooms)
        for tile in every:
            if begin == 0 or len(every) > 1:  # a single tile is still there
                inputs = _inputs(_gather(x, axes, tile, rooms), rooms)
            squares = _outputs(inputs, transformed, steps, rooms)
            if bias is not None:
                squares += bias[some]
            _place(squares, out[..., some], tile)


def _filters(weight: Array, rooms: _Rooms) -> Array:
    """G g G' for every channel and filter, some channels at a time in cache: (36, C, K)."""
    height, width, channels, filters = weight.shape
    down, across = ((_SCALES * _powers(taps)).astype(weight.dtype) for taps in (height, width))
    found = rooms.filters[: CELL * channels * filters].reshape(SIDE, SIDE, channels * filters)
    step = max(CHUNK // filters, 1)
    for begin in range(0, channels, step):
        some = weight[:, :, begin : begin + step]
        count = some.shape[2] * filters
        plain = rooms.plain[: some.size].reshape(height, width, count)
        plain.reshape(some.shape)[...] = some
        half = rooms.half[: height * SIDE * count].reshape(height, SIDE, count)
        np.matmul(across, plain, out=half)
        target = found[..., begin * filters : begin * filters + count]
        np.matmul(down, half.swapaxes(0, 1), out=target.swapaxes(0, 1))
    return found.reshape(CELL, channels, filters)


def _gather(x: Array, axes: list[Axis], tile: tuple[slice, ...], rooms: _Rooms) -> Array:
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
    stretch = rooms.padded[: int(np.prod(shape))].reshape(shape)
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


def _inputs(gathered: Array, rooms: _Rooms) -> Array:
    """d -> B' d B for every cell and channel: (36, cells, C)."""
    cells, channels = gathered.shape[2:]
    change = _INPUT.astype(gathered.dtype)
    half = rooms.second[: gathered.size].reshape(SIDE, SIDE, -1)
    np.matmul(change, gathered.reshape(SIDE, -1), out=half.reshape(SIDE, -1))
    whole = rooms.first[: gathered.size].reshape(SIDE, SIDE, -1)
    np.matmul(change, half, out=whole)
    return whole.reshape(CELL, cells, channels)


def _outputs(inputs: Array, filters: Array, steps: list[int], rooms: _Rooms) -> Array:
    """A product over the channels for each of the 36, M -> A' M A: (down, across, cells, K)."""
    cells, count = inputs.shape[1], filters.shape[-1]
    products = rooms.second[: CELL * cells * count]
    np.matmul(inputs, filters, out=products.reshape(CELL, cells, count))
    down, across = (_powers(step).T.astype(inputs.dtype) for step in steps)
    half = rooms.third[: steps[0] * SIDE * cells * count].reshape(steps[0], SIDE, -1)
    np.matmul(down, products.reshape(SIDE, -1), out=half.reshape(steps[0], -1))
    whole = rooms.second[: steps[0] * steps[1] * cells * count].reshape(*steps, -1)
    np.matmul(across, half, out=whole)
    return whole.reshape(*steps, cells, count)


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
