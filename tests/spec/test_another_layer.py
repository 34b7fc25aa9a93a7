"""Words that are like a kind and may be another layer: no repair makes one of the other."""

import pytest

from convcalc.findings import Severity
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load
from convcalc.suggest import Suggestions

HEAD = "input: 8x8x16\nlayers:\n  - "


def repaired(entry: str) -> str:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    return found.text.removeprefix(HEAD).rstrip() if found else ""


def helps(entry: str) -> list[str]:
    findings = load("net.yaml", f"{HEAD}{entry}\n".encode()).findings
    return [line for f in findings if f.severity is Severity.ERROR for line in f.help]


@pytest.mark.parametrize(
    "word",
    ["convt", "tconv", "convT", "ConvT", "convtr", "conv_t", "t_conv", "trconv", "convtrans",
     "transconv", "conv_trans", "deconv", "upconv", "convtranspose"],
)  # fmt: skip
def test_a_transposed_convolution_stays_one(word: str) -> None:
    made = "conv_transpose: {filters: 64, kernel: 4, stride: 2, pad: 1}"
    assert repaired(f"{word}4-64s2p1") == made
    options = "{filters: 3, kernel: 4, stride: 2, pad: 1}"
    assert repaired(f"{word}: {options}") == f"conv_transpose: {options}"


@pytest.mark.parametrize("word", ["meanpool", "mean_pool", "averagepool", "AvgPooling", "avgpol"])
def test_a_mean_stays_a_mean(word: str) -> None:
    assert repaired(f"{word}2") == "avgpool2"
    assert repaired(f"{word}3s2p1") == "avgpool3s2p1"


@pytest.mark.parametrize("word", ["pad", "zero_pad", "zeropad"])
def test_a_padding_keeps_its_number(word: str) -> None:
    assert [repaired(f"{word}{number}") for number in (1, 2)] == [
        "pad: {sides: 1}",
        "pad: {sides: 2}",
    ]


@pytest.mark.parametrize(
    "word",
    ["apool2", "gpool2", "mpool2", "minpool2", "min_pool: 2", "sumpool2", "unpool2", "subpool2",
     "gconv3-64", "dconv3-64", "pconv3-64", "xconv3-64", "unconv3-64", "crelu", "drelu", "telu",
     "subsample: {scale: 2}", "sample: {scale: 2}", "crop1", "crop2", "lrn1"],
)  # fmt: skip
def test_letters_or_a_number_that_may_mean_another_layer_are_no_slip(word: str) -> None:
    assert repaired(word) == ""


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("global_pool", ("global_avg_pool", "global_max_pool")),
        ("globalpool", ("global_avg_pool", "global_max_pool")),
        ("GlobalPool2d", ("global_avg_pool", "global_max_pool")),
        ("adaptive_pool: 1", ("adaptive_avg_pool", "adaptive_max_pool")),
        ("AdaptivePooling", ("adaptive_avg_pool", "adaptive_max_pool")),
    ],
)
def test_of_two_kinds_none_is_chosen(word: str, kinds: tuple[str, str]) -> None:
    assert repaired(word) == ""
    assert helps(word) == [f"it is either `{kinds[0]}` or `{kinds[1]}`"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("convv3-8", "conv3-8"),
        ("cnv3-8", "conv3-8"),
        ("convs3-8", "conv3-8"),
        ("poool2", "pool2"),
        ("maxpol2", "maxpool2"),
        ("avepool2", "avgpool2"),
        ("rellu", "relu"),
        ("batch_norms", "batch_norm"),
        ("gobal_avg_pool", "global_avg_pool"),
        ("drop0.5", "dropout: {rate: 0.5}"),
    ],
)
def test_slips_of_the_keys_are_still_repaired(word: str, meant: str) -> None:
    assert repaired(word) == meant


def test_of_two_words_as_near_none_is_chosen() -> None:
    assert Suggestions().nearest("fitters", ["filters", "fitter"]) == ""
    assert Suggestions().nearest("fiters", ["filters", "fits"]) == "filters"


@pytest.mark.parametrize(
    ("word", "near"),
    [("gconv3-64", "conv3-64"), ("dconv3-64s2", "conv3-64s2"), ("apool2", "pool2"),
     ("pconv", "conv")],
)  # fmt: skip
def test_what_may_mean_another_layer_is_told_the_nearest_and_not_changed(
    word: str, near: str
) -> None:
    assert repaired(word) == ""
    assert helps(word)[0].startswith(f"no layer is called so, the nearest is `{near}`: ")


def test_the_opposite_is_not_the_nearest() -> None:
    assert repaired("min_pool: 2") == ""
    absent = "no layer kind does this: the kinds are those of convolutional networks"
    assert helps("min_pool: 2") == [absent]


def test_a_local_response_norm_without_its_size_is_told_what_to_write() -> None:
    assert repaired("nn.LocalResponseNorm") == ""
    assert "`lrn: {size: 5, alpha: 0.0001, alpha_over: size}`" in helps("nn.LocalResponseNorm")[0]
