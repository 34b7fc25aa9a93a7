"""Words with numbers that are no short forms: what is offered keeps every number of the word."""

import re

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

MEANT = {
    "conv-64-3": "conv3-64",
    "conv_64_3": "conv3-64",
    "conv64-3/2": "conv3-64s2",
    "conv-3-64": "conv3-64",
    "deconv4-32s2p1": "conv_transpose: {filters: 32, kernel: 4, stride: 2, pad: 1}",
    "upconv2x2-64s2": "conv_transpose: {filters: 64, kernel: 2, stride: 2}",
    "DepthwiseConv2D5": "depthwise_conv: {kernel: 5, pad: 2}",
    "dwconv3s2": "depthwise_conv: {kernel: 3, stride: 2, pad: 1}",
    "depthwise_conv4": "depthwise_conv: {kernel: 4, pad: [1, 2, 1, 2]}",
    "l2pool3s2": "l2_pool: {kernel: 3, stride: 2}",
    "dropout0.3": "dropout: {rate: 0.3}",
    "leaky_relu0.2": "leaky_relu: {negative_slope: 0.2}",
    "leekyrelu-0.2": "leaky_relu: {negative_slope: 0.2}",
    "elu1.0": "elu: {alpha: 1.0}",
    "gn32": "group_norm: {groups: 32}",
    "pixel_shuffle2x": "pixel_shuffle: {factor: 2}",
    "lrn5": "lrn: {size: 5}",
    "max_pool3s2": "maxpool3s2",
    "max_pool3x5s2p1": "maxpool3x5s2p1",
    "Max_Pool3s2": "maxpool3s2",
    "max-pool3s2": "maxpool3s2",
    "max_pool_3s2": "maxpool3s2",
    "avg_pool3s2": "avgpool3s2",
    "pool3-2": "pool3s2",
    "max_pool3-2-1": "maxpool3s2p1",
    "l2_pool3-2": "l2_pool: {kernel: 3, stride: 2}",
    "conv3-64-2": "conv3-64s2",
    "conv3-64-2-1": "conv3-64s2p1",
    "conv-64-3-2": "conv3-64s2",
    "deconv4-32-2-1": "conv_transpose: {filters: 32, kernel: 4, stride: 2, pad: 1}",
}

TOLD = {
    "sepconv3-64s2": "it is two layers: `- depthwise_conv: {kernel: 3, stride: 2, pad: 1}` and on "
    "the next line `- conv1-64`",
    "upsample2x": "write `upsample: {scale: 2}`",
    "dropout50%": "the kind is `dropout`, with the options in_place, rate",
    "depthwise_conv3-64": "the kind is `depthwise_conv`, with the options kernel, stride, pad, "
    "dilation, multiplier, bias",
    "conv-64x3": "write `conv3-64` if 64 are the filters\na window of 64x3 needs its filters too: "
    "`conv64x3-64` has 64",
    "conv-3-64-3": "after `conv3-64` come s (stride), p (pad), d (dilation) and g (groups), each "
    "once with a number",  # 3 channels arrive: or 64 filters of 3x3
    "conv3-64-128": "after `conv3-64` come s (stride), p (pad), d (dilation) and g (groups), each "
    "once with a number",
    "conv3_1": "it looks like a name, which stands below a layer: `name: conv3_1`",
}


@pytest.mark.parametrize("word", MEANT)
def test_what_is_offered_keeps_every_number(layers, word) -> None:
    spec = layers(f"- {word}")
    assert spec.help == f"did you mean `{MEANT[word]}`?"
    numbers = set(re.findall(r"[0-9.]+", word.removeprefix("l2").replace("2D", "")))
    assert numbers <= set(re.findall(r"[0-9.]+", MEANT[word]))


@pytest.mark.parametrize("word", TOLD)
def test_what_has_no_single_answer_is_told(layers, word) -> None:
    assert layers(f"- {word}").help == TOLD[word]


@pytest.mark.parametrize(("word", "kind"), [("relu1", "relu"), ("bn3", "batch_norm")])
def test_a_layer_with_a_number_of_its_own_is_the_kind(layers, word, kind) -> None:
    assert layers(f"- {word}").help == f"did you mean `{kind}`?"


def test_a_repair_writes_the_numbers() -> None:
    text = "input: 32x32x8\nlayers:\n  - deconv4-32s2p1  # twice the size\n  - dropout0.3\n"
    (offer,) = offers(load("net.yaml", text.encode()))
    lines = offer.text.splitlines()
    assert lines[2] == f"  - {MEANT['deconv4-32s2p1']}  # twice the size"
    assert lines[3] == "  - dropout: {rate: 0.3}"


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("upsample2: {mode: bilinear}", "upsample: {scale: 2, mode: bilinear}"),
        ("gn32: {affine: false}", "group_norm: {groups: 32, affine: false}"),
        ("dwconv3: {stride: 2}", "depthwise_conv: {kernel: 3, stride: 2, pad: 1}"),
        ("depthwise3: {pad: 0}", "depthwise_conv: {kernel: 3, pad: 0}"),
        ("dwconv3s2: {bias: false, stride: 2}", "depthwise_conv: {kernel: 3, stride: 2, pad: 1, "
         "bias: false}"),
        ("dwconv3: {dilation: [1, 2], what: 1}", "depthwise_conv: {kernel: 3, pad: 1, "
         "dilation: [1, 2], what: 1}"),
        ("deconv4-32s2: {pad: 1}", "conv_transpose: {filters: 32, kernel: 4, stride: 2, pad: 1}"),
    ],
)  # fmt: skip
def test_options_below_the_word_are_kept(layers, entry, written) -> None:
    assert layers(f"- {entry}").help == f"write `{written}`"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("dwconv3s2: {stride: 1}", "stride 2, the option below it 1"),
        ("dwconv3p1: {pad: 0}", "pad 1, the option below it 0"),
        ("deconv4-32s2: {kernel: 3}", "kernel 4, the option below it 3"),
    ],
)
def test_options_below_the_word_that_say_otherwise_are_named(layers, entry, what) -> None:
    word = entry.partition(":")[0]
    assert layers(f"- {entry}").help == f"`{word}` says {what}: leave one out"


def test_a_pattern_has_no_options(layers) -> None:
    listed = "a pattern has words only: in a list of layers it is `- dropout: {rate: 0.3}`"
    assert layers("- conv3-8 -> dropout0.3").help == listed
