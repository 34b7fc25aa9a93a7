"""`check --fix` makes what a help names exactly: one entry, one number, the layers of a list."""

import pytest

from convcalc.fix.search import offers
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

INPUT = "input: 8x8x16\nlayers:\n"


def repaired(layers: str) -> str:
    (first, *_) = offers(load("net.yaml", f"{INPUT}{layers}".encode()))
    assert not first.errors
    return first.text.removeprefix(INPUT)


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        ("reshape: [4, 16, 16]", "reshape: {shape: [4, 16, 16]}"),
        ("adaptive_avg_pool: [2, 2]", "adaptive_avg_pool: {output: [2, 2]}"),
        ("fc: 79_000", "fc: {units: 79000}"),
        ("fc: {units: 79_000}", "fc: {units: 79000}"),
        ("UpSampling2D: 2", "upsample: {scale: 2}"),
        ("relu: {negative_slope: 0.1}", "leaky_relu: {negative_slope: 0.1}"),
        ("relu: {slope: 0.2}", "leaky_relu: {negative_slope: 0.2}"),
        ("relu:\n      slope: 0.2\n    name: r", "leaky_relu: {negative_slope: 0.2}\n    name: r"),
    ],
)
def test_a_help_that_is_exact_is_made(entry: str, made: str) -> None:
    assert repaired(f"  - {entry}\n") == f"  - {made}\n"


@pytest.mark.parametrize(
    "entry",
    [
        *("pad: [1, 2, 3, 4]", "max_pool: [3, 2]", "fc: {units: 010}", "relu: {slope: =a}"),
        "relu: {slope: 0.1, in_place: true}",
    ],
)
def test_what_may_mean_another_is_left(entry: str) -> None:
    assert words_replaced(load("net.yaml", f"{INPUT}  - {entry}\n".encode())) is None


DARKNET = "convolutional: {filters: 8, size: 3, pad: 1, activation: leaky"


def test_a_layer_of_darknet_becomes_its_layers() -> None:
    conv, leaky = "conv: {filters: 8, kernel: 3, stride: 1, pad: 1", "leaky_relu: {negative_slope: "
    assert repaired(f"  - {DARKNET}}}\n    name: c1\n  - fc-10\n") == (
        f"  - {conv}}}\n    name: c1\n  - {leaky}0.1}}\n  - fc-10\n"
    )
    assert repaired(f"  - {DARKNET}, batch_normalize: 1}}\n") == (
        f"  - {conv}, bias: false}}\n  - batch_norm\n  - {leaky}0.1}}\n"
    )
    plain = DARKNET.partition(", activation")[0]
    assert repaired(f"  - {plain}}}\n") == f"  - {conv}}}\n  - sigmoid\n"
    assert repaired(f"  - {{repeat: {{times: 2, layers: [{{{DARKNET}}}}}]}}}}\n") == (
        f"  - {{repeat: {{times: 2, layers: [{{{conv}}}}}, {{{leaky}0.1}}}}]}}}}\n"
    )


def test_a_layer_of_darknet_that_is_a_branch_or_repeated_is_left() -> None:
    branch = f"  - concat:\n      branches:\n        - {DARKNET}}}\n        - conv1-8\n"
    for layers in (branch, f"  - {DARKNET}}}\n    times: 2\n"):
        assert words_replaced(load("net.yaml", f"{INPUT}{layers}".encode())) is None


CONV = "conv: {filters: 8, kernel: 3"


@pytest.mark.parametrize(
    ("beside", "also"),
    [
        ("name: c1", ""),
        ("from: input", ""),
        ("when: =2 > 1", ":\n    when: =2 > 1"),
        ("when: =2 > 1  # always", ":\n    when: =2 > 1"),
    ],
)
def test_an_activation_goes_below_a_layer_with_keys_beside(beside: str, also: str) -> None:
    made = repaired(f"  - {CONV}, activation: relu}}\n    {beside}\n  - fc-10\n")
    assert made == f"  - {CONV}}}\n    {beside}\n  - relu{also}\n  - fc-10\n"


def test_a_condition_goes_below_in_brackets_too() -> None:
    given = f"[{{{CONV}, activation: relu}}, when: =2 > 1}}, fc-10]"
    made = f"[{{{CONV}}}, when: =2 > 1}}, {{relu: , when: =2 > 1}}, fc-10]"
    text = offers(load("net.yaml", f"input: 8x8x16\nlayers: {given}\n".encode()))[0].text
    assert text == f"input: 8x8x16\nlayers: {made}\n"


@pytest.mark.parametrize(
    ("beside", "after"),
    [
        ("name: c1", "  - conv3-8\n  - {concat: , from: [c1, conv1]}\n"),
        ("when: =in_channels > 1", "  - fc-10\n"),
    ],
)
def test_an_activation_stays_where_the_net_would_be_another(beside: str, after: str) -> None:
    text = f"{INPUT}  - {CONV}, activation: relu}}\n    {beside}\n{after}"
    assert words_replaced(load("net.yaml", text.encode())) is None
