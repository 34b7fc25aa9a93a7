"""The demo: its sums against the definition, its keys, its frames, its files."""

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
from tests.demo_rows import made, of_layer


@pytest.fixture
def notes() -> Demo:
    return demo(analyze(load("convolution-demo", zoo.read("convolution-demo"))).rows[1])


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
