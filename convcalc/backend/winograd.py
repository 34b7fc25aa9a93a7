"""Winograd's F(4x4, 3x3): 36 products instead of 144 for a 4x4 tile of outputs.

Lavin & Gray 2015, arXiv:1509.09308, section 4.3: Y = A' [(G g G') * (B' d B)] A with 6x6 tiles d
of the input. Summed over channels, each of the 36 numbers of a tile is one matrix product.
"""

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis

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

#: Numbers of one tile block of transformed input.
TILE = 2**19


def suits(x: Array, weight: Array, axes: list[Axis], groups: int) -> bool:
    """Whether the shape gains: 3x3, stride 1, enough channels, many more positions than filters.

    The filters are transformed in every pass, 36 numbers for 9, so it takes positions to pay.
    """
    if groups != 1 or len(axes) != 2 or x.dtype != np.float32:
        return False
    if any(list(axis.taps) != [0, 1, 2] or axis.starts.step != 1 for axis in axes):
        return False
    positions = len(x) * len(axes[0].starts) * len(axes[1].starts)
    return bool(
        min(x.shape[-1], weight.shape[-1]) >= 32 and positions >= 3 * weight.shape[-1] + 256
    )


def conv(
    x: Array, weight: Array, bias: Array | None, axes: list[Axis], out: Array, scratch: Scratch
) -> None:
    """Write the convolution of x with weight (3, 3, C, K) into out (N, H, W, K)."""
    channels, filters = weight.shape[-2:]
    dtype = x.dtype
    into, back = _INPUT.astype(dtype), _OUTPUT.astype(dtype)
    _, height, width, _ = out.shape
    across = -(-width // 4)
    down = max(min(TILE // (36 * across * max(channels, filters)), -(-height // 4)), 1)
    transformed = _filters(weight, scratch)
    cells = down * across
    padded = scratch.empty((4 * down + 2, 4 * across + 2, channels), dtype)
    first = scratch.empty((36 * cells * max(channels, filters),), dtype)
    second = scratch.empty((36 * cells * max(channels, filters),), dtype)
    for image, result in zip(x, out, strict=True):
        for top in range(0, height, 4 * down):
            rows = min(down, -(-(height - top) // 4))
            count = rows * across
            stretch = padded[: 4 * rows + 2]
            _fill(stretch, image, axes, top)
            strides = stretch.strides[:2]
            tiles = np.lib.stride_tricks.as_strided(
                stretch,
                (6, 6, rows, across, channels),
                (*strides, 4 * strides[0], 4 * strides[1], dtype.itemsize),
            )
            # d -> B' d B, 6x6 numbers a cell and channel
            size = 36 * count * channels
            gathered = first[:size].reshape(6, 6, rows, across, channels)
            gathered[...] = tiles
            half = second[:size].reshape(6, -1)
            np.matmul(into, gathered.reshape(6, -1), out=half)
            whole = first[:size].reshape(6, 6, -1)
            np.matmul(into, half.reshape(6, 6, -1), out=whole)
            # 36 matrix products over the channels
            products = second[: 36 * count * filters].reshape(36, count, filters)
            np.matmul(whole.reshape(36, count, channels), transformed, out=products)
            # M -> A' M A, 4x4 outputs a cell and filter
            half = first[: 24 * count * filters].reshape(4, -1)
            np.matmul(back, products.reshape(6, -1), out=half)
            cell = second[: 16 * count * filters].reshape(4, 4, -1)
            np.matmul(back, half.reshape(4, 6, -1), out=cell)
            if bias is not None:
                cell.reshape(-1, filters)[...] += bias
            _place(cell.reshape(4, 4, rows, across, filters), result[top : top + 4 * rows])


def _filters(weight: Array, scratch: Scratch) -> Array:
    """G g G' for every filter and channel: (36, C, K)."""
    channels, filters = weight.shape[-2:]
    change = _FILTER.astype(weight.dtype)
    half = scratch.empty((6, 3 * channels * filters), weight.dtype)
    np.matmul(change, weight.reshape(3, -1), out=half)
    whole = scratch.empty((6, 6, channels * filters), weight.dtype)
    np.matmul(change, half.reshape(6, 3, -1), out=whole)
    return whole.reshape(36, channels, filters)


def _fill(stretch: Array, image: Array, axes: list[Axis], top: int) -> None:
    """The input rows from output row `top` on, zeros wherever the image ends."""
    stretch[...] = 0
    low, left = axes[0].starts.start + top, axes[1].starts.start
    rows = image[max(low, 0) : max(low + len(stretch), 0), max(left, 0) :]
    rows = rows[:, : stretch.shape[1] - max(-left, 0)]
    above, before = max(-low, 0), max(-left, 0)
    stretch[above : above + len(rows), before : before + rows.shape[1]] = rows


def _place(cell: Array, result: Array) -> None:
    """Write 4x4 cells into the rows of the output, cut where the output ends."""
    height, width = result.shape[:2]
    for i in range(4):
        for j in range(4):
            target = result[i::4, j::4]
            target[...] = cell[i, j, : len(target), : target.shape[1]]
    assert height <= 4 * cell.shape[2] and width <= 4 * cell.shape[3]
