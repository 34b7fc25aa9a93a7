"""Numbers behind activations, norms and their classes that no option takes as they stand."""

import pytest

from convcalc.fix.search import offers
from convcalc.layers import BY_NAME
from convcalc.spec.load import load

_INPUT = "8x8x64"


def _help(entry: str) -> tuple[str, ...]:
    findings = load("a.yaml", f"input: {_INPUT}\nlayers:\n- {entry}\n".encode()).findings
    return findings[0].help


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("ReLU: 6", "relu6"),
        ("ReLU: [6]", "relu6"),
        ("relu: 6", "relu6"),
        ("PReLU: 1", "prelu: {parameters: one}"),
        ("nn.PReLU: 64", "prelu: {parameters: channel}"),
        ("prelu: 64", "prelu: {parameters: channel}"),
        ("GroupNormalization: -1", "group_norm: {groups: 64}"),
        ("group_norm: [4, 64]", "group_norm: {groups: 4}"),
        ("layer_norm: [64, 8, 8]", "layer_norm: {axes: all}"),
        ("layer_norm: [8, 8, 64]", "layer_norm: {axes: all}"),
        ("dropout: 50", "dropout: {rate: 0.5}"),
        ("dropout: 5%", "dropout: {rate: 0.05}"),
    ],
)
def test_a_number_is_what_it_is_in_a_call_of_the_class(entry: str, written: str) -> None:
    word = entry.partition(":")[0]
    replaced = entry if word in BY_NAME else word
    assert _help(entry) == (f"write `{written}` in place of `{replaced}`",)
    (first, *_) = offers(load("a.yaml", f"input: {_INPUT}\nlayers:\n- {entry}\n".encode()))
    assert f"- {written}" in first.text


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        (
            "relu: 0.1",
            (
                "no kind ends at 0.1: relu6 ends at 6",
                "a relu that leaks is a `leaky_relu: {negative_slope: 0.1}`",
            ),
        ),
        (
            "relu: {max_value: 6}",
            (
                "a relu that ends at 6 is `relu6`, and no kind ends at another number",
                "relu takes in_place",
            ),
        ),
        ("sigmoid: 1", ("`sigmoid` has no number: write `- sigmoid`",)),
        ("batch_norm: 0.9", ("`batch_norm` has no number: write `- batch_norm`",)),
        ("dropout: 2", ("the rate is the part that is dropped: `dropout: {rate: 0.5}`",)),
        ("dropout: {rate: 50}", ("did you mean `0.5`?",)),
        ("group_norm: -1", ("a group for each channel, Keras's -1, is `groups: =in_channels`",)),
        (
            "group_norm: {groups: -1}",
            ("a group for each channel, Keras's -1, is `groups: =in_channels`",),
        ),
        ("group_norm: 0", ("groups divide the channels: `groups: 32` in Wu & He (2018)",)),
        (
            "group_norm: {groups: 1.5}",
            ("groups divide the channels: `groups: 32` in Wu & He (2018)",),
        ),
        (
            "conv: {filters: 8, kernel: 3, groups: -1}",
            ("a convolution without groups has `groups: 1`",),
        ),
        ("lrn: 0", ("`lrn: {size: 5}` sums over 5 neighbouring channels",)),
        ("lrn: {size: -1}", ("it is how many channels are summed over: `size: 5`",)),
        ("fc: 0", ("it needs units: `fc: {units: 10}`, or in short `fc-10`",)),
        ("channel_shuffle: -1", ("it needs groups: `channel_shuffle: {groups: 4}`",)),
    ],
)
def test_a_number_that_nothing_takes_is_answered_with_what_to_write(
    entry: str, help: tuple[str, ...]
) -> None:
    assert _help(entry) == help


@pytest.mark.parametrize("kind", BY_NAME)
@pytest.mark.parametrize("number", ["-1", "0", "7", "0.25"])
def test_no_help_for_a_number_is_a_bare_list_of_options(kind: str, number: str) -> None:
    for line in _help(f"{kind}: {number}"):
        assert not line.startswith(f"{kind} takes "), line
