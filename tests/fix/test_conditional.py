"""`check --fix` where only some copies of a residual unit need a projection, or none has a skip."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, offered

REPEATED = """\
input: 16x16x3
layers:
  - conv3-64
  - repeat:
      times: 3
      layers:
        - add:
            branches:
              main: [conv1-192, relu6, conv1-96]
              skip: {}
"""
INVERTED = """\
input: 32x32x3
rounding: floor
blocks:
  bottleneck:
    args: {{filters: , stride: }}
    layers:
      - identity: {{}}
        name: start
      - conv: {{filters: 64, kernel: 1, bias: false}}
      - batch_norm
      - depthwise_conv: {{kernel: 3, stride: =stride, pad: 1, bias: false}}
      - batch_norm
      - conv: {{filters: =filters, kernel: 1, bias: false}}
      - batch_norm: {{}}
        name: end
      - add: {{}}
        from: [{}]{}
layers:
  - conv3-32
  - bottleneck: {{filters: 16, stride: 1}}
  - bottleneck: {{filters: 24, stride: 2}}
  - bottleneck: {{filters: 24, stride: 1}}
"""
WHEN = "\n        when: =stride == 1"


def params(text: str) -> list[int]:
    """The parameters of each layer that has any."""
    found = analyze(load("net.yaml", text.encode()))
    counted = [row.parameters.learned for row in found.rows if row.parameters is not None]
    return [number for number in counted if number]


def test_turns_of_a_repeat_that_are_right_get_no_projection() -> None:
    needed = "{conv: {filters: 96, kernel: 1}, when: =in_channels != 96}"
    wanted = REPEATED.format(needed)
    texts = [offer.text for offer in offered(REPEATED.format("identity"))]
    assert wanted in texts
    assert texts.index(wanted) < texts.index(REPEATED.format("conv1-96"))


@pytest.mark.parametrize("words", ["start, end", "end, start"])
def test_an_add_of_some_calls_is_left_out_where_the_channels_differ(words: str) -> None:
    found = offered(INVERTED.format(words, WHEN))
    wanted = INVERTED.format(
        "start, end", "\n        when: =stride == 1 and in_channels == filters"
    )
    assert found[0].text == wanted
    assert not faults(wanted)
    net = load("net.yaml", wanted.encode())
    assert [step.name for step in net.steps if step.kind == "add"] == ["bottleneck3.add1"]


@pytest.mark.parametrize("words", ["start, end", "end, start"])
def test_a_projection_is_not_put_where_the_add_itself_is_left_out(words: str) -> None:
    """The strided call had no skip: it keeps its parameters, and no layer is left unread."""
    found = [o for o in offered(INVERTED.format(words, WHEN)) if "projected" in o.text]
    assert found
    plain = params(INVERTED.format(words, "\n        when: false"))
    more = [len(params(offer.text)) - len(plain) for offer in found]
    assert more == [2, 4]  # a conv and its norm for the call that needs them, or for both
    assert not any(faults(offer.text) for offer in found)


@pytest.mark.parametrize("words", ["start, end", "end, start"])
def test_an_add_without_a_condition_is_projected_first_and_may_get_one(words: str) -> None:
    found = offered(INVERTED.format(words, ""))
    assert "projected" in found[0].text
    assert "when: =stride != 1 or in_channels != filters" in found[0].text
    left_out = "\n        when: =stride == 1 and in_channels == filters"
    assert INVERTED.format("start, end", left_out) in [offer.text for offer in found]


def test_the_add_that_makes_the_unit_is_not_left_out() -> None:
    """A unit whose branches are inside of its add would be lost with it."""
    for offer in offered(REPEATED.format("identity")):
        assert "- add: {" not in offer.text and "when: =in_channels ==" not in offer.text


def test_no_number_of_a_call_takes_away_the_sum_that_is_wrong() -> None:
    """`inp` and `out` of a MobileNet's call: with another `out` the condition leaves it out."""
    spec = """\
input: 56x56x32
blocks:
  ir:
    args: {inp: , out: , stride: 1}
    layers:
      - add:
          branches:
            body: [conv1-64, relu6, {conv: {filters: =out, kernel: 1}}]
            skip: identity
        when: =stride == 1 and inp == out
layers:
  - ir: {inp: 24, out: 24}
  - fc-10
"""
    texts = [offer.text for offer in offered(spec)]
    assert texts and not [text for text in texts if "{inp: 24, out: 32}" in text]
    assert all(not faults(text) for text in texts)


#: a block that pools in the calls that do not step
POOLED = """\
input: 32x32x16
blocks:
  unit:
    args: {c: , s: 1}
    layers:
      - conv: {filters: =c, kernel: 3, stride: =s, pad: 1}
      - max_pool: {kernel: 2}
        when: =s == 1
      - repeat: {times: 2, layers: [conv1-16, relu]}
        when: =s > 1
layers:
  - unit: [16]
  - unit: [16, 2]
"""


def test_a_stride_says_which_layers_its_conditions_build() -> None:
    effects = {(c.option, c.after): c.effect for o in offered(POOLED) for c in o.changes}
    assert effects["stride", "1"] == (
        "unit2.conv1 makes 16x16x16, `when:` adds unit2.max_pool1, "
        "`when:` leaves out unit2.conv2, unit2.relu1, unit2.conv3, 1 more layer"
    )
    assert "when" not in effects["stride", "3"]  # all conditions are met as before


def test_a_variable_says_which_layers_its_conditions_build() -> None:
    spec = (
        "input: 32x32x16\nvars: {s: 2}\nlayers:\n"
        "  - conv: {filters: 8, kernel: 3, stride: =s, pad: 1}\n  - pool2:\n    when: =s == 1\n"
    )
    effects = {(c.option, c.after): c.effect for o in offered(spec) for c in o.changes}
    assert effects["stride", "1"] == "conv1 makes 32x32x8, `when:` adds max_pool1"


NAMED = """\
input: 16x16x3
blocks:
  res:
    args: {f: }
    layers:
      - {identity: , name: x}
      - {conv: {filters: =f, kernel: 3, pad: 1}, name: body}
      - repeat: {times: 1, layers: [{conv: {filters: =f, kernel: 1}, when: =f > 8}]}
        from: x
        name: short
      - {add: , from: [body, short]}
layers:
  - conv3-4
  - res: 8
  - res: 16
"""


def test_the_condition_of_a_shortcut_that_a_merge_reads_by_name_asks_for_the_channels() -> None:
    best = offered(NAMED)[0]
    assert best.text == NAMED.replace("=f > 8", "=f > 8 or in_channels != f")
    assert not faults(best.text)


def test_the_help_says_which_projection_is_left_out() -> None:
    (fault,) = load("net.yaml", NAMED.encode()).findings
    assert fault.help[0] == "the conv of line 8 is left out here: its `when` is false"
