"""Convolution: the windows as rows of a matrix, times the filters (CS231n notes, im2col).

The notes' X_col holds every window of the image at once: F*F times the input. Here it is made a
tile of outputs at a time in one small buffer, which is faster too, for the tile stays in cache.
"""

import numpy as np

from convcalc.backend import depthwise, winograd
from convcalc.backend.arrays import Array, Scratch, row_pieces
from convcalc.backend.placement import (
    Axis,
    block,
    block_size,
    place,
    tile_size,
    tiles,
    windows,
    within_reach,
)
from convcalc.layers.ops import Sliding
from convcalc.shapes import Shape

#: Numbers of one tile of columns, and the fewest rows that keep a matrix product busy.
TILE = 2**18
ROWS = 512


def conv(
    x: Array,
    weight: Array,
    bias: Array | None,
    sliding: Sliding,
    groups: int,
    scratch: Scratch,
    exact: bool = False,
) -> Array:
    """Convolution of x (N, *spatial, C) with weight (*kernel, C/groups, filters).

    `exact` keeps to plain sums of products: no Winograd.
    """
    axes, weight = _within_reach(x, weight, sliding, scratch)
    counts = tuple(len(axis.starts) for axis in axes)
    out = np.empty((len(x), *counts, weight.shape[-1]), x.dtype)
    if groups == x.shape[-1] and groups > 1:
        depthwise.conv(x, weight, bias, axes, out, scratch)
    elif groups == 1 and _pointwise(axes):
        _product(x, weight, bias, out)
    elif not exact and winograd.suits(x, weight, axes, groups):
        winograd.conv(x, weight, bias, axes, out, scratch)
    else:
        _tiled(x, weight, bias, axes, groups, out, scratch)
    return out


def _within_reach(
    x: Array, weight: Array, sliding: Sliding, scratch: Scratch
) -> tuple[list[Axis], Array]:
    """The windows as far as they read input for any output, and the filters' part for these."""
    axes, taps = within_reach(place(x.shape[1:-1], sliding))
    kept = weight[taps]
    return axes, weight if kept.shape == weight.shape else scratch.copied(kept)


def _pointwise(axes: list[Axis]) -> bool:
    """Whether every output reads exactly its own position: a 1x1 conv without stride."""
    return all(len(axis.taps) == 1 and axis.starts == range(axis.size) for axis in axes)


def _product(x: Array, weight: Array, bias: Array | None, out: Array) -> None:
    filters = weight.reshape(-1, weight.shape[-1])
    rows, target = x.reshape(-1, x.shape[-1]), out.reshape(-1, out.shape[-1])
    np.matmul(rows, filters, out=target)
    if bias is not None:
        for piece, same in row_pieces(target, target):
            np.add(piece, bias, out=same)


def rooms_of(
    x: Array, weight: Array, sliding: Sliding, groups: int, scratch: Scratch, exact: bool
) -> None:
    """Take the working memory of `conv`, which computes nothing here."""
    axes, weight = _within_reach(x, weight, sliding, scratch)
    counts = (len(x), *(len(axis.starts) for axis in axes))
    if groups == x.shape[-1] and groups > 1:
        depthwise.rooms_of(x, weight, axes, counts, scratch)
    elif groups == 1 and (
        _pointwise(axes) or (not exact and winograd.suits(x, weight, axes, groups))
    ):
        return  # none, or one that is bounded
    else:
        _tile_rooms(x, weight, axes, counts, scratch)


def _tile_rooms(
    x: Array, weight: Array, axes: list[Axis], counts: Shape, scratch: Scratch
) -> tuple[int, Array, Array]:
    """The most outputs of a tile, and room for the padded input that one reads and its columns."""
    channels, taps = x.shape[-1], weight[..., 0, 0].size
    most = max(ROWS, TILE // (taps * channels))
    room = scratch.empty((block_size(axes, counts, most) * channels,), x.dtype)
    rows = scratch.empty((tile_size(counts, most) * taps * channels,), x.dtype)
    return most, room, rows


def _tiled(
    x: Array,
    weight: Array,
    bias: Array | None,
    axes: list[Axis],
    groups: int,
    out: Array,
    scratch: Scratch,
) -> None:
    """Columns of a tile, one matrix product a group, the bias while the tile is in cache."""
    channels, filters = x.shape[-1], weight.shape[-1]
    counts = out.shape[:-1]
    most, room, rows = _tile_rooms(x, weight, axes, counts, scratch)
    # a group's filters: (groups, taps * channels/groups, filters/groups)
    matrix = weight.reshape(-1, groups, filters // groups).transpose(1, 0, 2)
    for tile in tiles(counts, most):
        view = windows(block(x, axes, tile, room), axes, tile)
        target = out[tile].reshape(-1, groups, filters // groups)
        columns = rows[: view.size].reshape(groups, len(target), -1)
        spread = columns.reshape(groups, *view.shape[:-1], channels // groups)
        np.copyto(
            np.moveaxis(spread, 0, -2), view.reshape(*view.shape[:-1], groups, channels // groups)
        )
        np.matmul(columns, matrix, out=target.transpose(1, 0, 2))
        if bias is not None:
            target += bias.reshape(groups, -1)
