"""`check --fix`: branches that are too small because a window is padded by less than its half."""

import pytest

from convcalc.spec.load import load
from tests.repairs import offered, told


def inception(layer: str) -> str:
    branches = f"        a: [conv1-64]\n        b: [{layer}]\n"
    return f"input: 28x28x192\nlayers:\n  - concat:\n      branches:\n{branches}"


@pytest.mark.parametrize(
    ("layer", "repaired"),
    [
        ("conv5-32p1", "conv5-32p2"),
        ("conv5-32p0", "conv5-32p2"),
        ("conv7-32p2", "conv7-32p3"),
        ("{depthwise_conv: {kernel: 3}}", "{depthwise_conv: {kernel: 3, pad: 1}}"),
        ("{depthwise_conv: {kernel: 5, pad: 1}}", "{depthwise_conv: {kernel: 5, pad: 2}}"),
    ],
)
def test_half_of_the_window_is_offered_first(layer: str, repaired: str) -> None:
    best = offered(inception(layer))[0]
    assert [option for _, option, _ in told(best)] == ["pad"]
    assert (best.text, best.errors) == (inception(repaired), ())
    helps = [line for f in load("net.yaml", inception(layer).encode()).findings for line in f.help]
    assert helps[-1].startswith("`check --fix` tries half of the window as padding of ")


def test_a_window_with_more_than_its_half_is_left_to_other_repairs() -> None:
    helps = [f.help for f in load("net.yaml", inception("conv3-32p2").encode()).findings]
    assert helps == [("b: conv2 outputs 30x30, 28x28 expected",)]
