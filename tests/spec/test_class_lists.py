"""Numbers in a row behind a class or a window: the first message says the entry they mean."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.fix.search import offers
from convcalc.spec.load import load


def _help(entry: str, input: str = "37x37x16") -> tuple[str, ...]:
    findings = load("a.yaml", f"input: {input}\nlayers:\n- {entry}\n".encode()).findings
    return findings[0].help


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        (
            "Unflatten: [1, [64, 7, 7]]",
            "write `reshape: {shape: [7, 7, 64]}` in place of `Unflatten`",
        ),
        ("GELU: tanh", "`gelu` is the exact one, and no kind approximates it by tanh"),
    ],
)
def test_texts_and_lists_behind_a_class_are_its_arguments_too(entry: str, help: str) -> None:
    found = analyze(load("net.yaml", f"input: 3136\nlayers:\n  - {entry}\n".encode())).findings
    assert help in [line for finding in found for line in finding.help]


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("ZeroPad2d: [1, 2, 3, 4]", "pad: {sides: [3, 4, 1, 2]}"),
        ("nn.ZeroPad2d: [1, 2, 3, 4]", "pad: {sides: [3, 4, 1, 2]}"),
        ("ZeroPadding2D: [1, 2]", "pad: {sides: [1, 1, 2, 2]}"),
        ("MaxPool2d: [37, 37]", "pool37"),
        ("AvgPool2d: [3, 2, 1]", "avgpool3s2p1"),
        ("Conv2d: [16, 32, 3, 1, 1]", "conv3-32p1"),
        ("Conv2D: [8, 3]", "conv3-8p0"),
        ("Linear: [21904, 10]", "fc-10"),
        ("AdaptiveAvgPool2d: [3, 5]", "adaptive_avg_pool: {output: [3, 5]}"),
        ("UpSampling2D: [2, 3]", "upsample: {scale: [2, 3]}"),
        ("GroupNorm: [4, 16]", "group_norm: {groups: 4}"),
        (
            "LocalResponseNorm: 5",
            "lrn: {size: 5, alpha: 0.0001, alpha_over: size, beta: 0.75, k: 1.0}",
        ),
    ],
)
def test_numbers_behind_a_class_are_its_arguments_in_order(entry: str, written: str) -> None:
    word = entry.partition(":")[0]
    assert _help(entry) == (f"write `{written}` in place of `{word}`",)
    (offer,) = offers(load("a.yaml", f"input: 37x37x16\nlayers:\n- {entry}\n".encode()))[:1]
    assert f"- {written}" in offer.text


@pytest.mark.parametrize(
    ("entry", "input", "readings"),
    [
        ("MaxPooling2D: [2, 1]", "32x100x64", ("pool2s1", "2x1", "pool2x1")),
        ("nn.AvgPool2d: [1, 2]", "32x100x64", ("avgpool1s2", "1x2", "avgpool1x2")),
        ("MaxPool3d: [3, 2, 1]", "33x33x33x3",
         ("pool3s2p1", "3x2x1", "pool3x2x1")),
    ],
)  # fmt: skip
def test_a_list_of_a_number_an_axis_is_read_in_both_ways(
    entry: str, input: str, readings: tuple[str, str, str]
) -> None:
    text = f"input: {input}\nvars: {{k: 2}}\nrounding: floor\nlayers:\n- {entry}\n"
    wrong = load("a.yaml", text.encode())
    first, listed, window = readings
    assert wrong.findings[0].help == (
        f"in order, as arguments of a call, `{first}`; a window of {listed} is `{window}`",
    )
    assert not offers(wrong)  # nobody knows which is meant


def test_a_list_that_would_pad_by_more_than_half_a_kernel_is_the_window() -> None:
    assert _help("MaxPool3d: [1, 2, 2]", "16x112x112x3") == (
        "write `pool1x2x2` in place of `MaxPool3d`",
    )
    behind_a_fault = (
        "input: 16x112x112x3\nlayers:\n- conv3d: {filters: 4}\n- MaxPool3d: [1, 2, 2]\n"
    )
    _, pool = load("a.yaml", behind_a_fault.encode()).findings
    assert pool.help[0] == "write `pool1x2x2` in place of `MaxPool3d`"
    assert _help("MaxPool3d: [2, 2, 2]", "16x112x112x3") == (
        "write `pool2` in place of `MaxPool3d`",
    )


@pytest.mark.parametrize(
    ("sizes", "shape"),
    [
        ("[7, 7, 64]", "[7, 7, 64]"),
        ("(7, 7, 64)", "[7, 7, 64]"),
        ("[[7, 7, 64]]", "[7, 7, 64]"),
        ("[49, -1]", "[49, 64]"),
        ("[=k, =k, 64]", "[=k, =k, 64]"),
    ],
)
def test_sizes_behind_a_reshape_are_those_that_are_written(sizes: str, shape: str) -> None:
    text = f"input: 3136\nvars: {{k: 7}}\nlayers:\n- layers.Reshape: {sizes}\n".encode()
    wrong = load("a.yaml", text)
    written = f"reshape: {{shape: {shape}}}"
    assert wrong.findings[0].help == (f"write `{written}` in place of `layers.Reshape`",)
    assert f"- {written}" in offers(wrong)[0].text


def test_sizes_behind_a_reshape_that_may_have_the_batch_are_asked_for() -> None:
    (help,) = _help("Reshape: [-1, 64]", "3136")
    assert help == "Keras's is `reshape: {shape: 49x64}`; where -1 is the batch, it is no layer"
    (view,) = _help("x.reshape: [-1, 64, 7, 7]", "3136")
    assert view == "`reshape: {shape: 7x7x64}`: channels come last, and the batch is left out"


def test_a_number_that_the_kind_takes_as_the_class_does_stays() -> None:
    assert _help("MaxPool2d: 3", "36x36x16") == ("did you mean `max_pool`?",)


def test_what_the_class_states_of_its_input_is_held_against_it() -> None:
    differs, right = _help("Conv2d: [3, 32, 3]")
    assert differs == "input makes 37x37x16: 16 channels, not 3"
    assert right == "if the net is right: `conv3-32p0`"


@pytest.mark.parametrize(
    ("entry", "input", "help"),
    [
        (
            "max_pool: [3, 2, 1]",
            "33x33x3",
            "write `max_pool: {kernel: 3, stride: 2, pad: 1}`",
        ),
        ("avg_pool: [3, 2]", "33x3", "write `avg_pool: {kernel: 3, stride: 2}`"),
        ("max_pool: [2, 2]", "32x32x3", "write `max_pool: {kernel: [2, 2]}`"),
        ("max_pool: [3, 2, 1]", "9x9x9x3", "or of a window of 3x2x1: `kernel: 3x2x1`"),
        (
            "depthwise_conv: [3, 1, 1]",
            "33x33x3",
            "write `depthwise_conv: {kernel: 3, stride: 1, pad: 1}`",
        ),
        (
            "max_pool: [3, 2]",
            "33x33x3",
            "write `max_pool: {kernel: 3, stride: 2}`, or of a window of 3x2: `kernel: 3x2`",
        ),
    ],
)
def test_a_window_in_a_list_is_a_size_for_each_axis_or_kernel_stride_and_pad(
    entry: str, input: str, help: str
) -> None:
    assert _help(entry, input)[0].endswith(help)


def test_a_class_behind_a_fault_waits_for_it_and_keeps_its_rounding() -> None:
    layers = "- Conv1d: {in_channels: 1, out_channels: 4, kernel_size: 3, padding: 1}\n"
    layers += "- MaxPool1d: 4\n"
    text = f"input: 18x2\nlayers:\n{layers}"
    assert offers(load("a.yaml", text.encode())) == []  # as a kind it would be padded later
    for shape in ("18x1", "1x18"):  # which is turned round
        (repaired, *_) = offers(load("a.yaml", text.replace("18x2", shape).encode()))
        assert not repaired.errors and "- max_pool: {kernel: 4, rounding: floor}" in repaired.text


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("MaxPool2d: [=k, 2]", "max_pool: {kernel: =k, stride: 2, rounding: floor}"),
        ("MaxPool2d: {kernel_size: =k, stride: 2}", "max_pool: {kernel: =k, stride: 2, rounding"),
        ("AvgPool2d: [=k, =s]", "avg_pool: {kernel: =k, stride: =s, rounding: floor}"),
        ("ZeroPad2d: [1, 2, 3, =k]", "pad: {sides: [3, =k, 1, 2]}"),
        ("LocalResponseNorm: =k", "lrn: {size: =k, alpha: 0.0001, alpha_over: size, beta"),
        ("Conv2d: [8, =W, =k, 1, 1]", "conv: {filters: =W, kernel: =k, stride: 1, pad: 1}"),
        ("Conv2D: [=W, =k]", "conv: {filters: =W, kernel: =k}"),
        ("max_pool: [=k, 2, 1]", "max_pool: {kernel: =k, stride: 2, pad: 1}"),
        ("depthwise_conv: [=k, =s, 1]", "depthwise_conv: {kernel: =k, stride: =s, pad: 1}"),
    ],
)  # fmt: skip
def test_formulas_in_lists_are_arguments_in_order_too(entry: str, written: str) -> None:
    text = f"input: 12x12x8\nvars: {{k: 3, s: 2, W: 16}}\nlayers:\n  - {entry}\n"
    found = load("net.yaml", text.encode()).findings
    assert f"`{written}" in found[0].help[0]
    told = found[0].help[0].split("`")[1]
    made = load("net.yaml", text.replace(entry, told).encode())
    assert made.steps[-1].layer is not None


def test_a_pool_without_its_kernel_asks_for_no_rounding() -> None:
    found = load("net.yaml", b"input: 12x12x8\nlayers:\n  - MaxPool2d: {stride: 2}\n").findings
    assert found[0].help == ("did you mean `max_pool`?",)
