"""Options of a short form behind it as words of their own, and short forms cut behind a hyphen."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("conv3-8 p0", "conv3-8p0"),
        ("conv3-8 s1 p1 relu", "conv3-8s1p1 relu"),
        ("conv3-8 stride 1 padding 1 relu", "conv3-8s1p1 relu"),
        ("relu conv3-8 pading 1", "relu conv3-8p1"),
        ("pool2 s 2 fc-10", "pool2s2 fc-10"),
        ("CONV3-8 P0 RELU", "conv3-8p0 RELU"),
    ],
)
def test_the_options_go_into_the_word(pattern: str, meant: str) -> None:
    assert first(f"{HEAD}  - {pattern}\n") == f"{HEAD}  - {meant}\n"


@pytest.mark.parametrize(
    ("word", "help"),
    [
        ("conv3-", "the number of filters is missing: `conv3-64` has 64"),
        ("conv3-s2", "the number of filters is missing: `conv3-64s2` has 64"),
        ("conv3s2", "the number of filters is missing: `conv3-64s2` has 64"),
        ("p0", "`p0` is a part of a layer's word: `conv3-64p0`"),
        ("relu p0", "`p0` is a part of a layer's word: `conv3-64p0`"),
        ("conv3-8p1 p0", "`p0` is a part of a layer's word: `conv3-64p0`"),
    ],
)
def test_what_is_missing_is_named(word: str, help: str) -> None:
    found = load("net.yaml", f"{HEAD}  - {word}\n".encode()).findings
    assert [f.help[0] for f in found] == [help]


def test_a_block_of_that_name_is_called() -> None:
    blocks = "blocks: {p1: {layers: [relu]}}\n"
    text = f"input: 8x8x3\n{blocks}layers: [conv3-8 p1, conv3-8s1 p1 p1]\n"
    assert not load("net.yaml", text.encode()).findings
