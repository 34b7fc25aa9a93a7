"""A number behind an activation, a pool or a flatten: often the units of a missing layer."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

UNITS = {
    "softmax-10": "`fc-10` and below it `- softmax`: softmax has no number of its own",
    "softmax_10": "`fc-10` and below it `- softmax`: softmax has no number of its own",
    "softmax10": "`fc-10` and below it `- softmax`: softmax has no number of its own",
    "sigmoid-1": "`fc-1` and below it `- sigmoid`: sigmoid has no number of its own",
    "tanh-3": "`fc-3` and below it `- tanh`: tanh has no number of its own",
    "flatten-128": "`flatten` and below it `- fc-128`: flatten has no number of its own",
    "gap-10": "`global_avg_pool` and below it `- fc-10`: global_avg_pool has no number of its own",
    "relu-64": "relu has no number of its own: it is `- relu` alone",
    "dropout-20": "the rate is the part that is dropped: `dropout: {rate: 0.2}`",
}


@pytest.mark.parametrize("word", UNITS)
def test_the_units_of_a_missing_layer_are_kept(layers, word) -> None:
    assert layers(f"- {word}").help == UNITS[word]


@pytest.mark.parametrize("word", UNITS)
def test_no_edit_drops_them(word) -> None:
    text = f"input: 32x32x3\nlayers:\n  - conv3-64\n  - {word}\n"
    assert offers(load("net.yaml", text.encode())) == []


@pytest.mark.parametrize(
    ("word", "kind"), [("relu_3", "relu"), ("softmax1", "softmax"), ("flatten2", "flatten")]
)
def test_the_number_of_the_layer_itself_may_go(layers, word, kind) -> None:
    assert layers(f"- {word}").help == f"did you mean `{kind}`?"
