"""The demo: its sums against the definition, its keys, its frames, its files."""

from itertools import product
from math import sqrt
from random import Random

import pytest

import convcalc
from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.cli import demo_screen as command
from convcalc.cli import run
from convcalc.demo.make import Given, NoDemoError, demo
from convcalc.demo.numbers import Demo
from convcalc.report.demo.text import frame
from convcalc.report.drawing.palette import Palette
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def made(pattern: str, shape: tuple[int, ...], **given) -> Demo:
    return demo(analyze(load_pattern(pattern, Overrides(shape))).rows[1], **given)


def of_layer(shape: str, layer: str, rounding: str = "exact"):
    """The row of one layer, written in YAML."""
    text = f"input: {shape}\nrounding: {rounding}\nlayers: [{layer}]\n"
    found = analyze(load("n.yaml", text.encode()))
    assert not found.broken, [f.message for f in found.findings]
    return found.rows[1]


@pytest.fixture
def notes() -> Demo:
    return demo(analyze(load("convolution-demo", zoo.read("convolution-demo"))).rows[1])


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


def test_the_notes_demo_has_18_numbers(notes: Demo) -> None:
    """Convolutional Layer, Convolution Demo: 5x5x3, two 3x3 filters, stride 2, padding 1."""
    assert (notes.row.inputs[0], notes.output, len(notes.positions)) == ((5, 5, 3), (3, 3, 2), 18)
    assert [len(notes.padded), len(notes.padded[0])] == [3, 7]
    assert len({notes.value(at) for at in notes.positions}) > 5


def test_the_numbers_are_the_same_every_time_and_others_with_another_seed(notes: Demo) -> None:
    row = analyze(load_pattern("conv3-2s2p1", Overrides((5, 5, 3)))).rows[1]
    assert demo(row) == demo(row)
    assert demo(row).padded == notes.padded
    assert demo(row, 7).padded != notes.padded


def test_a_frame_marks_the_window_and_fits_a_small_terminal(notes: Demo) -> None:
    shown = frame(notes, 4, Palette(width=80), command.KEYS)
    assert "step 5 of 18: output [1, 1, 0]" in shown
    assert shown.count("[") - shown.count("[:") == 3 * 9 + 1 + 1  # windows, output, title
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) <= 24
    assert "\x1b" not in shown
    at = notes.positions[4]
    assert f"= {notes.value(at)}   (b0 = {notes.biases[0]})" in shown


@pytest.mark.parametrize(
    ("at", "key", "typed", "expected"),
    [
        (0, " ", "", (1, "")),
        (17, " ", "", (17, "")),
        (3, "b", "", (2, "")),
        (0, "b", "", (0, "")),
        (0, "1", "", (0, "1")),
        (0, "2", "1", (0, "12")),
        (0, "\r", "12", (11, "")),
        (0, "\r", "99", (17, "")),
        (5, "\r", "0", (0, "")),
        (5, "\x7f", "12", (5, "1")),
        (5, "\x1b[D", "", (4, "")),
        (5, "\x1b[C", "", (6, "")),
        (5, "q", "", (-1, "")),
        (5, "?", "", (5, "")),
    ],
)
def test_keys(at: int, key: str, typed: str, expected: tuple[int, str]) -> None:
    assert command.stepped(at, 17, key, typed) == expected


def test_piped_it_prints_every_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    out = capsys.readouterr().out
    assert out.count("output [") == 18
    assert "\x1b" not in out


def test_a_net_and_a_layer_of_the_user_s(capsys: pytest.CaptureFixture[str]) -> None:
    net = ["--input", "8x8x1", "--net", "conv3-1 pool2 conv3-2"]
    assert run(["demo", *net, "conv2"]) == 0
    assert capsys.readouterr().out.startswith("conv2  4x4x1 -> 4x4x2")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lenet5", "C5"], "C5 is fc: the demo shows conv, depthwise_conv, conv_transpose"),
        (["lenet5", "--at", "28,0,0"], "--at 28,0,0: the outputs of C1 are 0,0,0 to 27,27,5"),
        (["lenet5", "--at", "1,1"], "are 0,0,0 to 27,27,5"),
        (["lenet5", "--at", "1;1"], "the place of an output, such as 2,3,1"),
        (["lenet5", "conv9"], "no layer 'conv9'"),
        (["--net", "fc-10", "--input", "4x4x1"], "there is no conv to show, and no pool"),
        (["--net", "conv3-2", "--input", "4x4x4x1"], "has 3 spatial axes"),
        (["--array", "1,2"], "--array has 2 numbers: the input 5x5x3 needs 75"),
        (["--weights", "1,2"], "--weights has 2 numbers: 2 filters of 9 x 3 needs 54"),
        (["--weights", "1,x"], "--weights 1,x: no such file, and no numbers such as 1,0,-1"),
        (["--net", "pool2", "--input", "4x4x1", "--weights", "1"], "it has no weights"),
    ],
)
def test_what_cannot_be_shown(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", *words]) == 2
    assert message in capsys.readouterr().err


def test_of_a_large_layer_a_part_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers of a part are those of the whole: an image of one pixel's number is convolved."""
    numbers = [0] * (40 * 30 * 5)
    numbers[(21 * 30 + 11) * 5 + 4] = 10  # x[21, 11, 4]
    filters = list(range(3 * 9 * 5))
    row = of_layer("40x30x5", "{conv: {filters: 3, kernel: 3, pad: 1}}")
    shown = demo(row, given=Given(numbers, filters), at=(20, 10, 1))
    assert not shown.whole
    places = [shown.place(at) for at in shown.positions]
    assert places[0] == (20, 10, 1) and places[-1] == (23, 13, 2) and len(places) == 32
    for at in shown.positions:
        i, j, k = shown.place(at)
        a, b = 21 - i + 1, 11 - j + 1
        inside = 0 <= a < 3 and 0 <= b < 3
        assert shown.value(at) == (10 * filters[((k * 3 + a) * 3 + b) * 5 + 4] if inside else 0)
    assert run(["demo", "vgg16", "conv2_1", "--at", "100,50,7"]) == 0
    out = capsys.readouterr().out
    assert "x[100:106, 50:56, 0]" in out and "and 61 more channels" in out
    assert "V[100,50,7] = np.sum(X[100:103,50:53,:] * W7) + b7" in out
    assert max(map(len, out.splitlines())) <= 80
    assert run(["demo", "vgg16", "conv2_1", "--at", "111,111,127"]) == 0
    assert "1 " in capsys.readouterr().out


def test_a_layer_that_reads_too_much_is_refused() -> None:
    row = of_layer("512x512x64", "{conv: {filters: 8, kernel: 512}}")
    with pytest.raises(NoDemoError, match="a single output reads 16,777,216 numbers"):
        demo(row)


def test_the_notes_one_dimensional_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """Spatial arrangement: weights [1, 0, -1], bias 0, over 1 2 -1 1 -3 with padding 1."""
    words = ["demo", "--input", "5x1", "--array", "1,2,-1,1,-3", "--weights", "1,0,-1"]
    assert run([*words, "--net", "conv3-1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["-2", "2", "1", "2", "[1]"]
    assert run([*words, "--net", "conv3-1s2p1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["-2", "1", "[1]"]


def test_a_dilated_filter_reads_every_other_number(capsys: pytest.CaptureFixture[str]) -> None:
    """Dilated convolutions: w[0]*x[0] + w[1]*x[2] + w[2]*x[4] (the notes' dilation 1)."""
    words = ["--array", "1,10,100,1000,10000", "--weights", "1,2,3"]
    assert run(["demo", "--input", "5x1", "--net", "conv3-1d2p0", *words]) == 0
    out = capsys.readouterr().out
    assert "= 30201" in out and "V[0,0] = np.sum(X[0:5:2,:] * W0) + b0" in out


def test_max_pooling_with_its_switches(capsys: pytest.CaptureFixture[str]) -> None:
    """Pooling Layer, the figure: max over 4 numbers; Backpropagation: the switches."""
    words = ["--array", "1,1,2,4,5,6,7,8,3,2,1,0,1,2,3,4"]
    assert run(["demo", "--input", "4x4x1", "--net", "pool2", *words]) == 0
    out = capsys.readouterr().out
    assert [line.split() for line in out.splitlines()[-2:]] == [["6", "8"], ["3", "[4]"]]
    assert "max(1, 1, 5, 6) = 6   (switch x[1, 1, 0])" in out
    assert frame(made("pool2", (4, 4, 1)), 1, Palette(width=80)).count("max(") == 1


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


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--input", "11x11x4", "--net", "conv5-2s2p0", "conv1", "2,3,1"],
         "V[2,3,1] = np.sum(X[4:9,6:11,:] * W1) + b1"),
        (["vgg16", "conv2_1", "0,111,5"], "height 0..5, width 218..223 of the net's 224x224x3"),
        (["alexnet", "pool1", "1,2,3"], "np.max(X[2:5,4:7,3])"),
        (["vgg16", "fc1", "7"], "np.dot(W[7], X.ravel()) + b[7]"),
    ],
)  # fmt: skip
def test_explain_says_what_makes_one_output(
    words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Convolutional Layer, Numpy examples."""
    assert run(["explain", *words]) == 0
    assert text in capsys.readouterr().out


def test_an_output_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "lenet5", "C1", "28,0,0"]) == 2
    assert "C1 makes 28x28x6: an index goes to 27, got 28" in capsys.readouterr().err
    assert run(["explain", "lenet5", "C1", "1,1"]) == 2
    assert "an output of C1 has 3 indices" in capsys.readouterr().err


def test_python_has_it_too() -> None:
    found = convcalc.explain("alexnet", "pool1", (1, 2, 3))
    assert "np.max(X[2:5,4:7,3])" in str(found.to_dict())
