"""The one pool or conv of an encoder that steps unlike all the others."""

import pytest

from tests.fix.repairs import DECODER, faults, first, offered, told

UNET = (
    """rounding: floor
input: 64x64x3
blocks:
"""
    + DECODER
    + """\
layers:
  - {conv3-8: , name: d1}
  - DOWN
  - {conv3-8: , name: d2}
  - pool2
  - conv3-8
  - up: [8, d2]
  - up: [8, d1]
"""
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("pool4", "pool2"),
        ("max_pool: {kernel: 4, stride: 4}", "max_pool: {kernel: 2, stride: 2}"),
        ("max_pool: {kernel: 3, pad: 1, stride: 4}", "max_pool: {kernel: 3, pad: 1, stride: 2}"),
        (
            "conv: {filters: 8, kernel: 3, pad: 1, stride: 4}",
            "conv: {filters: 8, kernel: 3, pad: 1, stride: 2}",
        ),
    ],
)
def test_it_steps_as_the_others_do(wrong: str, right: str) -> None:
    spec = UNET.replace("DOWN", wrong)
    repaired = first(spec)
    assert repaired == UNET.replace("DOWN", right)
    assert faults(repaired) == []
    assert offered(spec)[0].reach == 0


def test_the_last_of_an_encoder() -> None:
    spec = UNET.replace("DOWN", "pool2").replace("- pool2\n  - conv3-8", "- pool4\n  - conv3-8")
    assert told(offered(spec)[0])[0][0] == "max_pool2"
    assert first(spec) == UNET.replace("DOWN", "pool2")


def test_two_pools_alike_are_not_changed() -> None:
    spec = UNET.replace("DOWN", "pool4").replace("- pool2", "- pool4")
    assert not any("pool" in name for offer in offered(spec) for name, _, _ in told(offer))
