"""The backward passes of convolution and max pooling (CS231n notes, Backpropagation).

The backward pass of a convolution is itself a convolution, with the filters flipped and the
gradient spread out by the stride; that of a max pool hands each gradient to the position that won,
which the forward pass remembers as a switch.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from convcalc.backend.arrays import Array, Scratch
from convcalc.backend.conv import conv
from convcalc.backend.placement import Axis, place, within_reach
from convcalc.layers.ops import Sliding


class ConvGradients(NamedTuple):
    """What a convolution hands back, each in the shape of what it came from."""

    x: Array
    weight: Array
    bias: Array


def conv_backward(
    x: Array, weight: Array, sliding: Sliding, groups: int, gradient: Array
) -> ConvGradients:
    """The gradients of a convolution from that of its output (N, *positions, filters)."""
    axes, taps = within_reach(place(x.shape[1:-1], sliding))
    every = tuple(range(gradient.ndim - 1))
    filters = np.zeros_like(weight)  # of a tap that reads padding alone nothing depends
    filters[taps] = _to_filters(x, weight[taps], axes, groups, gradient)
    return ConvGradients(
        _to_input(weight[taps], axes, sliding, groups, gradient),
        filters,
        gradient.sum(axis=every),
    )


def _to_input(
    weight: Array, axes: list[Axis], sliding: Sliding, groups: int, gradient: Array
) -> Array:
    """Each output's gradient where its window starts, convolved with the flipped filters."""
    *_, deep, filters = weight.shape
    lengths = [axis.size + axis.extent - 1 for axis in axes]
    spread = np.zeros((len(gradient), *lengths, filters), gradient.dtype)
    target: list[slice] = []
    source: list[slice] = []
    for axis, length in zip(axes, lengths, strict=True):
        places = [start + axis.extent - 1 for start in axis.starts]
        inside = [i for i, p in enumerate(places) if 0 <= p < length]  # the rest read padding only
        if not inside:  # nothing of the input is read
            shape = (len(gradient), *(axis.size for axis in axes), groups * deep)
            return np.zeros(shape, gradient.dtype)
        first, last = inside[0], inside[-1]
        target.append(slice(places[first], places[last] + 1, axis.starts.step))
        source.append(slice(first, last + 1))
    spread[(slice(None), *target)] = gradient[(slice(None), *source)]
    taps = tuple(range(len(axes)))
    flipped = np.flip(weight, taps).reshape(*weight.shape[:-1], groups, filters // groups)
    # (*kernel, C/g, g, K/g) -> (*kernel, K/g, g, C/g): filters and channels change places
    swapped = np.ascontiguousarray(np.swapaxes(flipped, -1, -3))
    back = swapped.reshape(*weight.shape[:-2], filters // groups, groups * deep)
    once = Sliding(weight.shape[:-2], (1,), (0,), sliding.dilation)
    return conv(spread, back, None, once, groups, Scratch(), exact=True)


def _to_filters(x: Array, weight: Array, axes: list[Axis], groups: int, gradient: Array) -> Array:
    """For each tap the products of what it read with the gradients of where it was read."""
    *kernel, deep, filters = weight.shape
    found = np.zeros_like(weight)
    for tap in np.ndindex(*kernel):
        shifts = [axis.reading(axis.taps[t]) for axis, t in zip(axes, tap, strict=True)]
        read = x[(slice(None), *(inputs for _, inputs in shifts))]
        made = gradient[(slice(None), *(outputs for outputs, _ in shifts))]
        products = np.einsum(
            "mgc,mgk->cgk",
            read.reshape(-1, groups, deep),
            made.reshape(-1, groups, filters // groups),
        )
        found[tap] = products.reshape(deep, filters)
    return found


def max_pool_switches(x: Array, sliding: Sliding) -> tuple[Array, Array]:
    """The maxima of all windows, and which tap won each of them, the first of equals."""
    axes = place(x.shape[1:-1], sliding)
    shape = (len(x), *(len(axis.starts) for axis in axes), x.shape[-1])
    best, switches = np.full(shape, -np.inf, x.dtype), np.zeros(shape, np.int64)
    for number, outputs, inputs in _taps(axes):
        wins = x[inputs] > best[outputs]
        best[outputs][wins] = x[inputs][wins]
        switches[outputs][wins] = number
    return best, switches


def max_pool_backward(x: Array, sliding: Sliding, switches: Array, gradient: Array) -> Array:
    """The gradient of a max pool's input: all of a window's goes to the position that won."""
    found = np.zeros_like(x)
    for number, outputs, inputs in _taps(place(x.shape[1:-1], sliding)):
        found[inputs] += np.where(switches[outputs] == number, gradient[outputs], 0)
    return found


Slices = tuple[slice, ...]


def _taps(axes: list[Axis]) -> list[tuple[int, Slices, Slices]]:
    """Every tap that reads input: a number, the outputs for which it does, and the positions."""
    found = []
    for number, taps in enumerate(product(*(axis.reached for axis in axes))):
        shifts = [axis.reading(tap) for axis, tap in zip(axes, taps, strict=True)]
        outputs = (slice(None), *(shift[0] for shift in shifts))
        inputs = (slice(None), *(shift[1] for shift in shifts))
        found.append((number, outputs, inputs))
    return found
