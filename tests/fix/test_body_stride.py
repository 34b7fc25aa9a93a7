"""A stride that is forgotten in the body of a residual block: it goes into a conv of the body."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

TWO = "input: 32x32x16\nrounding: floor\nlayers:\n  - add:\n      branches:\n"
BLOCK = """\
input: 32x32x16
rounding: floor
blocks:
  basic:
    args: {{c: , s: 1}}
    layers:
      - add:
          branches:
            body: [{body}, batch_norm, relu, conv: {{filters: =c, kernel: 3, pad: 1}}]
            skip: [conv: {{filters: =c, kernel: 1, stride: =s}}]
layers: [basic: 16, basic: [32, 2], basic: 32, basic: [64, 2]]
"""


@pytest.mark.parametrize(
    ("body", "skip", "before", "after"),
    [
        ("[conv3-32, relu, conv3-32]", "[conv1-32s2]", "[conv3-32,", "[conv3-32s2,"),
        ("[conv1-8, conv3-8, conv1-32]", "[conv1-32s2]", "conv3-8,", "conv3-8s2,"),
        ("[conv3-8, conv1-32]", "[pool2, conv1-32]", "conv3-8,", "conv3-8s2,"),
        (
            "[{depthwise_conv: {kernel: 3, pad: 1}}, conv1-32]",
            "[conv: {filters: 32, kernel: 1, stride: 2}]",
            "kernel: 3, pad: 1",
            "kernel: 3, pad: 1, stride: 2",
        ),
    ],
)
def test_the_body_gets_the_step_first(body: str, skip: str, before: str, after: str) -> None:
    spec = f"{TWO}        body: {body}\n        skip: {skip}\n"
    assert faults(spec) == ["CC107"] and spec.count(before) == 1
    assert first(spec) == spec.replace(before, after)
    assert all("conv1-32s2, conv1-32s2" not in offer.text for offer in offered(spec))


def test_a_bottleneck_may_have_it_in_its_first_conv_too() -> None:
    spec = f"{TWO}        body: [conv1-8, conv3-8, conv1-32]\n        skip: [conv1-32s2]\n"
    assert [told(offer) for offer in offered(spec)[:2]] == [
        [("conv2", "stride", "2")],
        [("conv1", "stride", "2")],
    ]


@pytest.mark.parametrize("body", ["conv: {filters: =c, kernel: 3, pad: 1}", "conv3-64"])
def test_a_block_gets_the_argument_of_its_shortcut(body: str) -> None:
    spec = BLOCK.format(body=body)
    spec = spec if "=c" in body else spec.replace("=c", "64")
    best = offered(spec)[0]
    assert "stride: =s}" in best.text.partition("batch_norm")[0] and faults(best.text) == []
    assert [option for _, option, _ in told(best)] == ["stride"] and best.reach == 0


def test_the_help_names_the_conv() -> None:
    spec = f"{TWO}        body: [conv3-32, relu, conv3-32]\n        skip: [conv1-32s2]\n"
    (found,) = (f for f in load("net.yaml", spec.encode()).findings if f.code == "CC107")
    assert found.help == ("body: `stride: 2` of conv1 (16x16)",)
