"""A branch that steps twice where the other branches step once: one of the strides is too many.

Imported only where branches do not match.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.windowed import Windowed
from convcalc.network.body_stride import projects
from convcalc.network.doubling import sized
from convcalc.network.record import Branch, Step
from convcalc.shapes import Shape, written

_MOST = 2_000  #: layers of a branch
_TRIED = 8  #: convs of a branch


def too_many(
    steps: Sequence[Step],
    merge: Step,
    ends: Sequence[int],
    own: Sequence[Collection[int]],
    fork: int,
    roundings: Roundings,
) -> Iterator[tuple[int, int]]:
    """The place of each branch that is too small by one stride, and the conv that has it.

    A 1x1 conv goes first, which would skip what it does not read; else the last one: the first
    larger window keeps its stride, as torchvision has it. Only beside a shortcut, and in a unit
    that holds its branches: an encoder whose skip is read `from` further up goes on stepping.
    """
    if merge.kind not in {"add", "concat"} or len(ends) != len(own):
        return
    if merge.kind == "concat" and merge.place.options is None:
        return
    sizes = [_size(steps[end]) for end in ends]
    counts = Counter(sizes)
    if len(counts) != 2:
        return
    for place, end in enumerate(ends):
        (wanted,) = counts.keys() - {sizes[place]}
        if counts[sizes[place]] != 1 or not _is_smaller(sizes[place], wanted):
            continue  # not the one that differs from all others
        if len(own[place]) > _MOST or wanted == _size(steps[fork]):
            continue
        beside = (layers for at, layers in enumerate(own) if at != place)
        if merge.kind == "add" and not any(
            projects([steps[at] for at in layers]) for layers in beside
        ):
            continue
        if sum(_steps(steps[at]) for at in own[place]) < 2:
            continue
        convs = [at for at in own[place] if isinstance(steps[at].layer, Conv | DepthwiseConv)]
        strided = sorted(filter(lambda at: _steps(steps[at]), convs), reverse=True)
        for at in sorted(strided, key=lambda at: _is_large(steps[at]))[:_TRIED]:
            layer = steps[at].layer
            assert layer is not None, "it is a conv"
            single = {at: layer.replace(stride=(1,))}
            made = sized(steps, {*own[place]}, {}, single, roundings)
            if made is not None and (made.get(end) or ())[:-1] == wanted:
                yield place, at
                break


def help(
    steps: Sequence[Step],
    merge: Step,
    branches: Sequence[Branch],
    own: Sequence[Collection[int]],
    fork: int,
    roundings: Roundings,
) -> tuple[str, ...]:
    """The same in a line for each branch."""
    ends, lines = [branch.end for branch in branches], list[str]()
    for place, at in too_many(steps, merge, ends, own, fork, roundings):
        conv, wanted = steps[at], _size(steps[ends[place - 1]])
        how = " in the block, whose other conv keeps it" if conv.place.calls else ""
        lines.append(f"{branches[place].name}: `stride: 1` of {conv.name} ({written(wanted)}){how}")
    return tuple(lines)


def _steps(step: Step) -> bool:
    return isinstance(step.layer, Windowed) and max(step.layer.steps) > 1


def _is_large(step: Step) -> bool:
    """Whether a window has more than one position."""
    return {*getattr(step.layer, "kernel", ())} != {1}


def _is_smaller(size: Shape, wanted: Shape) -> bool:
    return len(size) == len(wanted) and all(a < b for a, b in zip(size, wanted, strict=True))


def _size(step: Step) -> Shape:
    return (step.output or ())[:-1]
