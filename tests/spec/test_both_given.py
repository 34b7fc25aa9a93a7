"""An option that is given twice in other words: left out where both say the same."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("conv: {filters: 8, kernel: 3, kernal: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernal: 3, kernel: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernel: 3, kernel_size: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {K: 8, filters: 8, kernel: 3}", "conv: {K: 8, kernel: 3}"),
        ("conv:\n      filters: 8\n      kernel: 3\n      kernal: 3",
         "conv:\n      filters: 8\n      kernel: 3"),
        ("conv: {filters: 8, kernel: 3, kernel: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernel: 3, kernel: 3} # k", "conv: {filters: 8, kernel: 3} # k"),
        ("conv:\n      kernel: 3\n      filters: 8\n      kernel: 3",
         "conv:\n      kernel: 3\n      filters: 8"),
        ("conv: {filters: 8, kernal: 3, kernl: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernel: 3}\n    name: a\n    nam: a",
         "conv: {filters: 8, kernel: 3}\n    name: a"),
        ("repeat: {times: 2, tmies: 2, layers: [relu]}", "repeat: {times: 2, layers: [relu]}"),
    ],
)  # fmt: skip
def test_what_says_the_same_is_left_out(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n") == f"{HEAD}  - {repaired}\n"


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv: {filters: 8, kernel: 3, kernal: 5}", "`kernel: 3` or `kernal: 5`"),
        ("conv: {K: 8, filters: 9, kernel: 3}", "`K: 8` or `filters: 9`"),
        ("conv: {filters: 8, kernal: 3, kernl: 5}", "`kernal: 3` or `kernl: 5`"),
        ("conv3-8:\n    name: a\n    nam: b", "`name: a` or `nam: b`"),
        ("repeat: {times: 2, tmies: 3, layers: [relu]}", "`times: 2` or `tmies: 3`"),
    ],
)
def test_of_two_values_none_is_chosen(entry: str, help: str) -> None:
    spec = f"{HEAD}  - {entry}\n"
    found = load("net.yaml", spec.encode()).findings[0]
    assert found.help[0] == f"it is either {help}: leave the other out"
    assert not offered(spec)


def test_a_key_of_the_file_and_an_argument() -> None:
    text = "name: x\nnmae: x\ninput: 8x8x3\nlayers: [relu]\n"
    assert first(text) == "name: x\ninput: 8x8x3\nlayers: [relu]\n"
    body = "[{conv: {filters: =width, kernel: 3}}]"
    block = f"blocks:\n  step:\n    args: {{width: 8}}\n    layers: {body}\n"
    text = f"input: 8x8x3\n{block}layers:\n  - step: {{width: 8, widht: 8}}\n"
    assert first(text) == text.replace(", widht: 8", "")


@pytest.mark.parametrize(
    "entry",
    [
        "conv: {filters: 8, kernel: 3, kernel: 5}",
        'relu:\n    name: "a"\n    name: "a"',
        "conv:\n      filters: 8\n      kernel: 3\n      kernel: 3 # why",
        "relu:\n    relu:",
    ],
)
def test_no_duplicate_is_taken_out_that_may_be_meant(entry: str) -> None:
    assert not offered(f"{HEAD}  - {entry}\n")


@pytest.mark.parametrize(
    ("word", "meant"), [("pading: 1", "pad"), ("padings: 1", "pad"), ("kernel_szie: 3", "kernel")]
)
def test_a_slip_of_another_tools_word(word: str, meant: str) -> None:
    given = "kernel: 3" if meant == "pad" else "pad: 1"
    spec = f"{HEAD}  - conv: {{filters: 8, {given}, {word}}}\n"
    assert first(spec) == spec.replace(word.partition(":")[0], meant)


def test_a_slip_of_what_is_left_out_is_no_option() -> None:
    spec = f"{HEAD}  - conv: {{filters: 8, kernel: 3, in_chanels: 3}}\n"
    assert "filters:" not in load("net.yaml", spec.encode()).findings[0].help[0]


def test_a_value_over_several_lines_is_not_left_out_in_part() -> None:
    """What stayed of the second would go on the first: 8 + 1 + 1 filters."""
    twice = "      filters: =w\n        + 1\n" * 2
    text = f"input: 32x32x3\nvars: {{w: 8}}\nlayers:\n  - conv:\n{twice}      kernel: 3\n"
    (found,) = load("n.yaml", text.encode()).findings
    assert found.help == ("both are `=w + 1`: leave one out",) and not offered(text)
    assert not offered("name: foo\n  bar\nname: foo\n  bar\ninput: 8x8x3\nlayers: [relu]\n")
