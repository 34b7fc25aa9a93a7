"""`check --fix` of a shortcut that its `when` leaves out and an `add` names it: it is repeated."""

import pytest

from tests.fix.repairs import faults, first, offered

SPEC = """\
input: 16x16x3
rounding: floor
blocks:
  res:
    args: {{f: , s: 1}}
    layers:
      - {{identity: , name: x}}
      - {{conv: {{filters: =f, kernel: 3, stride: =s, pad: 1}}, name: body}}
{0}      - {{add: , from: [body, short]}}
layers:
  - conv3-8
  - res: 8
  - res: {{f: 16, s: 2}}
"""
SHORT = """\
      - conv: {{filters: =f, kernel: 1, stride: =s}}
        from: x
        name: short
        when: {0}
"""
KEPT = """\
      - repeat: {{times: 1, layers: [{{conv: {{filters: =f, kernel: 1, stride: =s}}, when: {0}}}]}}
        from: x
        name: short
"""
BOTH = "=s != 1 or in_channels != f"


@pytest.mark.parametrize("condition", ["=s != 1", BOTH])
def test_it_goes_into_a_repeat_under_its_own_condition(condition: str) -> None:
    spec = SPEC.format(SHORT.format(condition))
    assert faults(spec) == ["CC017"]
    assert first(spec) == SPEC.format(KEPT.format(condition)) and not faults(first(spec))


def test_where_the_channels_differ_too_the_condition_asks_for_them() -> None:
    spec = SPEC.format(SHORT.format("=s != 1")).replace("res: 8", "res: 12")
    assert first(spec) == SPEC.format(KEPT.format(BOTH)).replace("res: 8", "res: 12")


def test_an_entry_in_brackets_stays_so() -> None:
    flow = "{{conv: {{filters: =f, kernel: 1, stride: =s}}, from: x, name: short, when: =s != 1}}"
    spec = SPEC.format(f"      - {flow.format()}\n")
    inner = "{conv: {filters: =f, kernel: 1, stride: =s}, when: =s != 1}"
    kept = f"{{repeat: {{times: 1, layers: [{inner}]}}, from: x, name: short}}"
    assert first(spec) == SPEC.format(f"      - {kept}\n")


def test_a_name_that_nothing_has_is_left_to_others() -> None:
    spec = SPEC.format(SHORT.format("=s != 1")).replace("[body, short]", "[body, sort]")
    assert all("repeat" not in offer.text for offer in offered(spec))
