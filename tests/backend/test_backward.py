"""Backward passes against finite differences, and the notes' sentence about them."""

import itertools

import numpy as np
import pytest

from convcalc.backend.arrays import Scratch
from convcalc.backend.backward import conv_backward, max_pool_backward, max_pool_switches
from convcalc.backend.conv import conv
from convcalc.backend.pool import max_pool
from convcalc.layers.ops import Sliding

RNG = np.random.default_rng(11)
WINDOWS = [
    ((6, 7), Sliding((3,))),
    ((7, 8), Sliding((3, 2), (2, 3), (1, 0))),
    ((9, 8), Sliding((3, 2), (1, 2), (1, 0, 2, 1), (2, 3))),
    ((8, 9), Sliding((3,), (2,), "same")),
    ((8,), Sliding((4,), (3,), (1, 2))),
    ((4, 5, 6), Sliding((2,), (1, 2, 2), (1,))),
    ((10, 11), Sliding((3,), (2,), (1,), ceil=True)),
    ((5, 5), Sliding((1,), (2,))),
    ((3, 3), Sliding((2,), (1,), (3,))),  # windows that lie in the padding alone
    ((1, 1), Sliding((1,), (4,), (3,))),  # all of them do
    ((2, 3), Sliding((1,), (3,), (1,))),  # all of them on one axis
    ((2, 4), Sliding((2,), (5,), (2, 3, 0, 1), (3,))),  # their taps lie to both sides of the input
]


def numeric(forward, at, gradient, step=1e-6):
    """The gradient number by number, by central differences."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        there, here = at.copy(), at.copy()
        there[index] += step
        here[index] -= step
        found[index] = ((forward(there) - forward(here)) * gradient).sum() / (2 * step)
    return found


@pytest.mark.parametrize("spatial, sliding", WINDOWS)
@pytest.mark.parametrize("channels, groups, filters", [(2, 1, 3), (4, 2, 2), (3, 3, 6)])
def test_conv_backward(spatial, sliding, channels, groups, filters):
    kernel = sliding.kernel * len(spatial) if len(sliding.kernel) == 1 else sliding.kernel
    x = RNG.normal(size=(2, *spatial, channels))
    weight = RNG.normal(size=(*kernel, channels // groups, filters))
    bias = RNG.normal(size=filters)

    def forward(x=x, weight=weight, bias=bias):
        return conv(x, weight, bias, sliding, groups, Scratch())

    gradient = RNG.normal(size=forward().shape)
    back = conv_backward(x, weight, sliding, groups, gradient)
    close = {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(back.x, numeric(lambda a: forward(x=a), x, gradient), **close)
    wanted = numeric(lambda a: forward(weight=a), weight, gradient)
    np.testing.assert_allclose(back.weight, wanted, **close)
    wanted = numeric(lambda a: forward(bias=a), bias, gradient)
    np.testing.assert_allclose(back.bias, wanted, **close)


@pytest.mark.parametrize("spatial, sliding", WINDOWS[:-4])
def test_max_pool_backward(spatial, sliding):
    x = RNG.normal(size=(2, *spatial, 3))
    y, switches = max_pool_switches(x, sliding)
    np.testing.assert_array_equal(y, max_pool(x, sliding, Scratch()))
    gradient = RNG.normal(size=y.shape)
    back = max_pool_backward(x, sliding, switches, gradient)
    wanted = numeric(lambda a: max_pool(a, sliding, Scratch()), x, gradient)
    np.testing.assert_allclose(back, wanted, rtol=1e-5, atol=1e-6)


def test_backward_of_a_conv_is_a_conv_with_flipped_filters():
    """CS231n notes: "the backward pass for a convolution operation is also a convolution"."""
    for kernel, pad in itertools.product((1, 2, 3), (0, 1)):
        x, weight = RNG.normal(size=(1, 6, 7, 2)), RNG.normal(size=(kernel, kernel, 2, 3))
        sliding = Sliding((kernel,), (1,), (pad,))
        y = conv(x, weight, None, sliding, 1, Scratch())
        gradient = RNG.normal(size=y.shape)
        flipped = weight[::-1, ::-1].swapaxes(-1, -2).copy()
        edge = kernel - 1 - pad
        wide = np.pad(gradient, [(0, 0), *[(max(edge, 0),) * 2] * 2, (0, 0)])
        again = conv(wide, flipped, None, Sliding((kernel,)), 1, Scratch())
        if edge < 0:
            again = again[:, -edge:edge, -edge:edge]
        np.testing.assert_allclose(conv_backward(x, weight, sliding, 1, gradient).x, again)


def test_a_tie_goes_to_the_first_position():
    x = np.ones((1, 2, 2, 1))
    sliding = Sliding((2,), (2,))
    _, switches = max_pool_switches(x, sliding)
    back = max_pool_backward(x, sliding, switches, np.full((1, 1, 1, 1), 5.0))
    np.testing.assert_array_equal(back.ravel(), [5, 0, 0, 0])
