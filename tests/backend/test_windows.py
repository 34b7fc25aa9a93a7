"""Convolutions and pools against loops, over exhaustive small grids."""

import itertools

import naive
import numpy as np
import pytest

from convcalc.backend.arrays import Scratch
from convcalc.backend.conv import conv
from convcalc.backend.conv_transpose import conv_transpose
from convcalc.backend.differences import conv_error
from convcalc.backend.locally_connected import locally_connected
from convcalc.backend.pool import avg_pool, l2_pool, max_pool
from convcalc.layers.ops import Sliding

RNG = np.random.default_rng(7)
SIZES, KERNELS, STRIDES, DILATIONS = range(1, 8), range(1, 5), range(1, 4), (1, 2)


def close(got, wanted):
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)


def lines():
    """Every (size, kernel, stride, begin, end, dilation) in which a window fits."""
    for size, kernel, stride, dilation in itertools.product(SIZES, KERNELS, STRIDES, DILATIONS):
        for begin, end in itertools.product(range(3), repeat=2):
            if dilation * (kernel - 1) + 1 <= size + begin + end:
                yield size, kernel, stride, begin, end, dilation


@pytest.mark.parametrize("ceil", [False, True])
def test_conv_on_every_line(ceil):
    cases = 0
    for size, kernel, stride, begin, end, dilation in lines():
        x = RNG.normal(size=(2, size, 2))
        weight, bias = RNG.normal(size=(kernel, 2, 3)), RNG.normal(size=3)
        sliding = Sliding((kernel,), (stride,), (begin, end), (dilation,), ceil)
        wanted = naive.conv(
            x, weight, bias, (kernel,), (stride,), [(begin, end)], (dilation,), ceil=ceil
        )
        close(conv(x, weight, bias, sliding, 1, Scratch()), wanted)
        cases += 1
    assert cases > 1000


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(
    ("kernel", "stride", "dilation"), [(3, 1, 9), (3, 1, 6), (5, 3, 4), (4, 9, 7)]
)
def test_taps_that_read_padding_alone_are_left_out(kernel, stride, dilation, groups):
    x = RNG.normal(size=(2, 7, 8, 4))
    weight = RNG.normal(size=(kernel, kernel, 4 // groups, 4))
    for pads in ((9, 9, 9, 9), (20, 3, 4, 20), (30, 0, 0, 30)):
        sliding = Sliding((kernel,) * 2, (stride,) * 2, pads, (dilation,) * 2)
        pairs, twos = [pads[:2], pads[2:]], ((stride,) * 2, (dilation,) * 2)
        wanted = naive.conv(x, weight, None, (kernel,) * 2, twos[0], pairs, twos[1], groups)
        close(conv(x, weight, None, sliding, groups, Scratch()), wanted)
        assert conv_error(x.shape, sliding, groups, 0) < 1e-9


@pytest.mark.parametrize("ceil", [False, True])
def test_pools_on_every_line(ceil):
    for size, kernel, stride, begin, end, dilation in lines():
        extent = dilation * (kernel - 1) + 1
        if max(begin, end) >= extent or (dilation > 1 and min(begin, end)):
            continue
        x = RNG.normal(size=(2, size, 2))
        sliding = Sliding((kernel,), (stride,), (begin, end), (dilation,), ceil)
        given = ((kernel,), (stride,), [(begin, end)], (dilation,), ceil)
        if all(
            any(0 <= p < size for p in w)
            for w in naive.walk(size, kernel, stride, begin, end, dilation, ceil)
        ):
            close(max_pool(x, sliding, Scratch()), naive.pool(x, "max", *given))
        if dilation == 1:
            close(l2_pool(x, sliding, Scratch()), naive.pool(x, "l2", *given))
            for counted in (True, False):
                wanted = naive.pool(x, "avg", *given, count_padding=counted)
                close(avg_pool(x, sliding, counted, Scratch()), wanted)


@pytest.mark.parametrize("begin, end", [(6, 0), (0, 6), (6, 6), (2, 9), (9, 2)])
@pytest.mark.parametrize("kernel, stride", [(1, 16), (2, 5), (2, 7), (3, 4)])
def test_windows_that_lie_in_the_padding_alone(begin, end, kernel, stride):
    for size in range(1, 6):
        x = RNG.normal(size=(2, size, 3))
        weight, bias = RNG.normal(size=(kernel, 3, 2)), RNG.normal(size=2)
        sliding = Sliding((kernel,), (stride,), (begin, end), (1,), False)
        given = ((kernel,), (stride,), [(begin, end)], (1,))
        close(conv(x, weight, bias, sliding, 1, Scratch()), naive.conv(x, weight, bias, *given))
        own = RNG.normal(size=(kernel, 1, 3))
        depthwise = [naive.conv(x[..., [i]], own[..., [i]], None, *given) for i in range(3)]
        close(conv(x, own, None, sliding, 3, Scratch()), np.concatenate(depthwise, -1))
        close(
            avg_pool(x, sliding, True, Scratch()), naive.pool(x, "avg", *given, count_padding=True)
        )


@pytest.mark.parametrize("size", SIZES)
def test_same_on_every_line(size):
    for kernel, stride, dilation in itertools.product(KERNELS, STRIDES, DILATIONS):
        x, weight = RNG.normal(size=(1, size, 1)), RNG.normal(size=(kernel, 1, 2))
        got = conv(
            x, weight, None, Sliding((kernel,), (stride,), "same", (dilation,)), 1, Scratch()
        )
        pads = [naive.same(size, kernel, stride, dilation)]
        close(got, naive.conv(x, weight, None, (kernel,), (stride,), pads, (dilation,)))
        assert got.shape[1] == -(-size // stride)


VOLUMES = [
    ((6, 5), (3, 2), (2, 1), [(1, 2), (0, 1)], (1, 1)),
    ((7, 6), (2, 3), (1, 2), [(2, 0), (1, 1)], (2, 1)),
    ((5, 6), (1, 1), (2, 3), [(0, 0), (0, 0)], (1, 1)),
    ((4, 5, 3), (2, 3, 1), (1, 2, 1), [(1, 0), (1, 1), (0, 0)], (1, 1, 2)),
    ((3, 4, 5), (2, 2, 2), (2, 1, 3), [(0, 1), (0, 0), (2, 0)], (1, 2, 1)),
]


def flat(pads):
    return tuple(itertools.chain(*pads))


@pytest.mark.parametrize("spatial, kernel, stride, pads, dilation", VOLUMES)
@pytest.mark.parametrize("channels, groups, filters", [(3, 1, 4), (4, 2, 6), (4, 4, 4), (3, 3, 6)])
def test_conv_on_planes_and_volumes(
    spatial, kernel, stride, pads, dilation, channels, groups, filters
):
    x = RNG.normal(size=(2, *spatial, channels))
    weight, bias = RNG.normal(size=(*kernel, channels // groups, filters)), RNG.normal(size=filters)
    sliding = Sliding(kernel, stride, flat(pads), dilation)
    got = conv(x, weight, bias, sliding, groups, Scratch())
    close(got, naive.conv(x, weight, bias, kernel, stride, pads, dilation, groups))


@pytest.mark.parametrize("spatial, kernel, stride, pads, dilation", VOLUMES)
def test_pools_on_planes_and_volumes(spatial, kernel, stride, pads, dilation):
    pads = [(min(b, k // 2), min(e, k // 2)) for (b, e), k in zip(pads, kernel, strict=True)]
    x = RNG.normal(size=(2, *spatial, 3))
    for ceil in (False, True):
        sliding = Sliding(kernel, stride, flat(pads), dilation, ceil)
        close(
            max_pool(x, sliding, Scratch()),
            naive.pool(x, "max", kernel, stride, pads, dilation, ceil),
        )
        once = sliding._replace(dilation=(1,))
        given = (kernel, stride, pads, (1,) * len(spatial), ceil)
        close(l2_pool(x, once, Scratch()), naive.pool(x, "l2", *given))
        for counted in (True, False):
            close(
                avg_pool(x, once, counted, Scratch()),
                naive.pool(x, "avg", *given, count_padding=counted),
            )


@pytest.mark.parametrize("spatial, kernel, stride, pads, dilation", VOLUMES)
def test_locally_connected(spatial, kernel, stride, pads, dilation):
    x = RNG.normal(size=(2, *spatial, 3))
    counts = [
        len(naive.walk(size, k, s, *pad))
        for size, k, s, pad in zip(spatial, kernel, stride, pads, strict=True)
    ]
    weight, bias = RNG.normal(size=(*counts, *kernel, 3, 4)), RNG.normal(size=(*counts, 4))
    got = locally_connected(x, weight, bias, Sliding(kernel, stride, flat(pads)), Scratch())
    close(got, naive.locally_connected(x, weight, bias, kernel, stride, pads))


def test_conv_transpose_on_every_line():
    cases = 0
    for size, kernel, stride, dilation in itertools.product(
        range(1, 5), KERNELS, STRIDES, DILATIONS
    ):
        for begin, end, extra in itertools.product(range(2), range(3), range(2)):
            if (size - 1) * stride + dilation * (kernel - 1) + 1 - begin - end + extra < 1:
                continue
            x, weight = RNG.normal(size=(2, size, 2)), RNG.normal(size=(kernel, 2, 3))
            bias = RNG.normal(size=3)
            sliding = Sliding((kernel,), (stride,), (begin, end), (dilation,))
            got = conv_transpose(x, weight, bias, sliding, (extra,), 1, Scratch())
            close(
                got,
                naive.conv_transpose(
                    x, weight, bias, (kernel,), (stride,), [(begin, end)], (dilation,), (extra,)
                ),
            )
            cases += 1
    assert cases > 1000


@pytest.mark.parametrize("spatial, kernel, stride, pads, dilation", VOLUMES)
@pytest.mark.parametrize("groups", [1, 2])
def test_conv_transpose_on_planes_and_volumes(spatial, kernel, stride, pads, dilation, groups):
    x, weight = RNG.normal(size=(2, *spatial, 4)), RNG.normal(size=(*kernel, 4, 3))
    extra = tuple(s - 1 for s in stride)
    sliding = Sliding(kernel, stride, flat(pads), dilation)
    got = conv_transpose(x, weight, None, sliding, extra, groups, Scratch())
    wanted = naive.conv_transpose(x, weight, None, kernel, stride, pads, dilation, extra, groups)
    close(got, wanted)


@pytest.mark.parametrize("kernel, stride", [*itertools.product((1, 2, 3, 4), (1, 2, 3))])
def test_conv_transpose_same_gives_a_stride_of_outputs_an_input(kernel, stride):
    x, weight = RNG.normal(size=(1, 5, 2)), RNG.normal(size=(kernel, 2, 2))
    got = conv_transpose(x, weight, None, Sliding((kernel,), (stride,), "same"), (0,), 1, Scratch())
    assert got.shape == (1, 5 * stride, 2)
    over = kernel - stride
    pads = [(max(over, 0) // 2, max(over, 0) - max(over, 0) // 2)]
    wanted = naive.conv_transpose(
        x, weight, None, (kernel,), (stride,), pads, (1,), (max(-over, 0),)
    )
    close(got, wanted)


@pytest.mark.parametrize("height, width", [(8, 8), (9, 10), (16, 23), (40, 31)])
@pytest.mark.parametrize("pads", [(0,), (1,), (2, 0, 1, 3)])
@pytest.mark.parametrize("kernel", [(3, 3), (5, 5), (3, 5), (5, 3)])
def test_winograd_agrees_with_plain_sums(height, width, pads, kernel):
    x = RNG.normal(size=(2, height, width, 32)).astype(np.float32)
    weight = RNG.normal(size=(*kernel, 32, 48)).astype(np.float32)
    bias = RNG.normal(size=48).astype(np.float32)
    sliding = Sliding(kernel, (1,), pads)
    from convcalc.backend import winograd
    from convcalc.backend.placement import place

    axes = place((height, width), sliding)
    plain = conv(x, weight, bias, sliding, 1, Scratch(), exact=True)
    fast = np.full_like(plain, np.nan)
    winograd.conv(x, weight, bias, axes, fast, Scratch())
    np.testing.assert_allclose(fast, plain, rtol=0, atol=2e-5 * np.abs(plain).max())


@pytest.mark.parametrize(
    "size, channels, filters, kernel, stride, dilation, gains",
    [
        (27, 64, 192, 5, 1, 1, True),  # AlexNet's second layer
        (224, 64, 64, 3, 1, 1, True),
        (14, 512, 512, 3, 1, 1, True),
        (7, 512, 512, 3, 1, 1, False),  # four cells: their filters' transform is most of the work
        (224, 3, 64, 3, 1, 1, False),  # three channels: the cells' transforms are
        (27, 64, 192, 5, 2, 1, False),
        (27, 64, 192, 3, 1, 2, False),
        (56, 64, 64, 1, 1, 1, False),
        (56, 64, 64, 7, 1, 1, False),
    ],
)
def test_winograd_where_it_is_less_work(size, channels, filters, kernel, stride, dilation, gains):
    from convcalc.backend import winograd
    from convcalc.backend.placement import place

    x = np.broadcast_to(np.float32(0), (1, size, size, channels))
    weight = np.broadcast_to(np.float32(0), (kernel, kernel, channels, filters))
    pad = dilation * (kernel // 2)
    axes = place((size, size), Sliding((kernel,), (stride,), (pad,), (dilation,)))
    assert winograd.suits(x, weight, axes, 1) is gains
    assert not winograd.suits(x.astype(np.float64), weight, axes, 1)
    assert not winograd.suits(x, weight, axes, 2)


def test_small_tiles_give_the_same_numbers(monkeypatch):
    from convcalc.backend import conv as module

    x, weight = RNG.normal(size=(3, 7, 9, 4)), RNG.normal(size=(3, 3, 2, 4))
    sliding = Sliding((3,), (2,), (1,))
    whole = conv(x, weight, None, sliding, 2, Scratch())
    for rows in (1, 3, 7, 30):
        monkeypatch.setattr(module, "TILE", 1)
        monkeypatch.setattr(module, "ROWS", rows)
        close(conv(x, weight, None, sliding, 2, Scratch()), whole)
