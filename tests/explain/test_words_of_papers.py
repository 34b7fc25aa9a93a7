"""Kinds by what papers call them."""

import pytest

from convcalc.study.explain import page


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("transposed convolution", "conv_transpose"),
        ("Transposed Convolution", "conv_transpose"),
        ("fractionally-strided convolution", "conv_transpose"),
        ("deconvolution", "conv_transpose"),
        ("up-convolution", "conv_transpose"),
        ("global average pooling", "global_avg_pool"),
        ("batch norm", "batch_norm"),
    ],
)
def test_a_kind_has_a_page_by_its_words(words: str, title: str) -> None:
    found = page(words)
    assert found is not None and found.title == title


@pytest.mark.parametrize("words", ["vgg16 relu", "no such thing", "my.conv 3", ""])
def test_others_have_none(words: str) -> None:
    assert page(words) is None
