"""The reverse question: which convention, on which form of a net, prints a figure."""

from decimal import Decimal
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc.analysis.record import Analysis
from convcalc.counting.figure import FigureError, figure
from convcalc.counting.known import every
from convcalc.counting.reverse import Answer, answer
from convcalc.counting.variants import variants
from convcalc.study.counts import conventions, identified
from convcalc.study.outcome import Case, study


@lru_cache(maxsize=8)
def _analysis(net: str) -> Analysis:
    return study(Case(net)).sound()


@lru_cache(maxsize=64)
def _answer(net: str, text: str) -> Answer:
    return answer(_analysis(net), figure(text), every())


def _found(net: str, text: str) -> set[tuple[str, str, int]]:
    """Variant, convention and number of every match."""
    return {
        (match.variant, name, match.candidate.number)
        for match in _answer(net, text).matches
        for name in match.candidate.names
    }


@pytest.mark.parametrize("text", ["102.23MB", "102.44MB", "97.49MB"])
def test_bytes_of_the_net_as_it_is_are_none_of_the_folded_one(text: str) -> None:
    assert not any(variant == "batch norm folded" for variant, _, _ in _found("resnet50", text))


def test_torchinfo_writes_all_its_bytes_in_millions() -> None:
    assert ("", "torchinfo", 102228128) in _found("resnet50", "102.23MB")
    assert "torchinfo" not in {name for _, name, _ in _found("resnet50", "97.49MB")}


@pytest.mark.parametrize(
    ("net", "text", "variant", "name", "number"),
    [
        ("resnet50", "4.12G", "", "ptflops@0.6", 4121925096),
        ("resnet50", "4.11 GMACs", "", "timm", 4111512576),
        ("resnet50", "11.11 M", "", "timm", 11114984),
        ("resnet50", "4.089 GFLOPS", "", "torchvision", 4089184256),
        ("resnet50", "25.6M", "", "papers", 25557032),
        ("resnet50", "25,610,152", "", "keras", 25610152),
        ("resnet50", "98MB", "", "keras", 102440608),
        ("resnet50", "177.83 MB", "", "torchinfo", 177831744),
        ("resnet50", "3.8G", "stride on the 1x1", "papers", 3857973248),
        ("resnet50-v1", "4.089G", "stride on the 3x3", "papers", 4089184256),
        (
            "resnet50",
            "25,636,712",
            "a bias in every convolution",
            "keras",
            25636712,
        ),
        (
            "resnet50",
            "7.75G",
            "stride on the 1x1, a bias in every convolution",
            "tensorflow-profiler",
            7755294312,  # Keras' own net has a softmax of 5,000 more
        ),
        ("resnet50", "4.14G", "in train mode", "fvcore", 4144854528),
        ("resnet50", "2.087 G", "input 160x160x3", "papers", 2087321600),
        ("resnet50", "4.087136256 G", "without the fc layers", "papers", 4087136256),
        ("vgg16", "528 MB", "", "keras", 553430176),
        ("vgg16", "15.47 G", "", "papers", 15470264320),
        ("mobilenet_v2", "0.31G", "", "timm", 314193216),
        ("mobilenet_v2", "300M", "", "papers", 300774272),
    ],
)
def test_a_published_figure(net: str, text: str, variant: str, name: str, number: int) -> None:
    assert (variant, name, number) in _found(net, text)


def test_what_is_cut_says_so() -> None:
    cut = {match.cut for match in _answer("mobilenet_v2", "300M").matches if not match.variant}
    assert cut == {True}
    assert not any(match.cut for match in _answer("resnet50", "4.12G").matches)


def test_megabytes_are_those_of_the_tool() -> None:
    by = {m.candidate.names[0]: m.binary for m in _answer("resnet50", "177.83 MB").matches}
    assert by["torchinfo"] is False
    by = {m.candidate.names[0]: m.binary for m in _answer("vgg16", "528 MB").matches}
    assert by["keras"] is True
    assert not _answer("resnet50", "170 MB").matches  # torchinfo's 177.83 are none of 2^20


def test_what_nobody_prints_has_neighbours() -> None:
    found = _answer("resnet50", "4.3G")
    assert not found.matches
    assert [near.names for near in found.nearest] == [("onnx-tool",), ("thop",)]
    assert not _answer("resnet50", "900T").nearest


def test_folded_batch_norm_is_a_form() -> None:
    assert ("batch norm folded", "ptflops", 4121322984) in _found("resnet50", "4.121322984G")


def test_variants_are_sized_and_new() -> None:
    forms = {variant.name: variant.analysis for variant in variants(_analysis("resnet50"))}
    assert forms["stride on the 1x1"].totals.macs == 3857973248
    assert all(form.totals.macs for form in forms.values())
    names = [variant.name for variant in variants(_analysis("alexnet"))]
    assert "stride on the 1x1" not in names
    assert "a bias in every convolution" not in names


@pytest.mark.parametrize(
    "text",
    ["", "abc", "4.12", "G", "0M", "0.00G", "-4G", "1e9", "4.12 X", "9" * 30, "1,23M", "4.1.2G",
     "nan", "12GB " * 20, "٣G", "4.12G\x00"],
)  # fmt: skip
def test_no_figures(text: str) -> None:
    with pytest.raises(FigureError):
        figure(text)


@given(st.integers(1, 10**15), st.integers(0, 6), st.sampled_from(["K", "M", "G"]))
def test_a_number_is_found_by_its_own_digits(number: int, decimals: int, unit: str) -> None:
    scale = {"K": 10**3, "M": 10**6, "G": 10**9}[unit]
    text = f"{Decimal(number) / scale:.{decimals}f}{unit}"  # a float has too few digits
    if not any(digit in text for digit in "123456789"):
        return
    assert figure(text).is_rounded(number, scale)


def test_identify_names_the_closest_where_no_net_has_them() -> None:
    fits, close = identified(["4.12G", "26.6M"], conventions("ptflops@0.6,keras"))
    assert not fits
    assert close[0].net in {"resnet", "resnet50"}  # which are one net
