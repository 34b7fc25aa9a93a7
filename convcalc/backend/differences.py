"""Backward passes against finite differences, in float64.

Along a random direction v the change of <f(x), g> is <backward(g), v>, and the forward kernel
itself says how much it changes from x - v/2^20 to x + v/2^20.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import default_rng

from convcalc.backend.arrays import Array, Counted, Scratch, shape_only
from convcalc.backend.backward import conv_backward, max_pool_backward, max_pool_switches
from convcalc.backend.conv import conv, rooms_of
from convcalc.backend.placement import place, spread, within_reach
from convcalc.backend.pool import max_pool
from convcalc.layers.ops import Sliding

_STEP = 2.0**-20


def pool_error(shape: tuple[int, ...], sliding: Sliding, seed: int) -> float:
    """The error of a max pool's gradient on noise of this shape."""
    draw = default_rng(seed).standard_normal
    x = draw(shape)
    y, switches = max_pool_switches(x, sliding)
    g, v = draw(y.shape), draw(x.shape)
    back = max_pool_backward(x, sliding, switches, g)
    return _differs(lambda h: max_pool(x + h * v, sliding, Scratch()), g, back, v)


def conv_error(shape: tuple[int, ...], sliding: Sliding, groups: int, seed: int) -> float:
    """The larger of the errors towards the input and towards the filters, 2 filters a group."""
    draw = default_rng(seed).standard_normal
    x = draw(shape)
    kernel = spread(sliding.kernel, x.ndim - 2)
    weight = draw((*kernel, x.shape[-1] // groups, 2 * groups))

    def forward(moved: Array, filters: Array) -> Array:
        return conv(moved, filters, None, sliding, groups, Scratch(), exact=True)

    g, v, w = draw(forward(x, weight).shape), draw(x.shape), draw(weight.shape)
    back = conv_backward(x, weight, sliding, groups, g)
    return max(
        _differs(lambda h: forward(x + h * v, weight), g, back.x, v),
        _differs(lambda h: forward(x, weight + h * w), g, back.weight, w),
    )


def conv_room(shape: tuple[int, ...], sliding: Sliding, groups: int) -> int:
    """Bytes that `conv_error` works in, of shape (N, *spatial, C), before anything is made.

    The backward pass spreads the gradient over all that the windows cover, padding included.
    """
    double, room, filters = np.dtype(np.float64), Counted(), 2 * groups
    kernel = spread(sliding.kernel, len(shape) - 2)
    weight = shape_only((*kernel, shape[-1] // groups, filters), double)
    rooms_of(shape_only(shape, double), weight, sliding, groups, room, exact=True)
    reached, _ = within_reach(place(shape[1:-1], sliding))
    covered = [axis.size + axis.extent - 1 for axis in reached]
    room.empty((shape[0], *covered, filters), double)
    return room.bytes


def _differs(forward: Callable[[float], Array], g: Array, back: Array, v: Array) -> float:
    """How far <back, v> is from the change of <forward, g>, in parts of what they sum up."""
    change = ((forward(_STEP) - forward(-_STEP)) * g).sum() / (2 * _STEP)
    scale = np.sqrt((back**2).sum() * (v**2).sum())
    return float(abs((back * v).sum() - change) / max(scale, 1e-30))
