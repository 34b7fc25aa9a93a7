"""`check --fix`: of two strides in a branch, where the others step once, one goes."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

BOTTLENECK = """\
input: 32x32x16
rounding: floor
blocks:
  bottleneck:
    args: {mid: , stride: 1}
    layers:
      - add:
          branches:
            body:
              - conv: {filters: =mid, kernel: 1}
              - conv: {filters: =mid, kernel: 3, stride: =stride, pad: 1}
              - conv: {filters: =4*mid, kernel: 1}
            skip:
              - conv: {filters: =4*mid, kernel: 1, stride: =stride}
                when: =stride != 1 or in_channels != 4*mid
layers:
  - bottleneck: {mid: 4}
  - bottleneck: {mid: 8, stride: 2}
  - bottleneck: {mid: 8}
"""
BASIC = """\
input: 32x32x16
rounding: floor
layers:
  - add:
      branches:
        body: [conv3-32s2, relu, conv3-32]
        skip: [conv1-32s2]
"""
REDUCTION = """\
input: 35x35x16
rounding: floor
layers:
  - concat:
      branches:
        - [max_pool: {kernel: 3, stride: 2}]
        - [conv1-8, conv3-16, conv: {filters: 16, kernel: 3, stride: 2}]
"""
SLIPS = [
    (BOTTLENECK, "=mid, kernel: 1}", "=mid, kernel: 1, stride: =stride}", "stride: =stride"),
    (BASIC, "relu, conv3-32]", "relu, conv3-32s2]", "s2"),
    (REDUCTION, "conv1-8", "conv1-8s2", "s2"),
]


@pytest.mark.parametrize(("spec", "right", "slip", "stride"), SLIPS)
def test_the_stride_that_is_too_many_becomes_1(
    spec: str, right: str, slip: str, stride: str
) -> None:
    single = slip.replace(stride, "stride: 1" if ":" in stride else "s1")
    assert first(spec.replace(right, slip)) == spec.replace(right, single)


def test_no_projection_comes_behind_one_that_is_there() -> None:
    spec = BASIC.replace(
        "relu, conv3-32]", "relu, conv: {filters: 32, kernel: 3, stride: 3, pad: 1}]"
    )
    texts = [offer.text for offer in offered(spec)]
    assert texts and all(text.count("conv1-32") == 1 for text in texts)


def test_the_help_names_it() -> None:
    spec = BASIC.replace("relu, conv3-32]", "relu, conv3-32s2]")
    (fault,) = [f for f in load("net.yaml", spec.encode()).findings if f.code == "CC107"]
    assert fault.help[0] == "body: `stride: 1` of conv2 (16x16)"
