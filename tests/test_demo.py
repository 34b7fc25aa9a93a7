"""The convolution demo: its sums against the definition, its keys, its frames."""

import sys

import pytest

import convcalc
from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.cli import demo as command
from convcalc.cli import run
from convcalc.demo.numbers import Demo, NoDemoError, demo
from convcalc.report.demo.text import frame
from convcalc.report.drawing.palette import Palette
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def made(pattern: str, shape: tuple[int, ...]) -> Demo:
    return demo(analyze(load_pattern(pattern, Overrides(shape))).rows[1])


@pytest.fixture
def notes() -> Demo:
    return demo(analyze(load("convolution-demo", zoo.read("convolution-demo"))).rows[1])


def by_definition(shown: Demo) -> list[int]:
    """Every output number from the unpadded input, by loops over the definition."""
    rows, columns = shown.windows
    height, width, depth = shown.shape
    each, per_group = depth // shown.groups, shown.output[2] // shown.groups
    found = []
    for k in range(shown.output[2]):
        for i in range(shown.output[0]):
            for j in range(shown.output[1]):
                total = shown.biases[k]
                for c in range(each):
                    grid = shown.padded[k // per_group * each + c]
                    for a in range(rows.kernel):
                        for b in range(columns.kernel):
                            y = i * rows.stride - rows.begin + a * rows.dilation
                            x = j * columns.stride - columns.begin + b * columns.dilation
                            if 0 <= y < height and 0 <= x < width:
                                inside = grid[y + rows.begin][x + columns.begin]
                                total += inside * shown.filters[k][c][a][b]
                found.append(total)
    return found


def test_the_notes_demo_has_18_numbers_that_follow_the_definition(notes: Demo) -> None:
    assert (notes.shape, notes.output, len(notes.positions)) == ((5, 5, 3), (3, 3, 2), 18)
    assert [len(notes.padded), len(notes.padded[0])] == [3, 7]
    assert [notes.value(at) for at in notes.positions] == by_definition(notes)
    assert len({notes.value(at) for at in notes.positions}) > 5


@pytest.mark.parametrize(
    ("pattern", "shape"),
    [
        ("conv3-4g2", (6, 5, 4)),
        ("conv3x2-2s2p0", (7, 6, 1)),
        ("conv3-1d2", (8, 8, 2)),
        ("conv1-3s1p0", (3, 3, 3)),
    ],
)
def test_groups_strides_and_dilation_follow_the_definition(
    pattern: str, shape: tuple[int, ...]
) -> None:
    shown = made(pattern, shape)
    assert [shown.value(at) for at in shown.positions] == by_definition(shown)


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


def test_a_session_at_the_keyboard(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter([" ", " ", "b", "1", "8", "\r", "q"])
    monkeypatch.setattr("click.getchar", lambda: next(keys))
    monkeypatch.setattr("click.clear", lambda: None)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run(["demo"]) == 0
    out = capsys.readouterr().out
    steps = [line.split(":")[0] for line in out.splitlines() if line.startswith("step ")]
    numbers = [step.split()[1] for step in steps]
    assert numbers == ["1", "2", "3", "2", "2", "2", "18"]
    assert not list(keys)


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
        (["vgg16"], "conv1_1 is too large to show: 224x224x3 in"),
        (["lenet5", "S2"], "S2 is avg_pool: the demo shows a conv or a max_pool"),
        (["lenet5", "conv9"], "no layer 'conv9'"),
        (["--net", "fc-10", "--input", "4x4x1"], "there is no conv to show"),
        (["--net", "conv3-2", "--input", "4x4x4x1"], "has 3 spatial axes"),
        (["--array", "1,2"], "--array has 2 numbers: the input 5x5x3 needs 75"),
        (["--weights", "1,2"], "--weights has 2 numbers: 2 filters of 9 x 3 needs 54"),
        (["--weights", "1,x"], "integers with commas between"),
        (["--net", "pool2", "--input", "4x4x1", "--weights", "1"], "it has no weights"),
    ],
)
def test_what_cannot_be_shown(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", *words]) == 2
    assert message in capsys.readouterr().err


def test_numbers_too_large_raise(notes: Demo) -> None:
    with pytest.raises(NoDemoError, match="at most 2,000 numbers each"):
        made("conv3-2", (30, 30, 3))


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
    ("pattern", "shape"),
    [
        ("conv5-2s2p0", (11, 11, 4)),  # Numpy examples: V[2,3,1] reads X[4:9, 6:11, :]
        ("conv3-4g2", (6, 5, 4)),
        ("conv3x2-2s2p0", (7, 6, 1)),
        ("conv3-1d2", (8, 8, 2)),
        ("conv3-2d2", (9, 2)),
        ("pool3s2", (7, 7, 2)),
        ("pool2", (6, 3)),
    ],
)
def test_the_numpy_line_makes_the_number_beside_it(pattern: str, shape: tuple[int, ...]) -> None:
    np = pytest.importorskip("numpy")
    shown = made(pattern, shape)
    names = {"np": np, "X": np.moveaxis(np.array(shown.padded), 0, -1)}
    for k, grids in enumerate(shown.filters):
        names[f"W{k}"] = np.moveaxis(np.array(grids), 0, -1)
        names[f"b{k}"] = shown.biases[k]
    if shown.flat:
        names = {n: v[0] if getattr(v, "ndim", 0) == 3 else v for n, v in names.items()}
    for at in shown.positions:
        target, _, value = shown.statement(at).partition(" = ")
        assert target == f"V[{','.join(map(str, shown.place(at)))}]"
        assert eval(value, names) == shown.value(at)


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
