"""A call that makes no layer is warned of, but for what is so on purpose."""

import pytest

from convcalc.spec.document import Overrides
from convcalc.spec.load import Prepared

INVERTED = """\
blocks:
  inv:
    args: {filters: , stride: 1}
    layers:
      - add:
          branches:
            main: [conv: {filters: =filters, kernel: 3, pad: 1, stride: =stride}]
            skip: identity
        when: =stride == 1 and in_channels == filters
"""


def test_a_call_of_which_nothing_is_left_is_warned_of(layers) -> None:
    spec = layers("- inv: [3]\n- inv: [32, 2]\n- relu", head=INVERTED)
    assert spec.names == ["inv1.conv1", "inv1.identity1", "inv1.add1", "relu1"]
    (finding,) = spec.analysis.findings
    assert (finding.code, finding.severity, finding.line) == ("CC127", "warning", 13)
    assert finding.message == "inv makes no layer here: `when` leaves out its only entry"
    assert [(other.message, other.line) for other in finding.related] == [("not met", 10)]
    assert finding.help == (
        "an add that is left out takes all its branches along: below it "
        "`- repeat: {times: 1, layers: [...]}` with the layers of main and "
        "`when: =not (stride == 1 and in_channels == filters)`",
        "`ignore: [CC127]` beside the call, where nothing is meant",
    )


def test_what_the_help_says_makes_the_block_whole(layers) -> None:
    also = """\
      - repeat: {times: 1, layers: [conv: {filters: =filters, kernel: 3, pad: 1, stride: =stride}]}
        when: =not (stride == 1 and in_channels == filters)
"""
    spec = layers(
        "- inv: [3]\n- inv: [32, 2]\n- inv: [32]\n- relu", shape="9x9x3", head=INVERTED + also
    )
    assert spec.told == []
    assert [output for _, output in spec.layers] == [(9, 9, 3)] * 3 + [(5, 5, 32)] * 5


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[{relu: , when: =x > 1}]", "`when` leaves out its only entry"),
        ("[{relu: , times: =x - 1}]", "`times` leaves out its only entry"),
        ("[{relu: , when: =x > 1}, {tanh: , times: =x - 1}]", "`when` and `times` leave out all"),
        ("[{b: [=x], when: =x > 1}, {b: [=x], when: =x > 2}]", "`when` leaves out all"),
        ("[b: [=x]]", "the calls in it make none"),
    ],
)
def test_it_says_why(layers, body, why) -> None:
    inner = "  b: {args: {x: }, layers: [{relu: , when: =x > 1}]}\n"
    head = f"blocks:\n{inner}  a: {{args: {{x: 1}}, layers: {body}}}\n"
    found = layers("- a\n- relu\n- a: [3]\n- b: [2]", head=head).told
    assert found == [f"6:3: warning[CC127] a makes no layer here: {why}"]


@pytest.mark.parametrize(
    "entries",
    [
        "- relu\n- b:\n  ignore: [CC127]",
        "- relu\n- b:\n  when: =1 > 2",
        "- relu\n- b:\n  times: 0",
        "- add: {branches: {body: conv3-3, skip: b}}",  # an empty branch is the identity
        "- relu\n- c\n- c: [2]",  # a part of a block, which other calls have
        "- relu\n- c",  # switched by the block that calls it
        "- add: {branches: {body: conv3-3, skip: g}}",
        "- relu\n- d",  # says itself that it is empty
        "- relu\n- e: [[]]",  # and so does the caller
        "- relu\n- f",  # switched by a variable of the file
    ],
)
def test_what_is_left_out_on_purpose_is_left_alone(layers, entries) -> None:
    head = """\
vars: {deep: false}
blocks:
  b: {args: {x: 1}, layers: [{relu: , when: =x > 1}]}
  c: {args: {x: 1}, layers: [b: [=x], relu]}
  d: {layers: []}
  e: {args: {body: }, layers: [=body]}
  f: {layers: [{relu: , when: =deep}]}
  g: {layers: [add: {branches: {body: conv3-3, skip: b}}]}
"""
    assert "CC127" not in layers(entries, head=head).codes


def test_a_net_of_empty_calls_only_has_no_layers(layers) -> None:
    spec = layers("- inv: [32, 2]", head=INVERTED)
    assert spec.codes == ["CC013"]


def test_a_call_that_is_repeated_is_warned_of_once(layers) -> None:
    entries = "- relu\n- repeat: {times: 3, layers: [tanh, {inv: [8, 2]}]}"
    assert layers(entries, head=INVERTED).codes == ["CC127"]


INSIDE = """\
blocks:
  b: {args: {x: 1}, layers: [{relu: , when: =x > 1}]}
  c:
    args: {filters: 8}
    layers:
      - conv: {filters: =filters, kernel: 3}
      - b
      - tanh
"""


@pytest.mark.parametrize("entries", ["- c", "- c\n- c: [9]\n- repeat: {times: 2, layers: [c]}"])
def test_a_call_inside_a_block_is_warned_of_once(layers, entries) -> None:
    (finding,) = [f for f in layers(entries, head=INSIDE).analysis.findings if f.code == "CC127"]
    assert (finding.severity, finding.line) == ("warning", 8)
    assert finding.message == "b makes no layer here: `when` leaves out its only entry"
    assert [(other.message, other.line) for other in finding.related] == [
        ("not met", 3),
        ("in the block called here", 11),
    ]


def test_an_add_that_is_left_out_of_some_calls_takes_its_branches_along(layers) -> None:
    head = f"{INVERTED}  stage: {{args: {{n: }}, layers: [inv: [=n, 1], relu]}}\n"
    found = layers("- stage: [3]\n- stage: [32]\n- stage: [32]\n- stage: [8]", head=head).told
    text = "inv makes no layer here: `when` leaves out its only entry"
    assert found == [f"11:33: warning[CC127] {text}"]


def test_a_call_beside_layers_of_a_branch_is_warned_of(layers) -> None:
    entries = "- add: {branches: {body: [conv3-3, b], skip: identity}}"
    assert "CC127" in layers(entries, head=INSIDE).codes


def test_a_call_in_a_block_that_is_taken_over_is_warned_of() -> None:
    """What an equal call made under other variables is not expanded again."""
    head = INSIDE.replace("blocks:", "vars: {n: 2}\nblocks:")
    text = f"input: 8x8x3\n{head}layers:\n- conv3-8\n- c\n- fc: {{units: =n}}\n"
    spec = Prepared("net.yaml", text.encode())
    found = [spec.network(Overrides(variables=(("n", n),))).findings for n in (2, 3)]
    assert [finding.code for finding in found[0]] == ["CC127"]
    assert found[0] == found[1]
