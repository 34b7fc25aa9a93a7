"""A flat list of branches that reads like one branch is warned of, and no list that is meant."""

import pytest

from convcalc import zoo
from convcalc.spec.load import load

NORMED = "conv3-3, batch_norm, relu, conv3-3, batch_norm"


def flat(layers, entry: str, head: str = "") -> list:
    found = layers(entry, head=head).analysis.findings
    return [finding for finding in found if finding.code == "CC129"]


def test_a_body_without_its_brackets_is_named_with_them(layers) -> None:
    (finding,) = flat(layers, f"- relu\n- add: {{branches: [{NORMED}]}}")
    assert (finding.severity, finding.line, finding.column) == ("warning", 4, 3)
    assert finding.message == "5 layers in a list are 5 branches: none reads the one before it"
    assert finding.help == (
        f"layers in a row are one branch: `branches: {{body: [{NORMED}], skip: []}}`",
        "`ignore: [CC129]` beside it, where that is meant",
    )
    row = layers(f"- relu\n- add: {{branches: {{body: [{NORMED}], skip: []}}}}")
    assert row.told == []


@pytest.mark.parametrize(
    "branches",
    [
        "conv3-3, relu, conv3-3",
        "batch_norm, relu, conv3-3, batch_norm, relu, conv3-3",
        "conv3-3, batch_norm, relu",
        "{conv: {filters: 3, kernel: 3, pad: 1}}, batch_norm, relu",
        "conv3-3, relu, conv3-3, identity",
        "[], conv3-3, relu, conv3-3",
        "conv3-3s2, relu, conv3-3",  # whose shapes do not match either
    ],
)
@pytest.mark.parametrize("kind", ["add", "concat", "multiply"])
def test_what_reads_like_one_branch(layers, kind: str, branches: str) -> None:
    assert len(flat(layers, f"- {kind}: {{branches: [{branches}]}}")) == 1


@pytest.mark.parametrize(
    "entry",
    [
        "concat: {branches: [conv1-8, conv3-8, {max_pool: {window: 3, stride: 1, pad: 1}}]}",
        "add: {branches: [conv3-3, conv1-3, batch_norm]}",  # RepVGG, arXiv:2101.03697
        "add: {branches: [conv3-3, batch_norm, conv1-3]}",
        "add: {branches: [conv3-3, relu]}",
        "multiply: {branches: [tanh, sigmoid]}",
        "concat: {branches: [relu, tanh, sigmoid]}",
        f"add: {{branches: [[{NORMED}], []]}}",
        "add: {branches: [[conv3-3], [batch_norm], [relu]]}",
        "add: {branches: {a: conv3-3, b: batch_norm, c: relu}}",
        "add: {branches: [conv3-3 -> relu, conv3-3 -> relu, relu -> conv3-3]}",
        "{add: {branches: [conv3-3, relu, conv3-3]}, ignore: [CC129]}",
    ],
)
def test_what_is_meant_is_left_alone(layers, entry: str) -> None:
    assert not flat(layers, f"- {entry}")


def test_blocks_of_one_layer_are_branches_and_a_call_is_said_once(layers) -> None:
    one = "blocks:\n  one: {layers: [conv3-3]}\n  act: {layers: [relu]}\n"
    assert not flat(layers, "- add: {branches: [one, act, one]}", one)
    body = "blocks:\n  body: {layers: [add: {branches: [conv3-3, relu, conv3-3]}]}\n"
    assert len(flat(layers, "- body\n- body", body)) == 1


CB = "blocks:\n  cb: {args: {c: }, layers: [{conv: {filters: =c, kernel: 3, pad: 1}}, relu]}\n"


@pytest.mark.parametrize("call", ["cb: 3", "cb: {c: 3}", "cb: [3]"])
def test_equal_calls_side_by_side_are_a_body(layers, call: str) -> None:
    entry = "- add: {{branches: [{}]}}"
    (finding,) = flat(layers, entry.format(f"{call}, {call}"), CB)
    assert finding.message.startswith("2 equal calls in a list are 2 branches")
    assert f"`branches: {{body: [{call}, {call}], skip: []}}`" in finding.help[0]
    for meant in (
        f"{call}, cb: {{c: 6}}",
        f"[{call}], [{call}]",
        f"{call}, {call}, []",
        ", ".join([call] * 4),  # the paths of a ResNeXt, arXiv:1611.05431
    ):
        assert not flat(layers, entry.format(meant), CB)
    assert not flat(layers, f"- concat: {{branches: [{call}, {call}]}}", CB)


def test_calls_listed_below_an_add_are_its_body(layers) -> None:
    listed = layers("- add:\n    - cb: 3\n    - cb: 3", head=CB).help
    assert listed == "did you mean `{branches: [[cb: 3, cb: 3], []]}`?"
    assert layers("- add:\n    - cb: 3\n    - conv3-3: ", head=CB).help == (
        "one after the other, beside the shortcut: `add: {branches: [[cb: 3, conv3-3], []]}`\n"
        "each a branch of its own: `add: {branches: [cb: 3, conv3-3]}`"
    )


def test_a_long_list_is_cut(layers) -> None:
    (finding,) = flat(layers, f"- add: {{branches: [{', '.join(['conv3-3', 'relu'] * 9)}]}}")
    assert "conv3-3, relu, ...], skip: []}" in finding.help[0]


def test_no_bundled_net_has_one() -> None:
    for name in zoo.names():
        assert all(f.code != "CC129" for f in load(name, zoo.read(name)).findings)


@pytest.mark.parametrize("branches", ["[conv3-8, []]", "{body: [conv3-8], skip: []}"])
def test_branches_within_a_branch_by_its_name(branches: str) -> None:
    spec = f"input: 8x8x8\nlayers:\n  - add: {{body: {{branches: {branches}}}}}\n"
    (finding,) = load("net.yaml", spec.encode()).findings
    assert finding.help[0] == (
        "`branches:` is no part of a branch: leave out the `body:` around it"
    )
