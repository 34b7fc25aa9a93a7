"""A projection steps as the layers beside it do: an argument of the same value is no stride."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

BODY = "[{conv: {filters: =c, kernel: 3, stride: STRIDE, pad: 1}}, relu, conv3-DEPTH]"
STAGES = """
input: 56x56x64
rounding: floor
blocks:
  stage:
    args: {c: , n: , s: 2}
    layers:
      - add:
          branches:
            - [{conv: {filters: =c, kernel: 3, stride: STRIDE, pad: 1}}, relu]
            - SHORTCUT
      - repeat: {times: =n, layers: [relu]}
layers:
  - stage: {c: 128, n: 2}
  - stage: {c: 256, n: 2}
"""


def offered(text: str) -> list[str]:
    found = offers(load("net.yaml", text.encode()))
    return [" ".join(change.after for change in offer.changes) for offer in found]


@pytest.mark.parametrize("shortcut", ["identity", "[]", "[{conv: {filters: =c, kernel: 1}}]"])
def test_a_step_that_is_a_number_beside_it_is_that_number(shortcut: str) -> None:
    made = offered(STAGES.replace("STRIDE", "2").replace("SHORTCUT", shortcut))
    assert made and not any("=n" in one or "=s" in one for one in made), made
    assert "stride: 2" in made[0] or made[0] == "2", made


@pytest.mark.parametrize("shortcut", ["identity", "[{conv: {filters: =c, kernel: 1}}]"])
def test_a_step_that_is_an_argument_beside_it_is_that_argument(shortcut: str) -> None:
    made = offered(STAGES.replace("STRIDE", "=s").replace("SHORTCUT", shortcut))
    assert made and not any("=n" in one for one in made), made
    assert "=s" in made[0], made


CALLED = """
input: 56x56x64
rounding: floor
blocks:
  basic:
    args: {c: , s: DEFAULT, shortcut: []}
    layers:
      - add:
          branches:
            body: [{conv: {filters: =c, kernel: 3, stride: =s, pad: 1}}, relu]
            shortcut: =shortcut
  stage:
    args: {c: , n: , step: 2}
    layers:
      - basic: CALL
      - repeat: {times: =n, layers: [relu]}
layers:
  - stage: {c: 128, n: 2}
  - stage: {c: 256, n: 2}
"""


@pytest.mark.parametrize(
    ("default", "call", "stride"),
    [
        ("2", "{c: =c}", "2"),
        ("1", "{c: =c, s: 2}", "2"),
        ("1", "{c: =c, s: =step}", "=step"),
        ("1", "[=c, =step]", "=step"),
        ("1", "[=c, 2]", "2"),
    ],
)
def test_a_call_passes_its_shortcut_the_step_that_it_gives(
    default: str, call: str, stride: str
) -> None:
    made = offered(CALLED.replace("DEFAULT", default).replace("CALL", call))
    steps = [one for one in made if "stride:" in one]
    assert steps and all(f"stride: {stride}" in one for one in steps), made
    assert not any("=n" in one for one in made), made
