"""A smaller input for a large net: the same layers run, in a second instead of a minute."""

from collections.abc import Callable, Mapping

from convcalc.analysis.record import Analysis
from convcalc.network.record import INPUT
from convcalc.shapes import Shape
from convcalc.sizes.resize import Resizer

#: Multiply-accumulates of one image that a reduced run should not exceed.
MOST = 500_000_000


def reduced(analysis: Analysis, sized: Callable[[Mapping[int, Shape]], Analysis]) -> Analysis:
    """The analysis at the largest legal input whose MACs are few enough; itself if they are.

    MACs go with the square of the side, so the search starts there and steps down, then up: nets
    differ in which sizes are exact. Several inputs shrink alike. `sized` analyzes the net with
    other inputs, which are numbered among its steps: it is asked only about those that the layers
    of a net with one take, for a net may refuse hundreds in a row.
    """
    macs, steps = analysis.totals.macs or 0, analysis.network.steps
    inputs = {i: step.output or () for i, step in enumerate(steps) if step.kind == INPUT}
    volumes = {i: shape for i, shape in inputs.items() if len(shape) > 1}
    if macs <= MOST or not volumes:
        return analysis
    shape = max(volumes.values(), key=lambda shape: min(shape[:-1]))
    side = min(shape[:-1])
    start = max(int(side * (MOST / macs) ** (1 / (len(shape) - 1))), 1)
    resizer = Resizer(analysis.network, min(volumes))
    for size in (*range(start, 0, -1), *range(start + 1, side)):
        smaller = {
            i: (*(max(length * size // side, 1) for length in own[:-1]), own[-1])
            for i, own in volumes.items()
        }
        if len(volumes) == 1 and not resizer.judge(smaller[min(volumes)][:-1]).accepted:
            continue
        found = sized(smaller)
        if not found.broken:
            return found
    return analysis
