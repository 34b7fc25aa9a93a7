"""An `add` whose one branch has a stride: a projection, or no shortcut as in MobileNetV2."""

import pytest

from convcalc.spec.load import load

_INVERTED = """\
input: 56x56x16
blocks:
  bneck:
    args: {s: 1}
    layers:
      - add:
          branches:
            - - conv: {filters: 64, kernel: 1, bias: false}
              - LAYER
              - conv: {filters: 16, kernel: 1, bias: false}
            - []
layers:
  - bneck
  - bneck: {s: 2}
"""


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("depthwise_conv: {kernel: 3, stride: =s, pad: same}", True),
        ("conv: {filters: 64, kernel: 3, stride: =s, pad: same}", False),
    ],
)
def test_the_shortcut_may_be_left_out_where_the_conv_is_depthwise(layer: str, said: bool) -> None:
    text = _INVERTED.replace("LAYER", layer)
    (finding,) = load("a.yaml", text.encode()).findings
    assert finding.code == "CC107"
    assert "in place of the identity (28x28x16)" in finding.help[0]
    dropped = [line for line in finding.help if "MobileNetV2" in line and "without `add`" in line]
    assert bool(dropped) is said
