"""The array type of the kernels, and the scratch memory in which they work.

A volume is (N, *spatial, C), contiguous, channels last: the channels of a window lie together, a
1x1 convolution is one matrix product, and a product's result is the layer's output as it stands.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Numbers of one cache-sized piece in which elementwise kernels work.
PIECE = 2**15


class Scratch:
    """Hands out working memory and keeps count, so that a kernel's workspace is declared.

    Every array that a kernel needs besides its output comes from here; a run that allocates
    elsewhere shows as a peak that does not agree.
    """

    def __init__(self) -> None:
        self.bytes = 0
        """Bytes handed out since the last `reset`."""

    def reset(self) -> None:
        """Start counting for another layer."""
        self.bytes = 0

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An uninitialized array of working memory, contiguous."""
        array = np.empty(shape, dtype)
        self.bytes += array.nbytes
        return array


def pieces(
    x: Array, out: Array, scratch: Scratch, rows: int = 1
) -> list[tuple[Array, Array, Array]]:
    """Both volumes cut into short flat pieces, each with `rows` rows of its length to work in."""
    flat, target = x.reshape(-1), out.reshape(-1)
    work = scratch.empty((rows, min(PIECE, flat.size)), x.dtype)
    return [
        (flat[i : i + PIECE], target[i : i + PIECE], work[:, : flat.size - i])
        for i in range(0, flat.size, PIECE)
    ]


def row_pieces(x: Array, out: Array) -> list[tuple[Array, Array]]:
    """Both volumes as (positions, channels), cut into short runs of positions."""
    channels = x.shape[-1]
    rows, target = x.reshape(-1, channels), out.reshape(-1, channels)
    step = max(PIECE // channels, 1)
    return [(rows[i : i + step], target[i : i + step]) for i in range(0, len(rows), step)]
