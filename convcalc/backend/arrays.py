"""The array type of the kernels, and the scratch memory in which they work.

A volume is (N, *spatial, C), contiguous, channels last: the channels of a window lie together, a
1x1 convolution is one matrix product, and a product's result is the layer's output, uncopied.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt

from convcalc.shapes import Shape

Array = npt.NDArray[Any]

#: Numbers of one cache-sized piece in which elementwise kernels work.
PIECE = 2**15


#: Positions of one piece, so that a number a position stays small as well.
ROWS = 2**12


def mean_of(arrays: Sequence[Array], shape: Shape) -> Array:
    """The average of arrays of this shape, in float64; zeros of none."""
    total = np.zeros(shape)
    for array in arrays:
        total += array
    return total / max(len(arrays), 1)


def unremarked() -> AbstractContextManager[object]:
    """A stretch in which NumPy says nothing of overflows and of what is no number."""
    return np.errstate(all="ignore")


class Scratch:
    """Hands out working memory and keeps count, so that a kernel's workspace is declared.

    Every array that a kernel needs besides its output comes from here, and stays until the layer
    is done; a kernel that allocates elsewhere shows as a peak that does not agree.
    """

    def __init__(self) -> None:
        self._held: list[Array] = []

    @property
    def bytes(self) -> int:
        """Bytes handed out since the last `reset`."""
        return sum(array.nbytes for array in self._held)

    def reset(self) -> None:
        """Let go of everything: the layer is done."""
        self._held.clear()

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An uninitialized array of working memory, contiguous."""
        array = np.empty(shape, dtype)
        self._held.append(array)
        return array

    def copied(self, array: Array) -> Array:
        """A contiguous copy in working memory."""
        copy = self.empty(array.shape, array.dtype)
        copy[...] = array
        return copy

    def adopt(self, array: Array) -> Array:
        """Count an array that was made elsewhere."""
        self._held.append(array)
        return array


class Counted(Scratch):
    """Scratch memory that is counted and never made: what a kernel is going to ask for."""

    def __init__(self) -> None:
        super().__init__()
        self._counted = 0

    @property
    def bytes(self) -> int:
        return self._counted

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        self._counted += math.prod(map(int, shape)) * dtype.itemsize
        return np.empty(0, dtype)

    def copied(self, array: Array) -> Array:
        self.empty(array.shape, array.dtype)
        return array


def shape_only(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An array of this shape without numbers of its own, for kernels that only need a size."""
    return np.broadcast_to(np.zeros((), dtype), shape)


def pieces(
    x: Array, out: Array, scratch: Scratch, rows: int = 1
) -> Iterator[tuple[Array, Array, Array]]:
    """Both volumes cut into short flat pieces, each with `rows` rows of its length to work in."""
    flat, target = x.reshape(-1), out.reshape(-1)
    work = scratch.empty((rows, min(PIECE, flat.size)), x.dtype)
    for i in range(0, flat.size, PIECE):
        yield flat[i : i + PIECE], target[i : i + PIECE], work[:, : flat.size - i]


def row_pieces(x: Array, out: Array) -> Iterator[tuple[Array, Array]]:
    """Both volumes as (positions, channels), cut into short runs of positions."""
    channels = x.shape[-1]
    rows, target = x.reshape(-1, channels), out.reshape(-1, channels)
    step = rows_of(x)
    for i in range(0, len(rows), step):
        yield rows[i : i + step], target[i : i + step]


def rows_of(x: Array) -> int:
    """The positions in the first, longest of the `row_pieces`."""
    channels: int = x.shape[-1]
    return max(min(PIECE // channels, ROWS, x.size // channels), 1)
