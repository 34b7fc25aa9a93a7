"""Completion of what a block call gives, and of other places that name layers."""

import pytest

from convcalc.editor.completion import proposals

NET = """\
input: 8x8x3
vars: {width: 3, deep: d1}
blocks:
  up:
    args: {c: , skip: , body: [relu]}
    layers:
      - {conv: {filters: =c, kernel: 3, pad: 1}, name: t}
      - =body
      - add:
        from: [=skip, t]
  dec:
    args: {enc: , n: 1}
    layers:
      - conv3-3
DEC
layers:
  - {conv3-3: , name: d1}
  - relu
CALL
  - relu:
    from: =deep
"""


def labels(read, at, text, good=None):
    text, line, column = at(text)
    return {p.label: p for p in proposals(read(text), good, line, column).found}


@pytest.mark.parametrize(
    "call",
    [
        "  - up: [3, |]",
        "  - up: [3, |",
        "  - up: [=width, d|]",
        "  - up: {skip: |}",
        "  - up: {c: 3, skip: |",
        "  - {up: {c: 3, skip: d|}, name: u}",
        "  - up:\n      c: 3\n      skip: |",
        "  - up:\n      - 3\n      - |",
        "  - name: u\n    up:\n      - 3\n      # the skip\n      - |",
        "  - up: {c: 3, skip: [|",
        "  - up: [3, [d1, |",
        "  - up:\n      c: 3\n      skip:\n        - |",
        "  - add: {branches: [[up: [3, |",
    ],
)
def test_an_argument_that_names_a_layer_is_completed_with_layers(read, at, call) -> None:
    found = labels(read, at, NET.replace("DEC\n", "").replace("CALL", call))
    assert [*found] == ["relu1", "d1", "input", "=deep"]
    assert found["d1"].detail == "conv 3x3/1 p1 x3, 8x8x3"


def test_within_a_block_its_own_layers_and_arguments_are_passed_on(read, at) -> None:
    for call in ("up: [3, |]", "up: {c: 3, skip: |}"):
        text = NET.replace("DEC", f"      - {call}").replace("CALL", "  - dec: {enc: d1}")
        found = labels(read, at, text)
        assert [*found] == ["conv1", "d1", "input", "=enc", "=deep"]


@pytest.mark.parametrize(
    ("call", "some", "none"),
    [
        ("  - up: [|", {"width", "deep"}, {"relu", "d1"}),
        ("  - up: |", {"width"}, {"relu", "d1"}),
        ("  - up: [3, d1, |", {"relu", "conv3-64", "width"}, {"d1"}),
        ("  - up: [3, d1, [|", {"relu", "conv3-64"}, {"d1"}),
        ("  - up: [3, =de|]", {"deep"}, {"relu", "d1"}),
        ("  - up: {c: |}", {"width"}, {"relu", "d1"}),
        ("  - up: {|}", {"c", "skip", "body"}, {"relu", "d1"}),
    ],
)
def test_other_arguments_are_no_layers_names(read, at, call, some, none) -> None:
    found = labels(read, at, NET.replace("DEC\n", "").replace("CALL", call))
    assert some <= found.keys() and not none & found.keys()


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("skip: , body", "skip: |, body"),
        ("deep: d1", "deep: |"),
        ("input: 8x8x3", "input: 8x8x3\noutputs: [|]"),
        ("input: 8x8x3", "input: 8x8x3\noutputs:\n  - |"),
        ("    from: =deep", "    from:\n      - |"),
    ],
)
def test_every_place_that_names_a_layer_is_completed(read, at, text, change) -> None:
    net = NET.replace("DEC\n", "").replace("CALL\n", "  - up: [3, d1]\n")
    found = labels(read, at, net.replace(text, change))
    assert "d1" in found and "conv" not in found


@pytest.mark.parametrize(
    ("text", "rules", "label"),
    [("|", True, "d1"), ("d|", True, "d1"), ("d1..|", False, "up1.t"), ("d1..u|", False, "up1"),
     ("d1..up1.|", False, "up1.t")],
)  # fmt: skip
def test_segments_of_a_budget_are_completed_with_layers(read, at, text, rules, label) -> None:
    net = NET.replace("DEC\n", "").replace("CALL\n", "  - up: [3, d1]\n")
    for budget in (
        "budget: {checkpoint: TEXT}",
        "budget:\n  checkpoint: TEXT",
        'budget:\n  checkpoint: "d1..relu1, TEXT"',
    ):
        marked, line, column = at(net + budget.replace("TEXT", text))
        found = proposals(read(marked), None, line, column)
        words = {one.label for one in found.found}
        assert label in words and "input" not in words and ("sqrt" in words) is rules
        assert found.span.column == column - len(text.rpartition("..")[2].rstrip("|"))
