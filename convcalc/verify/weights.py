"""Which arrays a run needs, under which names, and in which order their numbers are read."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.layers.base import Layer
from convcalc.layers.bases import KeepsShape
from convcalc.layers.ops import Learned
from convcalc.layers.traits import Family
from convcalc.network.record import Network
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
            along = step.kind == "fc" or _keeps_order(step.layer)
            given = order if runs_over and along and learned.name != _BIAS.get(step.kind) else ()
            found.append(Wanted(index, f"{step.name}.{learned.name}", learned, given))
    return found


#: The array of a kind that runs over its outputs, not its inputs.
_BIAS = {"fc": "bias"}


def flattened(network: Network) -> list[tuple[Shape, ...]]:
    """For each step that makes a vector the volumes it was flattened from; () for all others.

    Volumes lie channels last here and channels first in PyTorch and ONNX, so a flattened vector
    has its numbers in another order, and weights that run over it have to follow. `reshape` is
    written for both with the channels moved last first: its numbers are in one order everywhere.
    """
    found: list[tuple[Shape, ...]] = []
    for step in network.steps:
        output = step.output or ()
        sources = [found[i] or (network.steps[i].output or (),) for i in step.inputs]
        if len(output) != 1 or not sources:
            found.append(())
        elif step.kind == "flatten" or (step.kind == "reshape" and found[step.inputs[0]]):
            found.append(sources[0])
        elif step.kind == "reshape":
            found.append(())
        elif step.kind == "concat":
            found.append(tuple(shape for source in sources for shape in source))
        elif _keeps_order(step.layer):
            found.append(sources[0] if sum(map(_count, sources[0])) == output[0] else ())
        else:
            found.append(())
    return found


def _keeps_order(layer: Layer | None) -> bool:
    """Whether the numbers of a vector stay where they are: norms, activations, sums."""
    if layer is None:
        return False
    keeps = isinstance(layer, KeepsShape) or layer.family in {Family.NORM, Family.SCALE}
    return keeps or layer.needs_several


def _count(shape: Shape) -> int:
    from convcalc.shapes import elements

    return elements(shape)
