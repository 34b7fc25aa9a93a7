"""Which arrays a run needs, under which names, and in which order their numbers are read."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.layers.ops import Learned
from convcalc.network.vector_order import flattened, weights_follow
from convcalc.shapes import Shape
from convcalc.verify.plan import Plan

#: What a state_dict carries that no forward pass needs.
IGNORED = ("num_batches_tracked",)


class Wanted(NamedTuple):
    """One array of one layer."""

    step: int
    key: str
    """Its name in a state_dict: ``conv1.weight``."""
    learned: Learned
    flattened: tuple[Shape, ...] = ()
    """The volumes, one after the other, whose numbers its last axis runs over."""


def wanted(analysis: Analysis, run: Plan) -> list[Wanted]:
    """All arrays of a run in order; shared ones once, under their owner's name."""
    orders = flattened(analysis.network)
    found = []
    for index in dict.fromkeys(run.owners.values()):
        step, row = analysis.network.steps[index], analysis.rows[index]
        assert step.layer is not None and step.output is not None, "only sized nets run"
        order = orders[step.inputs[0]]
        for learned in step.layer.arrays(row.inputs, step.output):
            numbers = sum(map(_count, order))
            runs_over = bool(order) and learned.shape[-1] == numbers
            along = weights_follow(step.layer)
            given = order if runs_over and along and learned.name != _BIAS.get(step.kind) else ()
            found.append(Wanted(index, f"{step.name}.{learned.name}", learned, given))
    return found


#: The array of a kind that runs over its outputs, not its inputs.
_BIAS = {"fc": "bias"}


def _count(shape: Shape) -> int:
    from convcalc.shapes import elements

    return elements(shape)
