"""A smaller input for a large net: the same layers run, in a second instead of a minute."""

from collections.abc import Callable

from convcalc.analysis.record import Analysis
from convcalc.shapes import Shape
from convcalc.sizes.resize import Resizer

#: Multiply-accumulates of one image that a reduced run should not exceed.
MOST = 500_000_000


def reduced(analysis: Analysis, sized: Callable[[Shape], Analysis]) -> Analysis:
    """The analysis at the largest legal input whose MACs are few enough; itself if they are.

    MACs go with the square of the side, so the search starts there and steps down, then up: nets
    differ in which sizes are exact. `sized` analyzes the net at another input: it is asked only
    about those that the layers take, for a net may refuse hundreds in a row.
    """
    macs, shape = analysis.totals.macs or 0, analysis.network.steps[0].output
    if macs <= MOST or shape is None or len(shape) < 2:
        return analysis
    side = min(shape[:-1])
    start = max(int(side * (MOST / macs) ** (1 / (len(shape) - 1))), 1)
    resizer = Resizer(analysis.network)
    for size in (*range(start, 0, -1), *range(start + 1, side)):
        smaller = tuple(max(length * size // side, 1) for length in shape[:-1])
        if not resizer.judge(smaller).accepted:
            continue
        found = sized((*smaller, shape[-1]))
        if not found.broken:
            return found
    return analysis
