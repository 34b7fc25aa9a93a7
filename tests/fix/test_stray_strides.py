"""`check --fix`: a stray stride in one branch of a concat goes before another layer comes in."""

import pytest

from tests.fix.repairs import faults, first, offered, told

NET = """\
input: 56x56x64
rounding: floor
layers:
  - concat:
      branches:
        a: [conv: {filters: 32, kernel: 1}, relu]
        b: [conv: {filters: 32, kernel: 3, stride: 2, pad: 1}, relu]
"""
FIRE = """\
input: 27x27x96
rounding: floor
blocks:
  fire:
    args: {s: , e: }
    layers:
      - conv: {filters: =s, kernel: 1}
      - concat:
          branches:
            1x1: [conv: {filters: =e, kernel: 1}, relu]
            3x3: [conv: {filters: =e, kernel: 3, stride: 2, pad: 1}, relu]
layers:
  - fire: [16, 64]
  - fire: [16, 64]
"""


def test_it_is_the_second_repair_of_two_branches() -> None:
    """The first is the stride of the other branch: either may be meant."""
    one, two, three = map(told, offered(NET)[:3])
    assert one == [("conv1", "stride", "2")] and two == [("conv2", "stride", "1")]
    assert [option for _, option, _ in three] == ["b"]  # enlarged again


def test_of_three_branches_it_is_the_first() -> None:
    spec = NET + "        c: [max_pool: {kernel: 3, stride: 1, pad: 1}]\n"
    assert told(offered(spec)[0]) == [("conv2", "stride", "1")]


@pytest.mark.parametrize("expect", ["", "expect: {output: 27x27x128}\n"])
def test_what_the_file_states_is_made_first(expect: str) -> None:
    spec = FIRE + expect
    offers = offered(spec)
    assert any(told(offer) == [("fire1.conv3", "stride", "1")] for offer in offers)
    if expect:
        assert first(spec) == spec.replace("stride: 2", "stride: 1") and not faults(first(spec))


def test_an_encoder_that_goes_on_is_enlarged_again() -> None:
    spec = NET.replace("pad: 1}, relu]", "pad: 1}, relu, conv3-32]")
    assert all(("conv2", "stride", "1") not in told(offer) for offer in offered(spec))
