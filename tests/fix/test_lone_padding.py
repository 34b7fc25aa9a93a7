"""Padding that one conv of a file lacks, where the others have half of their window."""

import pytest

from tests.fix.repairs import faults, first, offered, told

UNET = """input: 64x64x3
blocks:
  double:
    args: {c: }
    layers:
      - conv: {filters: =c, kernel: 3, pad: 1, bias: false}
      - relu
      - conv: {filters: =c, kernel: 5, pad: 2, bias: false}
  up:
    args: {c: , skip: }
    layers:
      - {conv_transpose: {filters: =c, kernel: 2, stride: 2}, name: t}
      - {concat: , from: [=skip, t]}
      - double: =c
layers:
  - {double: 8, name: d1}
  - pool2
  - {double: 16, name: d2}
  - pool2
  - {double: 16, name: d3}
  - pool2
  - double: 32
  - up: [16, d3]
  - up: [16, d2]
  - up: [8, d1]
"""


@pytest.mark.parametrize("top", ["", "rounding: floor\n"])
@pytest.mark.parametrize(("pad", "half"), [(", pad: 1", "1"), (", pad: 2", "2")])
def test_one_conv_of_a_unets_block(top: str, pad: str, half: str) -> None:
    best = offered(top + UNET.replace(pad, ""))[0]
    assert [(option, after) for _, option, after in told(best)] == [("pad", half)]
    assert faults(best.text) == [] and best.reach == 0
    assert first(top + UNET.replace(pad, ", pad: 0")) == top + UNET


def test_the_size_of_its_calls_is_told() -> None:
    (change,) = offered(UNET.replace(", pad: 1", ""))[0].changes
    assert change.effect.startswith("d1.conv1 makes 64x64x8, d2.conv1 makes 32x32x16")


STACK = "input: 32x32x3\nlayers:\n  - conv3-8\n  - pool2\n  - {conv}\n  - pool2\n  - pool2\n"


def test_one_conv_of_a_stack() -> None:
    spec = STACK.replace("{conv}", "conv: {filters: 8, kernel: 3}")
    assert told(offered(spec)[0]) == [("conv2", "pad", "1")]
    assert faults(first(spec)) == []


@pytest.mark.parametrize(
    "layers",
    [
        ["conv: {filters: 8, kernel: 3}", "conv: {filters: 8, kernel: 3}"],  # on purpose
        ["conv: {filters: 8, kernel: 3}", "pool2", "conv: {filters: 8, kernel: 5}", "conv3-8"],
        ["conv: {filters: 8, kernel: 2}", "conv3-8"],  # no half
    ],
)
def test_others_are_not_padded(layers: list[str]) -> None:
    spec = "input: 32x32x3\nlayers:\n  - " + "\n  - ".join([*layers, "pool2", "pool2", "pool2"])
    assert faults(spec)[:1] == ["CC101"]
    pads = [name for offer in offered(f"{spec}\n") for name, option, _ in told(offer)
            if option == "pad" and name.startswith("conv")]  # fmt: skip
    assert pads == []
