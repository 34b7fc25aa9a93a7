"""Did you mean: the words of other tools for widths and precisions."""

import pytest

from convcalc import suggest
from convcalc.analysis.settings import DTYPES
from convcalc.choices import expected_one_of
from convcalc.findings import CODES
from convcalc.memory import precisions
from convcalc.suggest import Suggestions, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("float16", "'fp16'"),
        ("half", "'fp16'"),
        ("bfloat16", "'bf16'"),
        ("torch.bfloat16", "'bf16'"),
        ("AMP", "'amp-fp16' or 'amp-bf16'"),
        ("mixed_bfloat16", "'amp-bf16'"),
        ("float32", "'fp32'"),
        ("fp-16", "'fp16'"),
    ],
)
def test_a_precision_by_another_name(word: str, meant: str) -> None:
    assert expected_one_of(precisions.NAMES, word).endswith(
        f", got {word!r}: did you mean {meant}?"
    )


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("fp16", "'float16'"),
        ("half", "'float16'"),
        ("bf16", "'bfloat16'"),
        ("fp32", "'float32'"),
        ("float", "'float32'"),
        ("double", "'float64'"),
        ("torch.float16", "'float16'"),
    ],
)
def test_a_dtype_by_another_name(word: str, meant: str) -> None:
    assert expected_one_of(DTYPES, word).endswith(f", got {word!r}: did you mean {meant}?")


@pytest.mark.parametrize("word", ["fp8", "amp"])
def test_what_is_none_of_the_dtypes_is_not_guessed(word: str) -> None:
    assert "did you mean" not in expected_one_of(["float32", "float64", "int8"], word)


@pytest.mark.parametrize("word", ["cc203", "CC2O3", "C203", "203", "CC-203"])
def test_a_code_spelled_in_another_way(word) -> None:
    assert suggest.code(word, CODES) == "did you mean `CC203`?"


@pytest.mark.parametrize("word", ["CC888", "CC999", "CC20", "large"])
def test_another_number_is_no_near_miss(word) -> None:
    listed = "codes look like CC203: `convcalc explain codes` lists them"
    assert suggest.code(word, CODES) == listed


def test_a_name_of_a_rule_that_is_mistyped() -> None:
    assert suggest.code("large-kernal", CODES, CODES.values()) == "did you mean `large-kernel`?"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("kernal", ["kernel", "filters"], "kernel"),
        ("fliters", ["kernel", "filters"], "filters"),
        ("maxpol", ["max_pool", "avg_pool"], "max_pool"),
        ("conv9", ["conv1", "conv2"], ""),
        ("res1.conv1", ["res2.conv1"], ""),
        ("conv1", ["Conv2D1"], ""),
        ("flops", ["ptflops", "macs"], ""),
        ("route", ["dropout"], ""),
        ("plus", ["prelu"], ""),
        ("minus", ["mish"], ""),
        ("layer", ["layer_norm"], ""),
        ("no_bias", ["bias"], ""),
        ("up_bb", ["up_b"], "up_b"),
        ("anchor_nge", ["anchor_neg"], "anchor_neg"),
        ("anchro_neg", ["anchor_neg"], "anchor_neg"),
        ("decodr", ["decoder"], "decoder"),
        ("out_chanels", ["out_channels"], "out_channels"),
        ("batchnorm", ["batch_norm"], "batch_norm"),
        ("skip_low", ["skiplow"], "skiplow"),
        ("con_vbn", ["conv_bn"], "conv_bn"),
    ],
)
def test_only_a_slip_of_the_keys_is_a_word_that_was_meant(word, known, meant) -> None:
    assert suggest.Suggestions().nearest(word, known) == meant


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("exclude", "include"),
        ("max-batch", "min-batch"),
        ("enable", "disable"),
        ("depth", "width"),
        ("select", "deselect"),
    ],
)
def test_no_opposite_and_no_far_word_is_suggested(word: str, known: str) -> None:
    assert nearest(word, [known]) == "" and nearest(known, [word]) == ""
    assert Suggestions().nearest(word, [known]) == ""


@pytest.mark.parametrize(
    ("word", "known"), [("unett", "unet"), ("vgg", "vgg16"), ("batc", "batch")]
)
def test_slips_and_beginnings_are_suggested(word: str, known: str) -> None:
    assert nearest(word, [known]) == known


def test_of_names_that_are_as_near_the_first_with_that_beginning_is_meant() -> None:
    """`--checkpoint conv1` of VGG-16 was answered with the last of them, conv5_1."""
    assert nearest("conv1", ["pool1", "conv5_1", "conv1_1", "conv1_2"]) == "conv1_1"
    names = [f"bneck{n}.se1.multiply1" for n in range(5, 0, -1)]
    assert nearest("bneck1.multiply1", names) == "bneck1.se1.multiply1"
    assert nearest("layer9", [f"layer{n}" for n in (5, 3, 4)]) == "layer5"


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("decoder", "encoder"),
        ("dec_dim", "enc_dim"),
        ("anchor_neg", "anchor_pos"),
        ("anchr_neg", "anchor_pos"),
        ("up_b", "up_a"),
        ("block_c", "block_a"),
        ("blockc", "blocka"),
        ("minpool", "maxpool"),
        ("stage1_up", "stage1"),
        ("out_channels", "in_channels"),
        ("outchannels", "in_channels"),
        ("mid_channels", "in_channels"),
        ("hidden_channels", "in_channels"),
        ("num_channels", "in_channels"),
        ("in_filters", "filters"),
        ("src_proj", "dst_proj"),
        ("key_proj", "query_proj"),
        ("row_sum", "col_sum"),
        ("case", "base"),
    ],
)
def test_a_name_with_another_part_is_no_slip_and_is_shown(word: str, known: str) -> None:
    suggestions = Suggestions()
    for one, two in ((word, known), (known, word)):
        assert suggestions.nearest(one, ["relu1", two]) == ""
    assert suggestions.like("decoder", ["relu1", "encoder"]) == "encoder"


@pytest.mark.parametrize("word", ["as", "of", "if", "no"])
def test_a_word_of_two_letters_is_no_slip_of_a_layer(word: str) -> None:
    assert Suggestions().nearest(word, ["abs", "elf", "conv"], kinds=True) == ""
