"""Depthwise convolution: every channel with filters of its own, no matrix product to gain from."""

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, block, block_size, tiles, windows

#: Numbers of one tile of output: with its input it stays in cache.
TILE = 2**15


def conv(
    x: Array, weight: Array, bias: Array | None, axes: list[Axis], out: Array, scratch: Scratch
) -> None:
    """Write the convolution of x with weight (*kernel, 1, C * multiplier) into out.

    Output channel c * multiplier + j is filter j of channel c, as in PyTorch.
    """
    channels = x.shape[-1]
    multiplier = out.shape[-1] // channels
    filters = weight.reshape(*(len(axis.taps) for axis in axes), channels, multiplier)
    counts = out.shape[:-1]
    most = max(TILE // out.shape[-1], 1)
    room = scratch.empty((block_size(axes, counts, most) * channels,), x.dtype)
    rank = len(axes)
    places, taps = list(range(rank + 1)), list(range(rank + 1, 2 * rank + 1))
    channel, which = 2 * rank + 1, 2 * rank + 2
    for tile in tiles(counts, most):
        view = windows(block(x, axes, tile, room), axes, tile)
        target = out[tile].reshape(*view.shape[: rank + 1], channels, multiplier)
        if multiplier == 1:
            np.einsum(
                view, [*places, *taps, channel],
                filters[..., 0], [*taps, channel],
                [*places, channel], out=target[..., 0],
            )  # fmt: skip
        else:
            np.einsum(
                view, [*places, *taps, channel],
                filters, [*taps, channel, which],
                [*places, channel, which], out=target,
            )  # fmt: skip
        if bias is not None:
            target += bias.reshape(channels, multiplier)
