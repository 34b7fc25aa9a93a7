"""The conv of a residual body that lacks the stride of its shortcut.

Imported only where branches do not match.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.network.mismatches import IN_THIS_CALL
from convcalc.network.record import Branch, Step
from convcalc.shapes import Shape, written

_CONVS = (Conv, DepthwiseConv)


class Unstepped(NamedTuple):
    """A body without the step of its shortcut."""

    body: int
    """Its place among the two branches."""
    stride: int
    convs: tuple[Step, ...]
    """Those that may have the stride, the likeliest first."""
    wanted: Shape
    """What the shortcut gives."""


def unstepped(
    steps: Sequence[Step],
    ends: Sequence[int],
    own: Sequence[Iterable[int]],
    fork: int,
    roundings: Roundings,
) -> Unstepped | None:
    """The convs of a body that stays as large as its input, beside a shortcut that steps.

    The first conv that is larger than 1x1, as torchvision has it, or the first of all, as He et al.
    2015 have it in bottlenecks: that keeps all weights.

    Args:
        steps: the layers of the net.
        ends: the ends of the two branches of an add.
        own: the layers of each.
        fork: where they split.
        roundings: those of the net.
    """
    size = (steps[fork].output or ())[:-1]
    branches = [[steps[at] for at in sorted(past)] for past in own]
    for body in (0, 1) if len(branches) == len(ends) == 2 else ():
        wanted = steps[ends[1 - body]].output or ()
        if wanted[:-1] == size or len(wanted) != len(size) + 1:
            continue
        if not _keep(steps, branches[body], size) or not projects(branches[1 - body]):
            continue
        factors = {-(-a // b) for a, b in zip(size, wanted[:-1], strict=True)}
        convs = [one for one in branches[body] if isinstance(one.layer, _CONVS)]
        large = [one for one in convs if set(getattr(one.layer, "kernel", ())) != {1}]
        likely = {id(one): one for one in (*large[:1], *convs[:1])}.values() if large else ()
        stride = max(factors)
        found = [one for one in likely if _makes(steps, one, stride, wanted[:-1], roundings)]
        if len(factors) == 1 and found:
            return Unstepped(body, stride, tuple(found), wanted)
    return None


def help(
    steps: Sequence[Step],
    branches: Sequence[Branch],
    own: Sequence[Iterable[int]],
    fork: int,
    roundings: Roundings,
) -> tuple[str, ...]:
    """The same in a line; () where nothing does."""
    found = unstepped(steps, [branch.end for branch in branches], own, fork, roundings)
    if found is None:
        return ()
    conv, name = found.convs[0], branches[found.body].name
    how = IN_THIS_CALL if conv.place.calls else ""
    size = written(found.wanted[:-1])
    return (f"{name}: `stride: {found.stride}` of {conv.name} ({size}){how}",)


def _keep(steps: Sequence[Step], inside: Sequence[Step], size: Shape) -> bool:
    """Whether all layers of a branch have one size, that of what they read."""
    read = (steps[at] for step in inside for at in step.inputs)
    return all((step.output or ())[:-1] == size for step in chain(inside, read))


def projects(beside: Sequence[Step]) -> bool:
    """Whether a branch is a shortcut: a 1x1 conv, perhaps a pool before it, and no other window."""
    windows = [step.layer for step in beside if isinstance(step.layer, Windowed)]
    convs = [one for one in windows if not isinstance(one, Pool)]
    return len(convs) == 1 and isinstance(convs[0], Conv) and set(convs[0].kernel) == {1}


def _makes(
    steps: Sequence[Step], step: Step, stride: int, wanted: Shape, roundings: Roundings
) -> bool:
    """Whether a conv in single steps makes a size with a stride."""
    layer, shape = step.layer, steps[step.inputs[0]].output
    if not isinstance(layer, _CONVS) or set(layer.steps) != {1} or shape is None:
        return False
    size = layer.replace(stride=(stride,)).sizing((shape,), roundings).accepted
    return size is not None and size[:-1] == wanted
