"""A smaller input for `verify --reduced`."""

from collections.abc import Mapping

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.shapes import Shape
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.verify.reduce import reduced


@pytest.mark.parametrize(
    ("name", "taken"),
    # googlenet refuses the first size that is tried, the 124 below it and the 97 above it
    [("googlenet", (223, 223, 3)), ("vgg16", (32, 32, 3)), ("lenet5", (32, 32, 1))],
)
def test_a_net_is_analyzed_only_at_a_size_that_its_layers_take(name: str, taken: Shape) -> None:
    asked: list[Shape] = []

    def sized(shapes: Mapping[int, Shape]) -> Analysis:
        (shape,) = shapes.values()
        asked.append(shape)
        return analyze(load(name, zoo.read(name), Overrides(input=shape)))

    whole = analyze(load(name, zoo.read(name)))
    found = reduced(whole, sized)
    assert found.network.steps[0].output == taken and not found.broken
    assert asked == ([] if found is whole else [taken])
