"""Locally connected layers: windows as in a convolution, filters of their own at every position."""

import math

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, block, block_size, place, tile_size, tiles, windows
from convcalc.layers.ops import Sliding

#: Numbers of one tile of windows.
TILE = 2**18


def rooms_of(
    x: Array, weight: Array, axes: list[Axis], scratch: Scratch
) -> tuple[int, Array, Array, Array]:
    """The most outputs of a tile, and room for the padded input that one reads, rows and products.

    `weight` gives its sizes alone.
    """
    counts = tuple(len(axis.starts) for axis in axes)
    filters, channels = weight.shape[-1], x.shape[-1]
    row = channels * math.prod(len(axis.taps) for axis in axes)
    most = max(TILE // (row * len(x)), 1)
    room = scratch.empty((len(x) * block_size(axes, (1, *counts), most) * channels,), x.dtype)
    positions = tile_size(counts, most)
    rows = scratch.empty((len(x) * positions * row,), x.dtype)
    return most, room, rows, scratch.empty((len(x) * positions * filters,), x.dtype)


def locally_connected(
    x: Array, weight: Array, bias: Array | None, sliding: Sliding, scratch: Scratch
) -> Array:
    """Unshared convolution: weight is (*positions, *kernel, C, K), bias (*positions, K)."""
    axes = place(x.shape[1:-1], sliding)
    counts = tuple(len(axis.starts) for axis in axes)
    filters = weight.shape[-1]
    out = np.empty((len(x), *counts, filters), x.dtype)
    row = x.shape[-1] * int(np.prod([len(axis.taps) for axis in axes]))
    matrices = weight.reshape(*counts, row, filters)
    most, room, rows, results = rooms_of(x, weight, axes, scratch)
    for places in tiles(counts, most):
        tile = (slice(0, len(x)), *places)
        view = windows(block(x, axes, tile, room), axes, tile)
        columns = rows[: view.size].reshape(len(x), -1, row)
        columns.reshape(view.shape)[...] = view
        own = matrices[places].reshape(-1, row, filters)
        # one product a position: (positions, images, row) @ (positions, row, filters)
        product = results[: own.shape[0] * len(x) * filters].reshape(len(own), len(x), filters)
        np.matmul(columns.transpose(1, 0, 2), own, out=product)
        target = out[tile]
        target[...] = product.transpose(1, 0, 2).reshape(target.shape)
    if bias is not None:
        out += bias
    return out
