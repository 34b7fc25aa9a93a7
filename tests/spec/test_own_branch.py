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


BLOCK = """
input: 32x32x3
blocks:
  res:
    args: {c: }
    layers:
      - conv: {filters: =c, kernel: 3, pad: 1}
      - relu
      - add:
          branches:
            - [{conv: {filters: =c, kernel: 3, pad: 1}}]
            - SKIP
layers:
  - conv3-16
  - res: 16
  - res: 16
"""


@pytest.mark.parametrize("word", ["input", "inputs", "x", "residual", "in", "start"])
@pytest.mark.parametrize("listed", [False, True])
def test_a_word_behind_layers_of_a_block_may_be_what_arrives_there(word: str, listed: bool) -> None:
    net = convcalc.load(BLOCK.replace("SKIP", f"[{word}]" if listed else word))
    (one,) = net.findings
    assert one.help == (
        "what arrives at the add, which is relu1, is `[]`",
        "what arrives at the block is `[]` too, with the add as the first layer of the block and "
        "the layers above it moved into its other branch; or `- {identity: , name: start}` as the "
        "first layer, and `{identity: , from: start}` here",
    )
    assert net.repairs == ()


def test_the_nets_input_is_named_too_where_it_fits() -> None:
    text = BLOCK.replace("32x32x3", "32x32x16").replace("SKIP", "[input]")
    help = convcalc.load(text).findings[0].help
    assert len(help) == 3 and help[2].startswith("the net's input, behind other layers, is ")


def test_a_sum_that_is_first_in_its_block_reads_what_arrives_there() -> None:
    layers = BLOCK.replace("      - conv: {filters: =c, kernel: 3, pad: 1}\n      - relu\n", "")
    net = convcalc.load(layers.replace("SKIP", "[input]"))
    assert net.findings[0].help[0] == "did you mean `identity`?"
    assert convcalc.load(net.repairs[0].text).ok


def test_no_layer_above_is_the_identity_in_a_block_too() -> None:
    net = convcalc.load(BLOCK.replace("SKIP", "[none]"))
    assert net.findings[0].help[0] == "did you mean `identity`?"


def test_both_ways_to_what_arrives_at_a_block_are_right() -> None:
    named = BLOCK.replace("    layers:\n", "    layers:\n      - {identity: , name: start}\n", 1)
    named = named.replace("SKIP", "[{identity: , from: start}]")
    first = BLOCK.replace("      - conv: {filters: =c, kernel: 3, pad: 1}\n      - relu\n", "")
    first = first.replace(
        "- [{conv: {", "- [{conv: {filters: =c, kernel: 3, pad: 1}}, relu, {conv: {"
    )
    one, two = convcalc.load(named), convcalc.load(first.replace("SKIP", "[]"))
    assert one.ok and two.ok
    totals = [convcalc.analyze(net).totals.params for net in (one, two)]
    assert totals[0] == totals[1]
