"""The stride that the encoder of a pyramid lacks: a branch is enlarged that had not gone down.

Feature pyramids (Lin et al. 2017, section 3) and U-Nets enlarge each level by the step that leads
to it; without that step the level above is met at twice its size. Imported only where branches do
not match.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.option import Value
from convcalc.layers.pool import Pool
from convcalc.layers.shuffle import PixelShuffle
from convcalc.layers.upsample import Upsample
from convcalc.network.doubling import sized
from convcalc.network.mismatches import IN_THIS_CALL
from convcalc.network.record import Branch, Step
from convcalc.shapes import Shape, written

_CONVS = (Conv, DepthwiseConv)
_ENLARGING = (ConvTranspose, PixelShuffle, Upsample)
_TRIED = 8  #: convs of a branch
_MOST = 16_000  #: layers that are sized for them, over all

#: which layers have one stride, given once
Together = Callable[[int], Collection[int]]


class Unstepped(NamedTuple):
    """A branch that is enlarged and had not gone down."""

    branch: int
    """Its place among the two."""
    stride: int
    convs: tuple[int, ...]
    """Those that may have the stride, the likeliest first."""
    pooled: int | None
    """The conv that a pool before it leads to, where the net steps down by pools alone."""
    wanted: Shape
    """The size of the other branch."""


def enlarges(steps: Sequence[Step], end: int) -> int | None:
    """The layer that has just enlarged a volume; behind it nothing changes the size."""
    size = _size(steps[end])
    while len(steps[end].inputs) == 1 and _size(steps[end]) == size:
        if isinstance(steps[end].layer, _ENLARGING):
            return end if _size(steps[steps[end].inputs[0]]) != size else None
        (end,) = steps[end].inputs
    return None


def unstepped(
    steps: Sequence[Step],
    ends: Sequence[int],
    own: Sequence[Collection[int]],
    roundings: Roundings,
    together: Together | None = None,
) -> Unstepped | None:
    """The convs of the larger branch of two with whose stride it fits the other one.

    The enlarging layer at its end has the very factor by which the branch is too large. A conv
    that makes other channels comes first: at a new level there are more of them.
    """
    if len(ends) != 2 or len(own) != 2 or sum(map(len, own)) * _TRIED > _MOST:
        return None
    large = int(_size(steps[ends[1]]) > _size(steps[ends[0]]))
    size, wanted = _size(steps[ends[large]]), _size(steps[ends[1 - large]])
    up = enlarges(steps, ends[large])
    if up is None or up not in own[large] or not wanted or len(size) != len(wanted):
        return None
    shapes = zip(size, _size(steps[steps[up].inputs[0]]), wanted, strict=True)
    stride = size[0] // wanted[0]
    if stride < 2 or any(a != stride * b or a != stride * c for a, b, c in shapes):
        return None
    alone = together or (lambda at: _copies(steps, at, own[large]))
    inside = sorted(filter(up.__gt__, own[large]))
    convs = [at for at in inside if _is_stepless(steps[at])]

    def fits(at: int, **options: Value) -> bool:
        instead = {
            one: layer.replace(stride=(stride,), **options)
            for one in alone(at)
            if isinstance(layer := steps[one].layer, _CONVS)
        }
        made = sized(steps, {*own[large]}, {}, instead, roundings)
        return made is not None and (made.get(ends[large]) or ())[:-1] == wanted

    likely = sorted(convs, key=lambda at: (not _deepens(steps, at), at))[:_TRIED]
    found = tuple(filter(fits, likely))
    pools = bool(convs) and pool_of(steps, stride) is not None and fits(convs[0], pad="same")
    if not found and not pools:
        return None
    return Unstepped(large, stride, found, convs[0] if pools else None, wanted)


def pool_of(steps: Sequence[Step], stride: int) -> Step | None:
    """The last pool of a net whose layers step down by pools of one stride alone, but the first."""
    found: Step | None = None
    for step in steps:
        layer = step.layer
        if isinstance(layer, Pool) and {*layer.steps} == {*layer.kernel} == {stride}:
            found = step
        elif isinstance(layer, _CONVS) and max(layer.steps) > 1 and 0 not in step.inputs:
            return None
    return found


def help(
    steps: Sequence[Step],
    branches: Sequence[Branch],
    own: Sequence[Collection[int]],
    roundings: Roundings,
) -> tuple[str, ...]:
    """The same in a line; () where nothing does."""
    found = unstepped(steps, [branch.end for branch in branches], own, roundings)
    if found is None:
        return ()
    name, size = branches[found.branch].name, written(found.wanted)
    pool = pool_of(steps, found.stride)
    if found.pooled is not None and pool is not None:
        conv = steps[found.pooled]
        before = conv.units[0] if conv.units else conv.name
        layer = f"{pool.kind}: {{kernel: {found.stride}}}"
        return (f"{name}: `{layer}` before {before} ({size})",)
    conv = steps[found.convs[0]]
    how = IN_THIS_CALL if conv.place.calls else ""
    return (f"{name}: `stride: {found.stride}` of {conv.name} ({size}){how}",)


def _copies(steps: Sequence[Step], at: int, own: Collection[int]) -> list[int]:
    """A layer with the others of its branch that one entry makes."""
    place = steps[at].place
    if place.kind is None:
        return [at]
    return [one for one in own if steps[one].place.kind is place.kind
            and steps[one].place.calls == place.calls]  # fmt: skip


def _is_stepless(step: Step) -> bool:
    """Whether a layer is a conv in single steps that is larger than 1x1."""
    layer = step.layer
    return isinstance(layer, _CONVS) and {*layer.steps} == {1} != {*layer.kernel}


def _deepens(steps: Sequence[Step], at: int) -> bool:
    """Whether a layer makes other channels than it reads."""
    return (steps[steps[at].inputs[0]].output or ())[-1:] != (steps[at].output or ())[-1:]


def _size(step: Step) -> Shape:
    return (step.output or ())[:-1]
