"""Depthwise convolution: every channel with filters of its own, no matrix product to gain from."""

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, block, block_size, tiles, windows
from convcalc.shapes import Shape

#: Numbers of one tile of output: with its input it stays in cache.
TILE = 2**17


def rooms_of(
    x: Array, weight: Array, axes: list[Axis], counts: Shape, scratch: Scratch
) -> tuple[int, Array, Array]:
    """The most outputs of a tile, and room for the padded input that one reads and for its taps."""
    channels, filters = x.shape[-1], weight.shape[-1]
    most = max(TILE // filters, 1)
    room = scratch.empty((block_size(axes, counts, most) * channels,), x.dtype)
    longest = next(tiles(counts, most))[-1].stop if axes[-1].starts.step == 1 else 1
    kernel = (len(axis.taps) for axis in axes)
    return most, room, scratch.empty((*kernel, longest, channels, filters // channels), x.dtype)


def conv(
    x: Array, weight: Array, bias: Array | None, axes: list[Axis], out: Array, scratch: Scratch
) -> None:
    """Write the convolution of x with weight (*kernel, 1, C * multiplier) into out.

    Output channel c * multiplier + j is filter j of channel c, as in PyTorch. Where neighbouring
    outputs of the last axis read neighbouring inputs, a row of the image is one line of numbers,
    and so is each tap, repeated along it: NumPy then works on thousands of numbers at once, not
    on the few channels of a position.
    """
    channels, counts, rank = x.shape[-1], out.shape[:-1], len(axes)
    multiplier = out.shape[-1] // channels
    kernel = [len(axis.taps) for axis in axes]
    joined = axes[-1].starts.step == 1
    most, room, taps = rooms_of(x, weight, axes, counts, scratch)
    taps[...] = weight.reshape(*kernel, 1, channels, multiplier)
    summed = "ijklmn"[:rank]
    for tile in tiles(counts, most):
        lines = windows(block(x, axes, tile, room), axes, tile)
        places, row = lines.shape[: rank + 1], 1
        if joined:  # (N, *places, row, *taps, C) -> (N, *places, *taps, row * C)
            places, row = lines.shape[:rank], lines.shape[rank]
            lines = np.moveaxis(lines, rank, -2).reshape(*places, *kernel, row * channels)
        target = out[tile]
        np.einsum(
            f"...{summed}x,{summed}xy->...xy",
            lines,
            taps[..., :row, :, :].reshape(*kernel, row * channels, multiplier),
            out=target.reshape(*places, row * channels, multiplier),
        )
        if bias is not None:
            target += bias
