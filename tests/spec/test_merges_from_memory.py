"""Merges and options as users of other tools write them from memory."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.layers import SEVERAL_READ
from convcalc.spec.load import load

HEAD = "input: 32x32x8\nlayers:\n- conv3-8\n"

WRITTEN = {
    "- concat: [[conv3-8], [conv1-8]]": "- concat: {branches: [[conv3-8], [conv1-8]]}",
    "- add: [conv3-8, identity]": "- add: {branches: [conv3-8, identity]}",
    "- add:\n  inputs: [conv1, input]": "- add:\n  from: [conv1, input]",
    "- prelu: {num_parameters: 8, init: 0.25}": "- prelu: {parameters: channel}",
    "- prelu: {num_parameters: 1}": "- prelu: {parameters: one}",
    "- conv: {out: 8, kernel: 3, s: 1, p: 1}": "- conv: {filters: 8, kernel: 3, stride: 1, pad: 1}",
    "- fc: {out: 10}": "- fc: {units: 10}",
}


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_what_certainly_means_one_entry_is_an_edit(entry: str, ours: str) -> None:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    assert found is not None
    assert found.text == f"{HEAD}{ours}\n"
    assert found.errors == ()


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("- concat: {inputs: [conv1, input]}", "write `from: [conv1, input]` on its own line"),
        ("- add: {a: [conv3-8], b: identity}", "branches stand below `branches:`: `{branches: {a:"),
        ("- add: [conv1, [conv3-8, relu]]", "`add: {branches: [...]}`"),
        ("- 1. conv3-8", "layers are not numbered: leave out `1.`"),
        ("- conv3-8 + relu", "layers are separated by spaces"),
        ("- dropout 0.5", "a number alone is not a layer: in a list of layers a dropout is"),
    ],
)
def test_what_may_mean_something_else_is_said(entry: str, help: str) -> None:
    found = load("net.yaml", f"{HEAD}{entry}\n".encode()).findings[0]
    assert found.help[0].startswith(help)


#: words of Keras, PyTorch, Caffe and others -> ours
MERGES = {
    **dict.fromkeys(
        ("Concatenate", "Concat", "cat", "torch.cat", "CONCAT", "concatenate"), "concat"
    ),
    **dict.fromkeys(("Add", "ADD", "sum", "plus", "eltwise", "torch.add"), "add"),
    **dict.fromkeys(("mul", "Multiply", "torch.mul"), "multiply"),
    **dict.fromkeys(("sub", "Subtract"), "subtract"),
    **dict.fromkeys(("Average", "averge"), "average"),
    **dict.fromkeys(("Maximum", "maximun"), "maximum"),
}
SEVERAL = "- conv3-8\n- %s:\n  from: [conv1, conv2]\n"


@pytest.mark.parametrize(("word", "ours"), MERGES.items())
def test_a_merge_in_other_words_is_an_unknown_kind(word: str, ours: str) -> None:
    text = HEAD + SEVERAL % word
    (finding,) = load("net.yaml", text.encode()).findings
    assert (finding.code, finding.message) == ("CC011", f"unknown layer kind {word!r}")
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and not found.errors
    assert found.text == HEAD + SEVERAL % ours


@pytest.mark.parametrize("word", ["joined", "bogus", "mean", "Dense"])
def test_a_word_beside_several_layers_that_is_no_kind_is_named(word: str) -> None:
    (finding,) = load("net.yaml", (HEAD + SEVERAL % word).encode()).findings
    assert finding.code == "CC011" and SEVERAL_READ in finding.help


@pytest.mark.parametrize("word", ["conv3-8", "relu"])
def test_a_layer_that_reads_one_is_said_to(word: str) -> None:
    (finding,) = load("net.yaml", (HEAD + SEVERAL % word).encode()).findings
    assert finding.message == f"{word} reads one layer, from names 2"


def test_a_layer_that_could_not_be_read_has_no_name_yet() -> None:
    text = "input: 8x8x3\nlayers:\n  - {relu: , name: d2}\n  - upconv2-3s1p0\n  - concat: [d2]\n"
    (one,) = [f for f in load("net.yaml", text.encode()).findings if f.code == "CC014"]
    assert one.help == (
        "give the layer above a `name:`, and write `from: [that name, d2]` beside `concat:`",
    )
    named = text.replace("- upconv2-3s1p0", "- {upconv2-3s1p0: , name: up}")
    (one,) = [f for f in load("net.yaml", named.encode()).findings if f.code == "CC014"]
    assert one.help[0] == "write `from: [up, d2]` on its own line below `concat:`"
