"""Values that other tools have for an option, answered with what to type."""

import pytest

from convcalc.fix.search import offers
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

SPEC = "input: 32x32x4\nlayers:\n  - {}\n"


def helps(layer: str) -> str:
    found = load("net.yaml", SPEC.format(layer).encode()).findings
    return "\n".join(line for f in found for line in f.help)


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("pad", "none", "0"),
        ("pad", "half", "2"),
        ("pad", "full", "4"),
        ("pad", "[2, 2, 2]", "2"),
        ("stride", "[1, 1, 1]", "1"),
        ("stride", "[1, 2, 1, 1]", "[2, 1]"),
        ("dilation", "[2, 2, 2]", "2"),
        ("groups", "all", "=in_channels"),
        ("groups", "depthwise", "=in_channels"),
    ],
)
def test_a_value_that_is_sure_is_an_edit(key: str, value: str, meant: str) -> None:
    layer = f"conv: {{filters: 8, kernel: 5, {key}: {value}}}"
    assert helps(layer).startswith(f"did you mean `{meant}`?")
    edited = SPEC.format(layer.replace(f"{key}: {value}", f"{key}: {meant}"))
    found = offers(load("net.yaml", SPEC.format(layer).encode()))
    assert all(f"{key}: {value}" not in offer.text for offer in found) and found
    assert edited in [offer.text for offer in found] or meant == "[2, 1]"


@pytest.mark.parametrize(
    ("layer", "help"),
    [
        ("conv: {filters: 8, kernel: 5, pad: true}", "half of the window is `2`, no padding `0`"),
        (
            "conv: {filters: 8, kernel: [3, 5], pad: half}",
            "half of the window is `1` of a 3x3, no padding `0`",
        ),
        (
            "conv: {filters: 8, kernel: 3, dilation: 2, pad: full}",
            "full padding is the window less one: `2` of a 3x3",
        ),
        (
            "conv: {filters: 8, kernel: 5, pad: -1}",
            "numbers are cut off by a layer before it: `- crop: {sides: 1}`",
        ),
        (
            "conv: {filters: 8, kernel: 5, stride: 0}",
            "did you mean `1`? the window then moves by one number",
        ),
        (
            "conv: {filters: 8, kernel: 5, stride: 0.5}",
            "what enlarges is `conv_transpose`, with `stride: 2`, or `upsample`",
        ),
        (
            "max_pool: {kernel: 2, stride: same}",
            "leave `stride` out: a pool steps by its kernel then",
        ),
        ("avg_pool: {kernel: global}", "a pool over the whole volume is `global_avg_pool`"),
        ("conv: {filters: same, kernel: 1}", "did you mean `=in_channels`?"),
        ("conv: {filters: 4, kernel: []}", "one number for all axes: `kernel: 3`"),
        ("upsample: 2x", "write `upsample: {scale: 2}`"),
        (
            "upsample: same",
            "write `upsample: {scale: 2}`, or the layer that is as large: `{like: conv1}`",
        ),
    ],
)
def test_other_values_are_answered_in_one_line(layer: str, help: str) -> None:
    assert helps(layer) == help


def test_lists_that_differ_are_left_to_the_author() -> None:
    assert helps("conv: {filters: 8, kernel: [1, 2, 3]}") == "give one number for all axes, or 2"


@pytest.mark.parametrize(("word", "meant"), [("down", "floor"), ("up", "ceil")])
@pytest.mark.parametrize("place", ["rounding: %s", "rounding: {conv: %s}"])
def test_other_words_for_a_rounding_are_an_edit(place: str, word: str, meant: str) -> None:
    text = f"input: 8x8x3\n{place}\nlayers:\n- conv3-8\n"
    found = words_replaced(load("net.yaml", (text % word).encode()))
    assert found is not None and found.text == text % meant
