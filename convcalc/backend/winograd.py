"""Winograd's F(4x4, 3x3): 36 products instead of 144 for a 4x4 tile of outputs.

Lavin & Gray 2015, arXiv:1509.09308, section 4.3: Y = A' [(G g G') * (B' d B)] A with 6x6 tiles d
of the input. Summed over channels, each of the 36 numbers of a tile is one matrix product.
"""

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, tiles

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
_FILTER = np.array(
    [
        [6, 0, 0],
        [-4, -4, -4],
        [-4, 4, -4],
        [1, 2, 4],
        [1, -2, 4],
        [0, 0, 24],
    ]
) / 24.0  # fmt: skip
_OUTPUT = np.array(
    [
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ]
)

#: Numbers of one tile of transformed input, and the fewest cells that keep its products busy.
TILE = 2**19
CELLS = 64

#: Numbers of transformed filters that are held at once.
FILTERS = 2**22

#: Output positions from which it pays to transform the filters, 36 numbers for 9, in every pass.
POSITIONS = 700


def suits(x: Array, weight: Array, axes: list[Axis], groups: int) -> bool:
    """Whether the shape gains: 3x3, stride 1, enough channels, enough positions."""
    if groups != 1 or len(axes) != 2 or x.dtype != np.float32:
        return False
    if any(list(axis.taps) != [0, 1, 2] or axis.starts.step != 1 for axis in axes):
        return False
    positions = len(x) * len(axes[0].starts) * len(axes[1].starts)
    return bool(min(x.shape[-1], weight.shape[-1]) >= 32 and positions >= POSITIONS)


def conv(
    x: Array, weight: Array, bias: Array | None, axes: list[Axis], out: Array, scratch: Scratch
) -> None:
    """Write the convolution of x with weight (3, 3, C, K) into out (N, H, W, K).

    The output is cut into cells of 4x4, and the cells into tiles; filters are taken a part at a
    time, so that the working memory stays bounded.
    """
    channels, filters = weight.shape[-2:]
    part = -(-filters // -(-36 * channels * filters // FILTERS))
    wide = max(channels, part)
    counts = (len(x), -(-out.shape[1] // 4), -(-out.shape[2] // 4))
    most = max(TILE // (36 * wide), CELLS)
    images, down, across = (stretch.stop for stretch in next(tiles(counts, most)))
    cells = images * down * across
    padded = scratch.empty((images, 4 * down + 2, 4 * across + 2, channels), x.dtype)
    first = scratch.empty((36 * cells * wide,), x.dtype)
    second = scratch.empty((36 * cells * wide,), x.dtype)
    half = scratch.empty((18 * channels * part,), x.dtype)
    whole = scratch.empty((36 * channels * part,), x.dtype)
    plain = scratch.empty((9 * channels * part if part < filters else 0,), x.dtype)
    for begin in range(0, filters, part):
        some = slice(begin, min(begin + part, filters))
        own = weight[..., some]
        if part < filters:  # their numbers side by side, for one matrix product
            together = plain[: own.size].reshape(own.shape)
            together[...] = own
            own = together
        transformed = _filters(own, half, whole)
        for tile in tiles(counts, most):
            gathered = _gather(x, axes, tile, padded, first)
            products = _products(gathered, transformed, first, second)
            cell = _outputs(products, first, second)
            if bias is not None:
                cell += bias[some]
            _place(cell, out[..., some], tile)


def _filters(weight: Array, half: Array, whole: Array) -> Array:
    """G g G' for every filter and channel: (36, C, K)."""
    channels, filters = weight.shape[-2:]
    change = _FILTER.astype(weight.dtype)
    columns = half[: 18 * channels * filters].reshape(6, 3, channels * filters)
    np.matmul(change, weight.reshape(3, -1), out=columns.reshape(6, -1))
    both = whole[: 36 * channels * filters].reshape(6, 6, channels * filters)
    np.matmul(change, columns, out=both)
    return both.reshape(36, channels, filters)


def _gather(
    x: Array, axes: list[Axis], tile: tuple[slice, ...], padded: Array, room: Array
) -> Array:
    """The 6x6 numbers of every cell of a tile, zeros wherever the image ends: (6, 6, cells, C)."""
    images, rows, columns = tile
    count, down, across = (s.stop - s.start for s in tile)
    channels = x.shape[-1]
    stretch = padded[:count, : 4 * down + 2, : 4 * across + 2]
    stretch[...] = 0
    top = axes[0].starts.start + 4 * rows.start
    left = axes[1].starts.start + 4 * columns.start
    source = x[
        images,
        max(top, 0) : max(top + 4 * down + 2, 0),
        max(left, 0) : max(left + 4 * across + 2, 0),
    ]
    above, before = max(-top, 0), max(-left, 0)
    high, wide = source.shape[1:3]
    stretch[:, above : above + high, before : before + wide] = source
    image, row, column, channel = stretch.strides
    view = np.lib.stride_tricks.as_strided(
        stretch,
        (6, 6, count, down, across, channels),
        (row, column, image, 4 * row, 4 * column, channel),
    )
    gathered = room[: view.size].reshape(view.shape)
    gathered[...] = view
    return gathered.reshape(6, 6, -1, channels)


def _products(gathered: Array, transformed: Array, first: Array, second: Array) -> Array:
    """d -> B' d B, then one matrix product over the channels for each of the 36: (36, cells, K)."""
    cells, channels = gathered.shape[2:]
    change = _INPUT.astype(gathered.dtype)
    half = second[: gathered.size].reshape(6, 6, -1)
    np.matmul(change, gathered.reshape(6, -1), out=half.reshape(6, -1))
    whole = first[: gathered.size].reshape(6, 6, -1)
    np.matmul(change, half, out=whole)
    products = second[: 36 * cells * transformed.shape[-1]].reshape(36, cells, -1)
    return np.matmul(whole.reshape(36, cells, channels), transformed, out=products)


def _outputs(products: Array, first: Array, second: Array) -> Array:
    """M -> A' M A, the 4x4 outputs of every cell and filter: (4, 4, cells, K)."""
    cells, filters = products.shape[1:]
    change = _OUTPUT.astype(products.dtype)
    half = first[: 24 * cells * filters].reshape(4, 6, -1)
    np.matmul(change, products.reshape(6, -1), out=half.reshape(4, -1))
    whole = second[: 16 * cells * filters].reshape(4, 4, -1)
    np.matmul(change, half, out=whole)
    return whole.reshape(4, 4, cells, filters)


def _place(cell: Array, out: Array, tile: tuple[slice, ...]) -> None:
    """Write the cells of a tile into the output, cut where it ends."""
    images, rows, columns = tile
    count, down, across = (s.stop - s.start for s in tile)
    result = out[images, 4 * rows.start : 4 * rows.stop, 4 * columns.start : 4 * columns.stop]
    grid = cell.reshape(4, 4, count, down, across, -1)
    for i in range(4):
        for j in range(4):
            target = result[:, i::4, j::4]
            target[...] = grid[i, j, :, : target.shape[1], : target.shape[2]]
