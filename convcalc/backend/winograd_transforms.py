"""The transforms of Winograd's convolutions, by two small matrices each, along both axes.

They multiply polynomials by their values at six points: 0, 1, -1, 2, -2 and infinity. The matrix
of the input, B', is the same for every number of taps; those of the filters and outputs, G and A,
are powers of the points (Lavin & Gray 2015, arXiv:1509.09308, section 4).
"""

from typing import NamedTuple

import numpy as np

from convcalc.backend.arrays import Array

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

#: Numbers of filters that are transformed at once, in cache.
CHUNK = 2**15


class Rooms(NamedTuple):
    """Flat working memory for a tile of cells and for some of the filters."""

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


def _powers(count: int) -> Array:
    """The first powers of the points, (6, count); at infinity the highest alone counts."""
    return np.vstack([np.vander(_POINTS, count, increasing=True), np.eye(count, dtype=int)[-1:]])


def filters_transformed(weight: Array, rooms: Rooms) -> Array:
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


def inputs_transformed(gathered: Array, rooms: Rooms) -> Array:
    """d -> B' d B for every cell and channel: (36, cells, C)."""
    cells, channels = gathered.shape[2:]
    change = _INPUT.astype(gathered.dtype)
    half = rooms.second[: gathered.size].reshape(SIDE, SIDE, -1)
    np.matmul(change, gathered.reshape(SIDE, -1), out=half.reshape(SIDE, -1))
    whole = rooms.first[: gathered.size].reshape(SIDE, SIDE, -1)
    np.matmul(change, half, out=whole)
    return whole.reshape(CELL, cells, channels)


def outputs(inputs: Array, filters: Array, steps: list[int], rooms: Rooms) -> Array:
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
