"""`check --fix` of an add that `when` leaves out with its body: that stays, without the skip."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, offered, told

SPEC = """\
input: 56x56x16
blocks:
  ir:
    args: {cin: , cout: , s: 1}
    layers:
      - add:
          branches:
{0}        when: =s == 1 and cin == cout  # only there
      - relu6
layers:
  - ir: [16, 24, 2]
  - ir: [24, 24]
  - ir: [24, 32]
  - global_avg_pool
  - fc-10
"""
IN_LINES = """\
            body:
              - conv: {filters: =cin*6, kernel: 1}
              - relu6:
              - conv: {filters: =cout, kernel: 3, stride: =s, pad: 1}
                name: last
              - batch_norm
            skip: []
"""
LISTED = (
    "[conv: {filters: =cin*6, kernel: 1}, relu6, "
    "{conv: {filters: =cout, kernel: 3, stride: =s, pad: 1}, name: last}, batch_norm]"
)
IN_BRACKETS = f"""\
            - {LISTED}
            - identity
"""
BELOW = f"""\
      - repeat: {{times: 1, layers: {LISTED}}}
        when: =not (s == 1 and cin == cout)
"""


@pytest.mark.parametrize(("body", "word"), [(IN_LINES, "body"), (IN_BRACKETS, "branch 1")])
@pytest.mark.parametrize("floor", [True, False])
def test_the_body_stays_where_its_skip_cannot(body: str, word: str, floor: bool) -> None:
    """Of two calls nothing was left, so that 16 channels reached the one of 24."""
    entry = SPEC.replace("{0}", body).replace("      - relu6\nlayers", "layers")
    text = f"rounding: floor\n{entry}" if floor else entry.replace("[16, 24, 2]", "[16, 24]")
    first = offered(text)[0]
    line = 1 + text[: text.index("when: =s")].count("\n")
    after = "kept below it, `when: =not (s == 1 and cin == cout)`"
    assert told(first) == [("", f"layers of {word}", after)]
    assert first.changes[0].line == line and first.errors == ()
    head, comment, tail = text.partition("  # only there\n")
    assert first.text == f"{head}{comment}{BELOW}{tail}" and faults(first.text) == []
    kinds = [step.kind for step in load("n.yaml", first.text.encode()).steps]
    assert kinds.count("conv") == 6 and kinds.count("add") == 1


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("cin == cout", "cin == cout or 'x' == 'y'"),  # a text in the condition
        ("- relu6:", "- relu6:  # six"),  # a comment among what would be in brackets
        ("            skip: []", "            skip: conv1-24"),  # two bodies
    ],
)
def test_what_cannot_be_put_into_brackets_is_left(part: str, other: str) -> None:
    text = SPEC.replace("{0}", IN_LINES).replace(part, other).replace("      - relu6\nl", "l")
    assert not any("layers of" in option for o in offered(text) for _, option, _ in told(o))


def test_where_another_layer_of_the_block_stays_nothing_is_said_to_be_left_out() -> None:
    """Such a call makes a layer: what was meant is not known."""
    offers = offered(SPEC.replace("{0}", IN_LINES))
    assert offers
    assert not any("layers of" in option for offer in offers for _, option, _ in told(offer))


def test_a_skip_gets_no_layers_for_calls_that_made_none() -> None:
    """The depths of the next call do not match as they are those that the missing one reads."""
    text = SPEC.replace("{0}", IN_LINES).replace("      - relu6\nlayers", "layers")
    for spec in (text, text.replace("- relu6:", "- relu6:  # six")):
        assert "CC107" in faults(spec)
        for offer in offered(spec):
            assert "            skip: []\n" in offer.text


def test_the_body_stays_in_a_net_with_other_errors_too() -> None:
    """A stem that rounds and a conv without padding: what repairs them comes with it."""
    bare = IN_LINES.replace("kernel: 3, stride: =s, pad: 1", "kernel: 3, stride: =s")
    text = SPEC.replace("{0}", bare).replace("      - relu6\nlayers", "layers")
    text = text.replace("[16, 24, 2]", "[16, 24]").replace(
        "layers:\n  - ir", "layers:\n  - {max_pool: {kernel: 3, stride: 2}}\n  - ir"
    )
    assert {"CC101", "CC127"} <= {*faults(text)}
    found = offered(text)
    assert found[0].errors == () and "- repeat: {times: 1" in found[0].text
    assert faults(found[0].text) == []
    assert all("            skip: []\n" in offer.text for offer in found)
