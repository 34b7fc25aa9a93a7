"""`check --fix`: padding on both sides by all that a causal conv sees is put on one side."""

import pytest

from tests.fix.repairs import first, offered, told

TCN = """\
input: 64x4
blocks:
  block:
    args: {c: , d: 1}
    layers:
      - add:
          branches:
            body:
              - conv: {filters: =c, kernel: 3, dilation: =d, pad: [=2*d, 0]}
              - relu
              - conv: {filters: =c, kernel: 3, dilation: =d, pad: [=2*d, 0]}
            skip:
              - conv: {filters: =c, kernel: 1}
                when: =in_channels != c
layers:
  - block: {c: 8}
  - block: {c: 8, d: 2}
"""
PLAIN = """\
input: 64x4
layers:
  - {conv1-8: , name: x}
  - conv: {filters: 8, kernel: 5, pad: 4}
  - {relu: , name: y}
  - {add: , from: [x, y]}
"""


@pytest.mark.parametrize("times", [1, 2])
def test_each_conv_of_a_causal_net_is_padded_before_alone(times: int) -> None:
    assert first(TCN.replace("[=2*d, 0]", "=2*d", times)) == TCN


def test_beside_a_causal_conv_a_number_is_put_on_one_side() -> None:
    spec = PLAIN.replace("pad: 4}\n", "pad: 4}\n  - conv: {filters: 8, kernel: 5, pad: [4, 0]}\n")
    assert first(spec) == spec.replace("pad: 4", "pad: [4, 0]")


def test_else_half_of_the_window_comes_first() -> None:
    one, *others = map(told, offered(PLAIN))
    assert one == [("conv1", "pad", "2")]
    assert [("conv1", "pad", "[4, 0]")] in others


def test_an_image_has_no_direction() -> None:
    spec = PLAIN.replace("64x4", "64x64x4")
    assert all("4, 0]" not in offer.text for offer in offered(spec))
