"""A branch that is named by what it reads: that of nothing but the input is `[]`."""

import pytest

import convcalc

HEAD = "input: 32x32x3\nlayers:\n- conv3-8\n- KIND:\n    branches:\n"
HEAD += "      body: [conv3-8, relu, conv3-8]\n      "
RULE = "a branch that is the input itself is `skip: []`"


@pytest.mark.parametrize(
    "word", ["input", "inputs", "none", "None", "x", "residual", "start", "self", "conv1", '"-"']
)
def test_a_word_for_what_arrives_is_an_empty_branch(word: str) -> None:
    net = convcalc.load(f"{HEAD.replace('KIND', 'add')}skip: {word}\n")
    assert [finding.help for finding in net.findings] == [("did you mean `[]`?", RULE)]
    first = net.repairs[0]
    assert "skip: []\n" in first.text and convcalc.load(first.text).ok


@pytest.mark.parametrize("word", ["input", "none", "conv1"])
def test_a_list_of_the_word_is_the_identity(word: str) -> None:
    net = convcalc.load(f"{HEAD.replace('KIND', 'add')}skip: [{word}]\n")
    assert net.findings[0].help == ("did you mean `identity`?", RULE)
    assert convcalc.load(net.repairs[0].text).ok


def test_the_input_at_a_concat_may_be_the_nets() -> None:
    text = f"{HEAD.replace('KIND', 'concat')}skip: input\n"
    net = convcalc.load(text)
    nets = "the net's input, behind other layers, is `{identity: , from: input}`"
    assert net.findings[0].help == (RULE, nets) and net.repairs == ()
    assert convcalc.load(text.replace("skip: input", "skip: {identity: , from: input}")).ok


@pytest.mark.parametrize(
    ("branch", "help"),
    [
        ("{from: conv1}", "conv1 arrives here: `[]`"),
        ("{from: input}", "a branch that is another layer is `[{identity: , from: input}]`"),
        ("{}", RULE),
        ("~", RULE),
    ],
)
def test_a_branch_without_a_layer(branch: str, help: str) -> None:
    net = convcalc.load(f"{HEAD.replace('KIND', 'add')}skip: {branch}\n")
    assert [(f.code, f.help) for f in net.findings] == [("CC019", (help,))]


@pytest.mark.parametrize("branch", ["relu", "[relu]", "conv1-8", "identity", "[]", "unit"])
def test_layers_and_blocks_are_branches(branch: str) -> None:
    block = "blocks: {x: {layers: [relu]}, unit: {layers: [x]}}\n"
    assert convcalc.load(f"{block}{HEAD.replace('KIND', 'add')}skip: {branch}\n").ok
    assert convcalc.load(f"{block}{HEAD.replace('KIND', 'add')}skip: x\n").ok
