"""`verify --gradients`: the backward passes of conv and max pool, tried on small volumes.

Each kind of layer is tried once, with its own options, on a few of its channels.
"""

from typing import TypeGuard

from convcalc.analysis.record import Analysis
from convcalc.backend.differences import conv_error, conv_room, pool_error
from convcalc.layers.base import Layer, SizeFinding
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.pool import MaxPool
from convcalc.shapes import Shape
from convcalc.verify.checks import Shortage
from convcalc.verify.plan import Plan
from convcalc.verify.record import Gradient
from convcalc.verify.room import available_bytes

_CHANNELS = 16  #: of a group, no more than these take part
_GROUPS = 2


def has_gradients(analysis: Analysis, run: Plan) -> bool:
    """Whether a run has a layer whose backward pass is tried."""
    return any(_tried(analysis.network.steps[index].layer) for index in run.steps)


def _tried(layer: Layer | None) -> TypeGuard[Conv | DepthwiseConv | MaxPool]:
    tried = isinstance(layer, Conv | DepthwiseConv | MaxPool)
    return tried and not isinstance(layer, ConvTranspose)


def gradients(analysis: Analysis, run: Plan, seed: int) -> tuple[Gradient, ...]:
    """One entry for every distinct conv, depthwise conv and max pool of a run."""
    roundings = analysis.network.roundings
    tried: dict[tuple[Layer, Shape], Gradient] = {}
    for index in run.steps:
        step, row = analysis.network.steps[index], analysis.rows[index]
        layer = step.layer
        if not _tried(layer):
            continue
        shape, groups = _small(layer, row.inputs[0])
        if (layer, shape) in tried:
            continue
        sliding = layer.sliding(roundings)
        if isinstance(layer, MaxPool):
            error = pool_error((2, *shape), sliding, seed)
        else:
            error = conv_error((2, *shape), sliding, groups, seed)
        tried[layer, shape] = Gradient(step.name, step.kind, error)
    return tuple(tried.values())


def gradient_shortage(analysis: Analysis, run: Plan) -> Shortage | None:
    """What the backward passes lack, asked before anything is allocated; None where they fit."""
    free, roundings = available_bytes(), analysis.network.roundings
    for index in run.steps if free is not None else ():
        step, row = analysis.network.steps[index], analysis.rows[index]
        if not _tried(step.layer) or isinstance(step.layer, MaxPool):
            continue
        shape, groups = _small(step.layer, row.inputs[0])
        needs = conv_room((2, *shape), step.layer.sliding(roundings), groups)
        if free is not None and needs > free:
            return Shortage(needs, 0, free, layer=f"{step.name}'s gradient", workspace=needs)
    return None


def _small(layer: Conv | DepthwiseConv | MaxPool, shape: Shape) -> tuple[Shape, int]:
    """A volume large enough for a few windows, with few channels, and its groups."""
    *spatial, channels = shape
    plan = layer.geometry(tuple(spatial))
    assert not isinstance(plan, SizeFinding), "a sized layer has a geometry"
    sizes = (
        min(size, dilation * (kernel - 1) + 1 + 3 * stride)
        for size, kernel, stride, dilation in zip(
            spatial, plan.kernel, plan.stride, plan.dilation, strict=True
        )
    )
    groups = 1
    if isinstance(layer, DepthwiseConv):
        groups = channels
    elif isinstance(layer, Conv):
        groups = layer.groups
    few = min(groups, _GROUPS)
    return (*sizes, few * min(channels // groups, _CHANNELS)), few
