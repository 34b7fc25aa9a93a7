"""How far random weights let the numbers of a net grow.

He's scale is for a relu behind every layer: without one the numbers are sqrt(2) times as large
behind each, and overflow float32 behind 256 layers; sums of blocks without norms grow as well. An
estimate of how large they are says which layers need smaller weights.
"""

from collections.abc import Mapping, Sequence
from math import prod, sqrt

from convcalc.analysis.record import Analysis
from convcalc.layers.base import Layer
from convcalc.layers.traits import Family
from convcalc.verify.plan import Plan

#: The root mean square up to which numbers are left as they are: float16 ends at 65,504.
_LARGEST = 64.0


def factors(analysis: Analysis, run: Plan, gains: Mapping[int, float]) -> dict[int, float]:
    """What the weights of layers behind large numbers are multiplied by, step by step.

    Args:
        analysis: of the net.
        run: the layers that run, on pictures of standard deviation 1.
        gains: how much larger the weights of a step make its numbers, for every owner of some.
    """
    found: dict[int, float] = {}
    sizes = dict.fromkeys(run.given, 1.0)
    for index in run.steps:
        step = analysis.network.steps[index]
        owner = run.owners[index]
        arriving = [sizes[source] for source in step.inputs]
        size = max(arriving) if step.layer is None else _behind(step.layer, arriving)
        if step.layer is not None and step.layer.family is Family.NORM:
            own = analysis.rows[index].parameters
            if own is None or not own.buffers:  # running statistics are those of other pictures
                size = min(size, 1.0)
        size *= gains.get(owner, 1.0) * found.get(owner, 1.0)
        if owner == index and index in gains and size > _LARGEST:
            found[index], size = 1 / size, 1.0
        sizes[index] = size
    return found


def _behind(layer: Layer, arriving: Sequence[float]) -> float:
    """About how large the numbers of an output are, where weights are about 1."""
    if layer.merges and layer.commutes:  # a sum, or a product
        return max(sum(arriving), prod(arriving))
    largest = max(arriving)
    if layer.is_rectifier:
        return largest / sqrt(2)
    return min(largest, 1.0) if layer.family is Family.ACTIVATION else largest
