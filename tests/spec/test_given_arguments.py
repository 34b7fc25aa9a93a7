"""What a call gives its block in a form that is almost right: a layer, a name, a list."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import DECODER, faults, offered

NET = (
    """\
input: 32x32x3
blocks:
  g: {args: {c: , act: relu}, layers: [conv: {filters: =c, kernel: 3, pad: 1}, =act]}
"""
    + DECODER
    + """\
layers:
  - {conv3-64: , name: d1}
  - pool2
  - {conv3-64: , name: d2}
  - pool2
  - conv3-64
  - CALL
"""
)


def said(call: str) -> list[tuple[str, tuple[str, ...]]]:
    net = NET.replace("CALL", call)
    return [(f.message, f.help) for f in load("net.yaml", net.encode()).findings]


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("g: {c: 16, act: =silu}", "g: {c: 16, act: silu}"),
        ("g: [16, =SiLU]", "g: [16, silu]"),
        ("g: {c: 16, act: =swish}", "g: {c: 16, act: silu}"),
        ("g: {c: 16, act: linear}", "g: {c: 16, act: []}"),
        ("g: [16, linear]", "g: [16, []]"),
        ("up: {c: 64, skip: [d2]}", "up: {c: 64, skip: d2}"),
        ("up: [64, [d2]]", "up: [64, d2]"),
    ],
)
def test_one_edit_makes_it_right(call: str, meant: str) -> None:
    offer = offered(NET.replace("CALL", call))[0]
    assert offer.text == NET.replace("CALL", meant) and not faults(offer.text)


def test_a_list_of_layers_where_one_is_read() -> None:
    ((message, help),) = said("up: {c: 64, skip: [d2, d1]}")
    assert message == "expected the name of a layer, got a list"
    assert help == ("an argument for each of them, each with one name",)


def test_arguments_that_are_exchanged() -> None:
    rule = "layers are read by name, not by number"
    _, (message, help) = said("up: [d2, 64]")
    assert message == "no layer '64'"
    assert help == (rule, "up takes c, skip in this order: `d2` is a layer's name")
    ((_, help),) = said("up: [64, 64]")
    assert help[0] == rule and help[1].startswith("known here: ")


def test_the_layers_that_have_names_are_listed_first() -> None:
    ((_, help),) = said("up: [64, d7]")
    assert help == ("known here: d1, d2, conv1 and 4 others",)
    named = NET.replace("- conv3-64", "- {conv3-64: , name: d3}").replace("CALL", "up: [8, d7]")
    (finding,) = load("net.yaml", named.encode()).findings
    assert finding.help == ("known here: d1, d2, d3 and 4 others",)


@pytest.mark.parametrize("word", ["=act", "relu", "=c"])
def test_an_entry_that_is_indented_too_far(word: str) -> None:
    net = (
        "input: 8x8x3\nblocks:\n  g:\n    args: {c: , act: relu}\n    layers:\n"
        f"      - conv: {{filters: =c, kernel: 1}}\n      - =act\n      - {word}\n"
        "          - pool2\nlayers:\n  - g: 8\n"
    )
    (finding,) = load("net.yaml", net.encode()).findings
    assert (finding.code, finding.line, finding.help) == ("CC021", 9, ("put it in column 7",))


def test_a_formula_over_several_lines_is_none() -> None:
    net = "input: 8x8x3\nvars: {a: 9}\nlayers:\n  - conv3-8\n  - conv:\n      filters: =a\n"
    net += "        - 1\n      kernel: 1\n"
    assert load("net.yaml", net.encode()).steps[-1].output == (8, 8, 8)


def test_a_name_inside_a_block_lists_the_layers_there_first() -> None:
    net = NET.replace("CALL", "up: [64, d2]").replace("[=skip, t]", "[=skip, q]")
    (finding,) = load("net.yaml", net.encode()).findings
    assert finding.help == ("known here: d1, d2, t and 4 others",)
