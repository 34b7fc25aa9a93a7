"""A call in the net's own list that makes no layer is warned of, but for what is so on purpose."""

import pytest

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
        "- relu\n- c",  # a part of a block, which other calls have
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
  c: {layers: [b, relu]}
  d: {layers: []}
  e: {args: {body: }, layers: [=body]}
  f: {layers: [{relu: , when: =deep}]}
"""
    assert "CC127" not in layers(entries, head=head).codes


def test_a_net_of_empty_calls_only_has_no_layers(layers) -> None:
    spec = layers("- inv: [32, 2]", head=INVERTED)
    assert spec.codes == ["CC013"]


def test_a_call_that_is_repeated_is_warned_of_once(layers) -> None:
    entries = "- relu\n- repeat: {times: 3, layers: [tanh, {inv: [8, 2]}]}"
    assert layers(entries, head=INVERTED).codes == ["CC127"]
