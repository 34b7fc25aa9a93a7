"""Pools over windows: maxima and sums, one axis after the other.

A maximum (or sum) over a KxK window is one over rows of those over columns, and along one axis it
is K shifted slices: 2K passes over contiguous channels in place of K*K numbers a window.
"""

from collections.abc import Callable

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.placement import Axis, place, tiles
from convcalc.layers.ops import Sliding

#: Numbers of input that one tile reads, about.
TILE = 2**17


def max_pool(x: Array, sliding: Sliding, scratch: Scratch) -> Array:
    """Largest number of each window and channel; padding never wins."""
    return _pooled(x, place(x.shape[1:-1], sliding), np.maximum, -np.inf, scratch)


def avg_pool(x: Array, sliding: Sliding, count_padding: bool, scratch: Scratch) -> Array:
    """Mean of each window and channel.

    With `count_padding` the zeros of the padding count, as in PyTorch; what a window hangs over
    the padded edge (ceil) never counts.
    """
    axes = place(x.shape[1:-1], sliding)
    out = _pooled(x, axes, np.add, 0.0, scratch)
    for number, axis in enumerate(axes, 1):
        shape = [1] * x.ndim
        shape[number] = -1
        out /= np.array(axis.counts(count_padding), x.dtype).reshape(shape)
    return out


def l2_pool(x: Array, sliding: Sliding, scratch: Scratch) -> Array:
    """Square root of the sum of squares of each window and channel."""
    out = _pooled(x, place(x.shape[1:-1], sliding), np.add, 0.0, scratch, squared=True)
    return np.sqrt(out, out=out)


def _pooled(
    x: Array,
    axes: list[Axis],
    fold: Callable[..., Array],
    nothing: float,
    scratch: Scratch,
    squared: bool = False,
) -> Array:
    """`fold` over all taps of all axes, a few outputs of the first axis at a time."""
    counts = [len(axis.starts) for axis in axes]
    out = np.empty((len(x), *counts, x.shape[-1]), x.dtype)
    parts = _parts(x, axes)
    rooms = rooms_of(x, axes, scratch, squared)
    for image, result in zip(x, out, strict=True):
        for (part,) in parts:
            low, high = axes[0].span(part)
            source = image[max(low, 0) : max(high, 0)]
            if squared:
                source = np.square(source, out=rooms[0][: len(source)])
            spaces = iter(rooms[1:])
            for number in range(len(axes) - 1, 0, -1):
                space = next(spaces)[: len(source)]
                _along(source, number, axes[number], fold, nothing, space)
                source = space
            _along(source, 0, axes[0].part(part), fold, nothing, result[part])
    return out


def _parts(x: Array, axes: list[Axis]) -> list[tuple[slice, ...]]:
    """The outputs of the first axis, a few at a time."""
    inner = x[0, 0].size * axes[0].starts.step
    return list(tiles((len(axes[0].starts),), max(TILE // max(inner, 1), 1)))


def rooms_of(x: Array, axes: list[Axis], scratch: Scratch, squared: bool) -> list[Array]:
    """Working memory after squaring and after each inner axis, from the last to the second."""
    spans = (axes[0].span(part) for (part,) in _parts(x, axes))
    longest = max(high - low for low, high in spans)
    shape = [min(longest, axes[0].size), *x.shape[2:]]
    rooms = [scratch.empty(tuple(shape) if squared else (0,), x.dtype)]
    for number in range(len(axes) - 1, 0, -1):
        shape[number] = len(axes[number].starts)
        rooms.append(scratch.empty(tuple(shape), x.dtype))
    return rooms


def _along(
    x: Array, number: int, axis: Axis, fold: Callable[..., Array], nothing: float, out: Array
) -> None:
    """Fold the taps of one axis: each is a slice of the input, shifted by the tap."""
    front = (slice(None),) * number
    shifts = [axis.reading(tap) for tap in axis.reached]
    whole = [shift for shift in shifts if shift[0] == slice(0, len(axis.starts))]
    if whole:  # a tap that always reads input starts the fold
        np.copyto(out, x[(*front, whole[0][1])])
        shifts.remove(whole[0])
    else:
        out[...] = nothing
    for outputs, inputs in shifts:
        target = out[(*front, outputs)]
        fold(target, x[(*front, inputs)], out=target)
