"""The stride that one branch lacks where all others step down to the same size.

Reduction modules halve their branches so (Szegedy et al. 2015, section 5). Imported only where
branches do not match.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.network.mismatches import IN_THIS_CALL
from convcalc.network.record import Branch, Step
from convcalc.shapes import Shape, written

_STEPPING = (Conv, DepthwiseConv, Pool)
_MOST = 8  #: the largest stride that is looked for
_HALVED = 2  #: the stride of reductions: a pyramid pools by more
_BRANCHES = 200  #: of a merge


class Restrided(NamedTuple):
    """A layer of a branch with the stride that the branch lacks."""

    branch: int
    """Its place among the branches."""
    step: Step
    stride: int


class Reduction(NamedTuple):
    """What makes all branches of a merge as large as those that step down."""

    wanted: Shape
    lacking: tuple[Restrided, ...]
    certain: bool
    """Whether most branches have that size; else one of two lacks a step by 2."""


def reduction(
    steps: Sequence[Step],
    kind: str,
    ends: Sequence[int],
    own: Sequence[Iterable[int]],
    fork: int,
    roundings: Roundings,
) -> Reduction | None:
    """The strides that branches lack to be as small as the others; None where that is not plain.

    Args:
        steps: the layers of the net.
        kind: that of the merge.
        ends: the ends of its branches.
        own: the layers of each.
        fork: where they split.
        roundings: those of the net.
    """
    size = (steps[fork].output or ())[:-1]
    sizes = [(steps[end].output or ())[:-1] for end in ends]
    counts = Counter(sizes)
    if kind not in {"add", "concat"} or not 1 < len(ends) <= _BRANCHES or len(counts) != 2:
        return None
    if any(len(one) != len(size) for one in sizes):
        return None
    smaller = [one for one in counts if one != size and all(map(int.__le__, one, size))]
    for wanted in sorted(smaller, key=lambda one: -counts[one]):
        certain = 2 * counts[wanted] > len(sizes)
        stays = size in sizes or any(map(partial(_stays, steps), own))
        if not certain and not (stays and _are_short(steps, sizes, own, wanted)):
            continue
        found = [
            Restrided(place, *lacking)
            for place, one in enumerate(sizes)
            if one != wanted
            if (lacking := _lacking(steps, ends[place], own[place], wanted, roundings))
        ]
        if len(found) != len(sizes) - counts[wanted]:
            continue
        if certain or (len(found) == 1 and found[0].stride == _HALVED):
            return Reduction(wanted, tuple(found), certain)
    return None


def _stays(steps: Sequence[Step], branch: Iterable[int]) -> bool:
    """Whether a branch steps nowhere: it is as large as what it reads, but for borders."""
    for at in branch:
        step = steps[at]
        if isinstance(step.layer, Windowed):
            if max(step.layer.steps) > 1:
                return False
        elif not step.inputs or _size(steps[step.inputs[0]]) != _size(step):
            return False
    return True


def _size(step: Step) -> Shape:
    return (step.output or ())[:-1]


def _are_short(
    steps: Sequence[Step], sizes: Sequence[Shape], own: Sequence[Iterable[int]], wanted: Shape
) -> bool:
    """Whether nothing larger than 1x1 follows what steps: an encoder goes on, and up again."""
    for size, branch in zip(sizes, own, strict=True):
        stepped = False
        for at in sorted(branch) if size == wanted else ():
            layer = steps[at].layer
            if stepped and isinstance(layer, Windowed) and set(layer.kernel) != {1}:
                return False
            stepped |= isinstance(layer, Windowed) and max(layer.steps) > 1
    return True


def _lacking(
    steps: Sequence[Step], end: int, own: Iterable[int], wanted: Shape, roundings: Roundings
) -> tuple[Step, int] | None:
    """The layer of a branch that makes a size with another stride: its last, or the one that steps.

    Larger windows come before 1x1 convs, which would skip what they do not read.
    """
    at = (steps[end].output or ())[:-1]
    inside = [steps[place] for place in sorted(own, reverse=True)]
    if any(len(step.inputs) != 1 for step in inside):
        return None
    windows = [step for step in inside if isinstance(step.layer, _STEPPING)]
    strided = [step for step in windows if max(getattr(step.layer, "steps", (1,))) > 1]
    large = [step for step in windows if set(getattr(step.layer, "kernel", ())) != {1}]
    if len(strided) > 1:
        return None
    for step in strided or large or windows:
        if step.output is not None and step.output[:-1] == at:
            for stride in range(1, _MOST + 1):
                if makes(steps, step, stride, wanted, roundings):
                    return step, stride
    return None


def makes(
    steps: Sequence[Step], step: Step, stride: int, wanted: Shape, roundings: Roundings
) -> bool:
    """Whether a layer makes a size with another stride."""
    layer, shape = step.layer, steps[step.inputs[0]].output
    if not isinstance(layer, _STEPPING) or shape is None or set(layer.steps) == {stride}:
        return False
    size = layer.replace(stride=(stride,)).sizing((shape,), roundings).accepted
    return size is not None and size[:-1] == wanted


def help(
    steps: Sequence[Step],
    kind: str,
    branches: Sequence[Branch],
    own: Sequence[Iterable[int]],
    fork: int,
    roundings: Roundings,
) -> tuple[tuple[str, ...], bool]:
    """The same in a line for each branch, and whether it is certain; () where nothing does."""
    found = reduction(steps, kind, [b.end for b in branches], own, fork, roundings)
    if found is None:
        return (), False
    lines = []
    for place, step, stride in found.lacking:
        how = IN_THIS_CALL if step.place.calls else ""
        size = written(found.wanted)
        lines.append(f"{branches[place].name}: `stride: {stride}` of {step.name} ({size}){how}")
    return tuple(lines), found.certain
