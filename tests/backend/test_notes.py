"""The notes' own examples (cs231n.github.io/convolutional-networks), computed."""

import naive
import numpy as np

from convcalc.backend.arrays import Scratch
from convcalc.backend.conv import conv
from convcalc.backend.fc import fc
from convcalc.backend.placement import place, windows
from convcalc.layers.ops import Sliding

RNG = np.random.default_rng(231)


def test_numpy_example_of_the_notes():
    """Input X 11x11x4, two 5x5 filters, stride 2: V[:,:,0] and V[:,:,1], written out there."""
    x = RNG.normal(size=(11, 11, 4))
    w0, w1 = RNG.normal(size=(2, 5, 5, 4))
    b0, b1 = RNG.normal(size=2)
    v = np.zeros((4, 4, 2))
    v[0, 0, 0] = np.sum(x[:5, :5, :] * w0) + b0
    v[1, 0, 0] = np.sum(x[2:7, :5, :] * w0) + b0
    v[2, 0, 0] = np.sum(x[4:9, :5, :] * w0) + b0
    v[3, 0, 0] = np.sum(x[6:11, :5, :] * w0) + b0
    v[0, 0, 1] = np.sum(x[:5, :5, :] * w1) + b1
    v[1, 0, 1] = np.sum(x[2:7, :5, :] * w1) + b1
    v[2, 0, 1] = np.sum(x[4:9, :5, :] * w1) + b1
    v[3, 0, 1] = np.sum(x[6:11, :5, :] * w1) + b1
    v[0, 1, 1] = np.sum(x[:5, 2:7, :] * w1) + b1
    v[2, 3, 1] = np.sum(x[4:9, 6:11, :] * w1) + b1
    got = conv(
        x[None], np.stack([w0, w1], -1), np.array([b0, b1]), Sliding((5,), (2,)), 1, Scratch()
    )
    assert got.shape == (1, 4, 4, 2)
    written = v != 0
    assert written.sum() == 10
    np.testing.assert_allclose(got[0][written], v[written], rtol=1e-12)


def test_im2col_of_the_notes():
    """227x227x3, 96 filters of 11x11, stride 4: X_col 363 x 3025, W_row 96 x 363."""
    x = RNG.normal(size=(227, 227, 3))
    weight, bias = RNG.normal(size=(11, 11, 3, 96)), RNG.normal(size=96)
    columns = [
        x[i : i + 11, j : j + 11].ravel() for i in range(0, 217, 4) for j in range(0, 217, 4)
    ]
    x_col, w_row = np.stack(columns, 1), weight.reshape(363, 96).T
    assert x_col.shape == (363, 3025)
    assert w_row.shape == (96, 363)
    product = w_row @ x_col + bias[:, None]
    got = conv(x[None], weight, bias, Sliding((11,), (4,)), 1, Scratch())
    assert got.shape == (1, 55, 55, 96)
    np.testing.assert_allclose(got[0].reshape(3025, 96).T, product, rtol=1e-9, atol=1e-9)


def test_windows_are_a_view_of_the_image():
    x = RNG.normal(size=(1, 227, 227, 3))
    axes = place((227, 227), Sliding((11,), (4,)))
    view = windows(x, axes, (slice(0, 1), slice(0, 55), slice(0, 55)))
    assert view.shape == (1, 55, 55, 11, 11, 3)
    assert np.shares_memory(view, x)


def test_fc_equals_its_convolution():
    """An fc over 7x7x512 (here 7x7x20) is a conv with F=7, P=0, S=1: identical numbers."""
    x, weight = RNG.normal(size=(2, 7, 7, 20)), RNG.normal(size=(7, 7, 20, 30))
    bias = RNG.normal(size=30)
    as_conv = conv(x, weight, bias, Sliding((7,)), 1, Scratch())
    assert as_conv.shape == (2, 1, 1, 30)
    np.testing.assert_allclose(fc(x, weight, bias), as_conv[:, 0, 0], rtol=1e-12, atol=1e-12)


def test_dilation_is_a_filter_stuffed_with_zeros():
    x, weight = RNG.normal(size=(1, 12, 13, 3)), RNG.normal(size=(3, 2, 3, 4))
    stuffed = np.zeros((7, 3, 3, 4))
    stuffed[::3, ::2] = weight
    dilated = conv(x, weight, None, Sliding((3, 2), (1,), (1,), (3, 2)), 1, Scratch())
    np.testing.assert_allclose(
        dilated, conv(x, stuffed, None, Sliding((7, 3), (1,), (1,)), 1, Scratch())
    )


def test_groups_are_convolutions_of_blocks_of_channels():
    x, weight = RNG.normal(size=(2, 6, 6, 6)), RNG.normal(size=(3, 3, 2, 9))
    grouped = conv(x, weight, None, Sliding((3,)), 3, Scratch())
    blocks = [
        conv(np.ascontiguousarray(x[..., 2 * g : 2 * g + 2]), weight[..., 3 * g : 3 * g + 3],
             None, Sliding((3,)), 1, Scratch())
        for g in range(3)
    ]  # fmt: skip
    np.testing.assert_allclose(grouped, np.concatenate(blocks, -1))


def test_transposed_is_the_transpose_of_the_same_convolution():
    """<conv(x), y> = <x, conv_transpose(y)> for the same filters."""
    from convcalc.backend.conv_transpose import conv_transpose

    x, weight = RNG.normal(size=(1, 9, 8, 3)), RNG.normal(size=(3, 2, 3, 4))
    sliding = Sliding((3, 2), (2, 3), (1, 0))
    forward = conv(x, weight, None, sliding, 1, Scratch())
    y = RNG.normal(size=forward.shape)
    back = conv_transpose(y, weight.swapaxes(-1, -2).copy(), None, sliding, (0, 0), 1, Scratch())
    assert back.shape == x.shape
    np.testing.assert_allclose((forward * y).sum(), (x * back).sum())


def test_the_naive_loops_know_the_notes_numbers():
    """The oracle itself: W=5 F=3 P=1 gives 5 at stride 1 and 3 at stride 2; 7, 3, 1 gives 5."""
    assert [len(naive.walk(5, 3, s, 1, 1)) for s in (1, 2)] == [5, 3]
    assert len(naive.walk(7, 3, 1, 0, 0)) == 5
    assert len(naive.walk(112, 3, 2, 0, 0, ceil=True)) == 56
