"""Two slips in one layer: what is behind the first is repaired, or said, as in two layers."""

import pytest

from tests.fix.repairs import faults, first, offered, told

HEAD = "input: 32x32x3\nvars: {width: 16}\nlayers:\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("conv: {filters: 16, kernel: 3, strid: 0}", "stride: 1"),
        ("conv: {filters: 16, kernel: 3, dilaton: 0}", "dilation: 1"),
        ("conv: {filters: 16, kernel: 3, gruops: 0}", "groups: 1"),
        ("conv: {filters: 16, kernel: 3, biass: flase}", "bias: false"),
        ("conv: {filtres: widht, kernel: 3}", "filters: =width"),
        ("max_pool: {kernal: 2, pad: 2}", "kernel: 2, pad: 1"),
        ("max_pool2p2", "maxpool2p1"),
        ("conv: {filters: 16, kernal: 3, groups: 2}", "kernel: 3, groups: 1"),
    ],
)
def test_a_word_and_the_number_behind_it(wrong: str, right: str) -> None:
    text = first(f"{HEAD}  - {wrong}\n")
    assert right in text and not faults(text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("conv: {filters: 16, kernal: 0}", "kernel: 0"),
        ("conv: {filters: 16, kernel: 3, padd: -1}", "pad: -1"),
    ],
)
def test_a_number_that_cannot_be_stays_where_its_word_is_put_right(wrong: str, right: str) -> None:
    (offer,) = offered(f"{HEAD}  - {wrong}\n")
    assert right in offer.text and offer.errors == ("CC014",)


@pytest.mark.parametrize("value", ["true", "three", "[a, b]"])
def test_a_value_that_is_no_number_speaks_against_the_word(value: str) -> None:
    assert not offered(f"{HEAD}  - conv: {{filters: 16, kernel: 3, strid: {value}}}\n")


def test_padding_that_is_changed_twice_is_told_once() -> None:
    spec = f"{HEAD}  - max_pool: {{kernel: 2, stride: 3, pad: 2}}\n"
    made = [told(offer) for offer in offered(spec)]
    assert [("max_pool1", "pad", "[0, 1, 0, 1]")] in made or [("max_pool1", "pad", "0")] in made
    assert all(len({(c[0], c[1]) for c in changes}) == len(changes) for changes in made)


BODY = "  - conv3-16\n  - add:\n      branches:\n        body: [{}]\n        skip: []\n"


@pytest.mark.parametrize(
    ("body", "option", "after"),
    [
        ("conv: {filters: 16, kernel: 4}", "pad", "same"),
        ("conv: {filters: 16, kernel: 4}", "kernel, pad", "3, 1"),
        ("conv: {filters: 16, kernel: 4}", "kernel, pad", "5, 2"),
        ("conv: {filters: 16, kernel: 4, pad: 1}", "kernel", "3"),
    ],
)
def test_an_even_kernel_without_the_padding_that_keeps_the_size(
    body: str, option: str, after: str
) -> None:
    spec = HEAD + BODY.replace("{}", body)
    (offer,) = [one for one in offered(spec) if told(one) == [("conv2", option, after)]]
    assert not faults(offer.text)


def test_the_other_convs_get_their_padding_with_it() -> None:
    both = "conv: {filters: 16, kernel: 4}, relu, conv: {filters: 16, kernel: 3}"
    texts = [offer.text for offer in offered(HEAD + BODY.replace("{}", both))]
    right = "kernel: 3, pad: 1}, relu, conv: {filters: 16, kernel: 3, pad: 1}"
    assert any(right in text for text in texts)


def test_filters_and_padding_of_one_conv() -> None:
    spec = HEAD + BODY.replace("{}", "conv: {filters: 8, kernel: 5}")
    texts = [offer.text for offer in offered(spec)]
    right = spec.replace("filters: 8, kernel: 5", "filters: 16, kernel: 5, pad: 2")
    assert right in texts[:2] and not faults(right)
