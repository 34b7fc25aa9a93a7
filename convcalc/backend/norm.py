"""Normalisation: batch norm by its running statistics, the others by those of the image itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convcalc.backend.arrays import Array, Scratch, row_pieces, rows_of
from convcalc.layers.norm import EPSILON

Make = Callable[[tuple[int, ...], np.dtype[Any]], Array]  #: room of a shape, declared or small


def batch_norm(
    x: Array,
    mean: Array,
    variance: Array,
    scale: Array | None,
    shift: Array | None,
    scratch: Scratch,
) -> Array:
    """(x - mean)/sqrt(variance + epsilon) * scale + shift, one of each a channel."""
    factor, rest = scratch.empty((2, *mean.shape), x.dtype)
    np.sqrt(np.add(variance, EPSILON, out=factor), out=factor)
    np.divide(1 if scale is None else scale, factor, out=factor)
    np.multiply(mean, factor, out=rest)
    np.subtract(0 if shift is None else shift, rest, out=rest)
    return scaled(x, factor, rest, scratch)


def scaled(
    x: Array, factor: Array | float, shift: Array | None, scratch: Scratch, out: Array | None = None
) -> Array:
    """x times one factor or one per channel, plus one shift or one per channel.

    Both are repeated to the length of a piece, so that NumPy runs over the piece in one loop and
    not in one per position.
    """
    out = np.empty_like(x) if out is None else out
    factors, shifts = scratch.empty((2, rows_of(x), x.shape[-1]), x.dtype)
    factors[...] = factor
    shifts[...] = 0 if shift is None else shift
    for piece, target in row_pieces(x, out):
        np.multiply(piece, factors[: len(piece)], out=target)
        if shift is not None:
            np.add(target, shifts[: len(piece)], out=target)
    return out


def group_norm(
    x: Array, groups: int, scale: Array | None, shift: Array | None, scratch: Scratch
) -> Array:
    """Each group of channels of each image has mean 0 and variance 1, then scale and shift."""
    out = np.empty_like(x)
    channels = x.shape[-1]
    shape = (len(x), -1, groups, channels // groups)
    _normalized(x.reshape(shape), out.reshape(shape), (1, 3), scratch.empty)
    return out if scale is None else scaled(out, scale, shift, scratch, out)


def layer_norm(
    x: Array, whole: bool, scale: Array | None, shift: Array | None, scratch: Scratch
) -> Array:
    """The channels of each position, or the whole image, have mean 0 and variance 1."""
    out = np.empty_like(x)
    if whole:
        shape: tuple[int, ...] = (len(x), -1, 1, x.shape[-1])
        _normalized(x.reshape(shape), out.reshape(shape), (1, 3), scratch.empty)
        if scale is not None:
            out *= scale
        if shift is not None:
            out += shift
        return out
    for piece, target in row_pieces(x, out):
        shape = (1, len(piece), 1, x.shape[-1])
        _normalized(piece.reshape(shape), target.reshape(shape), (3,), np.empty)
    return out if scale is None else scaled(out, scale, shift, scratch, out)


def rooms_of(x: Array, groups: int, scratch: Scratch) -> None:
    """Ask for the room that `group_norm` works in, without the numbers."""
    n, channels = len(x), x.shape[-1]
    if x.size > n * channels:
        scratch.empty((n, channels), x.dtype)
    if groups < channels:
        scratch.empty((n, groups), x.dtype)
    scratch.empty((n, groups), x.dtype)


def _normalized(x: Array, out: Array, axes: tuple[int, ...], make: Make) -> None:
    """Write (x - mean)/sqrt(variance + epsilon) over `axes` of (N, positions, groups, channels)."""
    np.subtract(x, _mean(x, axes, make), out=out)
    kept = [i for i in range(4) if i not in axes]
    variance = make(tuple(x.shape[i] for i in kept), x.dtype)
    letters = "".join("nsgc"[i] for i in kept)
    np.einsum(f"nsgc,nsgc->{letters}", out, out, out=variance, optimize=False)
    variance /= np.prod([x.shape[i] for i in axes])
    variance += EPSILON
    np.reciprocal(np.sqrt(variance, out=variance), out=variance)
    shape = [1 if i in axes else size for i, size in enumerate(x.shape)]
    np.multiply(out, variance.reshape(shape), out=out)


def _mean(x: Array, axes: tuple[int, ...], make: Make) -> Array:
    """The mean over `axes`, kept as axes of 1; channels are summed last, where sums are exact."""
    for axis in axes:
        if x.shape[axis] == 1:  # of a vector: what there is would be copied whole
            continue
        sums = make((*x.shape[:axis], 1, *x.shape[axis + 1 :]), x.dtype)
        np.add.reduce(x, axis=axis, keepdims=True, out=sums)
        x = np.divide(sums, x.dtype.type(x.shape[axis]), out=sums)
    return x


def lrn(x: Array, size: int, alpha: float, beta: float, k: float, scratch: Scratch) -> Array:
    """x/(k + alpha * sum of squares over `size` neighbouring channels)^beta.

    The sum is not divided by `size` (Krizhevsky et al. 2012, section 3.3); PyTorch's and Caffe's
    alpha is `size` times this one.
    """
    out = np.empty_like(x)
    channels = x.shape[-1]
    before = size // 2
    # of a window wider than the channels the ends read none: they are left out
    skipped = max(before - channels + 1, 0)
    size, before = min(size, before + channels) - skipped, before - skipped
    squares = scratch.empty((rows_of(x), channels + size - 1), x.dtype)
    energy = scratch.empty((rows_of(x), channels), x.dtype)
    squares[:, :before] = 0
    squares[:, before + channels :] = 0
    for piece, target in row_pieces(x, out):
        rows, sums = squares[: len(piece)], energy[: len(piece)]
        np.square(piece, out=rows[:, before : before + channels])
        np.copyto(sums, rows[:, :channels])
        for i in range(1, size):
            sums += rows[:, i : i + channels]
        sums *= alpha
        sums += k
        _power(sums, beta, target)
        np.divide(piece, target, out=target)
    return out


def _power(base: Array, exponent: float, out: Array) -> None:
    """base^exponent; 3/4 by square roots, which are much faster."""
    if exponent == 0.75:
        np.sqrt(base, out=out)
        base *= out
        np.sqrt(base, out=out)
    else:
        np.power(base, exponent, out=out)
