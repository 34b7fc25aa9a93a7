"""`check --fix`: branches of another size because a window is padded by other than its half."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered, told


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
    assert helps[-1].startswith("try half of the window as padding of ")


@pytest.mark.parametrize(
    ("layer", "repaired"),
    [
        ("conv3-32p2", "conv3-32p1"),
        ("conv1-32p1", "conv1-32p0"),
        ("{conv: {filters: 32, kernel: 3, pad: 2}}", "{conv: {filters: 32, kernel: 3, pad: 1}}"),
        ("{depthwise_conv: {kernel: 5, pad: 4}}", "{depthwise_conv: {kernel: 5, pad: 2}}"),
    ],
)
def test_a_window_with_more_than_its_half_gets_that(layer: str, repaired: str) -> None:
    """A border more than the others have is a wrong number, not something to crop."""
    best = offered(inception(layer))[0]
    assert (best.text, best.errors) == (inception(repaired), ())
    (help,) = [f.help for f in load("net.yaml", inception(layer).encode()).findings]
    assert help[-1].startswith("try half of the window as padding of ")


def test_a_pad_that_is_too_large_is_repaired_beside_an_identity() -> None:
    spec = "input: 8x8x4\nlayers:\n  - add: {branches: [[conv3-4p2, relu], identity]}\n"
    assert offered(spec)[0].text == spec.replace("conv3-4p2", "conv3-4p1")
