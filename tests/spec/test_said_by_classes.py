"""What a class of another tool says is not lost: sizes of two axes, ends of one, factors."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load


def _help(entry: str, shape: str) -> tuple[str, ...]:
    text = f"input: {shape}\nvars: {{d: 4}}\nlayers:\n  - {entry}\n"
    return load("net.yaml", text.encode()).findings[0].help


def _made(entry: str, shape: str = "8x8x16") -> str:
    text = f"input: {shape}\nvars: {{d: 4}}\nlayers:\n  - {entry}\n"
    offer = words_replaced(load("net.yaml", text.encode()))
    return offer.text.splitlines()[-1].removeprefix("  - ") if offer else ""


@pytest.mark.parametrize("module", ["", "layers.", "tf.keras.layers."])
def test_a_resizing_keeps_both_sizes_and_its_mode(module: str) -> None:
    assert _made(f"{module}Resizing(40, 50)") == "upsample: {size: [40, 50], mode: bilinear}"
    assert _made(f"{module}Resizing: [40, 50]") == "upsample: {size: [40, 50], mode: bilinear}"
    given = f"{module}Resizing: {{height: 66, width: 60, interpolation: nearest}}"
    assert _made(given) == "upsample: {size: [66, 60], mode: nearest}"
    assert _made(f'{module}Resizing(40, 50, interpolation="area")') == ""


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        ("ZeroPadding1D((1, 2))", "pad: {sides: [1, 2]}"),
        ("ZeroPadding1D: [1, 2]", "pad: {sides: [1, 2]}"),
        ("Cropping1D((1, 2))", "crop: {sides: [1, 2]}"),
        ("Conv1D: {filters: 8, kernel_size: 3, dilation_rate: =d, padding: causal}",
         "conv: {filters: 8, kernel: 3, dilation: =d, pad: [=2*d, 0]}"),
    ],
)  # fmt: skip
def test_along_a_sequence(entry: str, made: str) -> None:
    assert _made(entry, "33x4") == made


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        ("Activation: linear", "identity"),
        ("UpSampling2D: 2", "upsample: {scale: 2}"),
    ],
)
def test_another_kind_or_option_than_its_name_has(entry: str, made: str) -> None:
    assert _made(entry) == made


def test_the_number_of_an_upsample_is_said_both_ways() -> None:
    assert _help("Upsample: 64", "8x8x16") == (
        "as PyTorch has it, the size: `upsample: {size: 64}`; a factor is `upsample: {scale: 64}`",
    )
    assert _made("Upsample: 64") == ""


def test_the_first_layer_of_a_separable_conv_has_no_bias() -> None:
    assert "a depthwise_conv with `bias: false`" in _help("SeparableConv2D(16, 3)", "8x8x16")[0]


def test_a_dilation_of_a_formula_belongs_to_causal_padding() -> None:
    (help,) = _help("conv: {filters: 8, kernel: 3, dilation: =2*d, pad: causal}", "33x4")
    assert help.endswith("`[2, 0]` for a window of 3, times its dilation")


@pytest.mark.parametrize("word", ["keras.layers.PReLU()", "layers.PReLU", "tf.keras.layers.PReLU()",
                                  "layers.PReLU(shared_axes=[1])"])  # fmt: skip
def test_a_prelu_of_keras_has_a_slope_for_each_position(word: str) -> None:
    (help, *_) = _help(word, "8x8x16")
    assert help.startswith("no layer kind for PReLU with a slope for each position")
    assert _made(word) == ""
    assert _made("layers.PReLU(shared_axes=[1, 2])") == "prelu: {parameters: channel}"
    assert _made("layers.PReLU()", "16") == "prelu: {parameters: channel}"  # each is a position


def test_a_prelu_that_no_tool_is_known_of_is_said_in_all_ways() -> None:
    (help,) = _help("PReLU", "8x8x16")
    assert help == (
        "`prelu` has `parameters: one` for all channels, or `channel`; "
        "Keras's, with a slope for each position, is no layer kind"
    )


@pytest.mark.parametrize(("mode", "shape"), [("linear", "8x4"), ("trilinear", "8x8x8x4")])
def test_an_upsample_is_linear_along_its_axes(mode: str, shape: str) -> None:
    entry = f'nn.Upsample(scale_factor=2, mode="{mode}")'
    assert _made(entry, shape) == "upsample: {scale: 2, mode: bilinear}"
    (help,) = _help(entry, "8x8x4")
    assert help.endswith("what arrives has 2")
    assert f"`mode={mode}` is over " in help
