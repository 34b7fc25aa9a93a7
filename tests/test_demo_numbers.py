"""The numbers of the demo: each convolution and pool by its definition, each NumPy line run."""

from itertools import product
from math import sqrt
from random import Random

import pytest

from convcalc.demo.make import Given, demo
from tests.demo_rows import of_layer


def volume(numbers, height, width, depth):
    """Numbers, channels fastest, as x[y][x][c]."""
    flat = iter(numbers)
    return [[[next(flat) for _ in range(depth)] for _ in range(width)] for _ in range(height)]


def convolved(x, w, k, s, p, d, groups, biases, size):
    """A convolution by its definition, on numbers that are not padded."""
    depth, count = len(x[0][0]), len(w)
    each, own = depth // groups, count // groups
    found = {}
    for f, i, j in product(range(count), range(size[0]), range(size[1])):
        total = biases[f]
        for a, b, c in product(range(k), range(k), range(each)):
            y, z = i * s - p + a * d, j * s - p + b * d
            if 0 <= y < len(x) and 0 <= z < len(x[0]):
                total += x[y][z][f // own * each + c] * w[f][a][b][c]
        found[i, j, f] = total
    return found


def transposed(x, w, k, s, p, d, groups, biases, size):
    """A transposed convolution by its definition: every input number puts a filter down."""
    depth, count = len(x[0][0]), len(w)
    each, own = depth // groups, count // groups
    found = {(i, j, f): biases[f] for f in range(count) for i in range(size[0])
             for j in range(size[1])}  # fmt: skip
    for y, z, f, a, b, c in product(
        range(len(x)), range(len(x[0])), range(count), range(k), range(k), range(each)
    ):
        at = (y * s - p + a * d, z * s - p + b * d, f)
        if at in found:
            found[at] += x[y][z][f // own * each + c] * w[f][a][b][c]
    return found


#: options of a conv: kernel, stride, pad, dilation, groups
CONVS = [
    ("6x5x4", 3, 1, 1, 1, 2),
    ("7x7x2", 3, 2, 1, 1, 1),
    ("8x8x2", 3, 1, 2, 2, 1),
    ("3x3x3", 1, 1, 0, 1, 3),
    ("9x6x1", 2, 1, 0, 3, 1),
]


@pytest.mark.parametrize(("kind", "way"), [("conv", convolved), ("conv_transpose", transposed)])
@pytest.mark.parametrize(("shape", "k", "s", "p", "d", "groups"), CONVS)
def test_convolutions_of_given_numbers_follow_the_definition(
    kind, way, shape, k, s, p, d, groups
) -> None:
    options = f"filters: 6, kernel: {k}, stride: {s}, pad: {p}, dilation: {d}, groups: {groups}"
    row = of_layer(shape, f"{{{kind}: {{{options}}}}}", "floor")
    height, width, depth = map(int, shape.split("x"))
    random = Random(7)
    numbers = [random.randint(-9, 9) for _ in range(height * width * depth)]
    each = depth // groups
    filters = [random.randint(-9, 9) for _ in range(6 * k * k * each)]
    biases = [random.randint(-9, 9) for _ in range(6)]
    shown = demo(row, given=Given(numbers, filters, biases))
    flat = iter(filters)
    w = [volume(flat, k, k, each) for _ in range(6)]
    size = row.step.output[:2]
    expected = way(volume(numbers, height, width, depth), w, k, s, p, d, groups, biases, size)
    assert shown.whole
    assert {shown.place(at): shown.value(at) for at in shown.positions} == expected


#: pools: layer, how, kernel, stride, pad, what is padding
POOLS = [
    ("{max_pool: {kernel: 2}}", max, 2, 2, 0, None),
    ("{max_pool: {kernel: 3, stride: 2, pad: 1}}", max, 3, 2, 1, None),
    ("{avg_pool: {kernel: 2}}", lambda n: sum(n) / len(n), 2, 2, 0, None),
    ("{avg_pool: {kernel: 3, stride: 2, pad: 1}}", lambda n: sum(n) / len(n), 3, 2, 1, 0),
    ("{avg_pool: {kernel: 3, stride: 2, pad: 1, count_padding: false}}",
     lambda n: sum(n) / len(n), 3, 2, 1, None),
    ("{l2_pool: {kernel: 2}}", lambda n: sqrt(sum(v * v for v in n)), 2, 2, 0, None),
]  # fmt: skip


@pytest.mark.parametrize("rounding", ["floor", "ceil"])
@pytest.mark.parametrize(("layer", "how", "k", "s", "p", "padding"), POOLS)
def test_pools_of_given_numbers_follow_the_definition(
    layer, how, k, s, p, padding, rounding
) -> None:
    """Under `ceil` a window hangs over the padded edge, and that never counts."""
    row = of_layer("7x6x2", layer, rounding)
    random = Random(3)
    numbers = [random.randint(-9, 9) for _ in range(7 * 6 * 2)]
    x = volume(numbers, 7, 6, 2)
    shown = demo(row, given=Given(numbers))
    rows, columns, channels = row.step.output
    found = {shown.place(at): shown.value(at) for at in shown.positions}
    assert len(found) == rows * columns * channels
    for (i, j, c), value in found.items():
        window = []
        for y, z in product(range(i * s - p, i * s - p + k), range(j * s - p, j * s - p + k)):
            if 0 <= y < 7 and 0 <= z < 6:
                window.append(x[y][z][c])
            elif padding is not None and y < 7 + p and z < 6 + p:
                window.append(padding)
        assert value == pytest.approx(how(window), rel=1e-12)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        # Numpy examples: V[2,3,1] reads X[4:9, 6:11, :]
        ("{conv: {filters: 2, kernel: 5, stride: 2}}", "11x11x4"),
        ("{conv: {filters: 4, kernel: 3, pad: 1, groups: 2}}", "6x5x4"),
        ("{conv: {filters: 2, kernel: [3, 2], stride: 2}}", "7x6x1"),
        ("{conv: {filters: 1, kernel: 3, dilation: 2, pad: 2}}", "8x8x2"),
        ("{conv: {filters: 2, kernel: 3, dilation: 2, pad: 2}}", "9x2"),
        ("{depthwise_conv: {kernel: 3, pad: 1, multiplier: 2}}", "5x5x2"),
        ("{conv_transpose: {filters: 3, kernel: 3, stride: 2, pad: 1}}", "4x5x2"),
        ("{conv_transpose: {filters: 2, kernel: 2, stride: 2, output_pad: 1}}", "4x2"),
        ("{conv_transpose: {filters: 4, kernel: 2, pad: 1, dilation: 3, groups: 2}}", "4x4x2"),
        ("{max_pool: {kernel: 3, stride: 2}}", "7x7x2"),
        ("{max_pool: {kernel: 3, stride: 2, pad: 1, rounding: ceil}}", "6x7x2"),
        ("{max_pool: {kernel: 2}}", "6x3"),
        ("{avg_pool: {kernel: 3, stride: 2, pad: 1}}", "7x7x2"),
        ("{avg_pool: {kernel: 3, stride: 2, rounding: ceil}}", "6x6x2"),
        ("{avg_pool: {kernel: 3, stride: 2, pad: 1, count_padding: false}}", "7x7x2"),
        ("{l2_pool: {kernel: 2}}", "6x4x2"),
    ],
)
def test_the_numpy_line_makes_the_number_beside_it(layer: str, shape: str) -> None:
    np = pytest.importorskip("numpy")
    shown = demo(of_layer(shape, layer))
    nothing = -np.inf if "max_pool" in layer else np.nan
    grids = [
        [[nothing if v is None else v for v in line] for line in grid]
        for grid in shown.padded.values()
    ]
    x = np.moveaxis(np.array(grids), 0, -1)
    rows, columns = shown.axes  # X ends where the padding does: windows may hang over
    names = {"np": np, "X": x[: rows.padded, : columns.padded]}
    for k, own in shown.filters.items():
        w = np.moveaxis(np.array(own), 0, -1)
        names[f"W{k}"] = w[::-1, ::-1] if shown.flips else w
        names[f"b{k}"] = shown.biases[k]
    if shown.flat:
        names = {n: v[0] if getattr(v, "ndim", 0) == 3 else v for n, v in names.items()}
    for at in shown.positions:
        target, _, value = shown.statement(at).partition(" = ")
        assert target == f"V[{','.join(map(str, shown.place(at)))}]"
        assert eval(value, names) == pytest.approx(shown.value(at), rel=1e-12)
