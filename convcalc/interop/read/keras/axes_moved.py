"""Reshapes with a transpose between: channel shuffles, channels as positions and back."""

from collections.abc import Sequence
from functools import partial
from math import prod

from convcalc.interop.read.keras.asked import Asked, Part, Parts
from convcalc.interop.read.keras.shaping import resolved, target_of
from convcalc.interop.read.keras.steps import Step, Steps, Written
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape, written

#: sizes of the parts of a volume in the file's order, and in which order they are then
_Moved = tuple[tuple[int, ...], tuple[int, ...]]
_RESHAPES = ("Reshape", ".Reshape")
_TRANSPOSES = ("Permute", ".Transpose", ".Swapaxes")


def moved(step: Step, steps: Steps) -> Written | None:
    """A reshape that splits axes, one change of their order, and a reshape that joins them."""
    if not step.is_of(*_RESHAPES):
        return None
    turned = steps.source(step, *_TRANSPOSES)
    opened = steps.source(turned, *_RESHAPES) if turned is not None else None
    if turned is None or opened is None or opened.call.values or len(opened.reads) != 1:
        return None
    split = target_of(opened.layer.cls, opened.layer.config)
    order = _order(turned, len(split) + 1) if split is not None else None
    if split is None or order is None or not opened.says_only("target_shape", "newshape"):
        return None
    return Written(partial(_layer, split, order), opened.reads, (opened, turned))


def _order(step: Step, rank: int) -> tuple[int, ...] | None:
    """The order of the axes after a transpose, those of one example from 0."""
    config = step.layer.config
    if step.is_of(".Swapaxes"):
        ends = config.get("axis1"), config.get("axis2")
        if not step.says_only("axis1", "axis2") or any(type(end) is not int for end in ends):
            return None
        order = list(range(rank))
        one, other = (config.placed(end, rank) for end in ends)
        order[one], order[other] = order[other], order[one]
    else:
        found = config.ints("dims" if step.is_of("Permute") else "axes") or ()
        named = (0, *found) if step.is_of("Permute") else found
        order = [config.placed(axis, rank) for axis in named]
        if not step.says_only("dims", "axes"):
            return None
    if sorted(order) != list(range(rank)) or order[0] != 0:
        return None
    return tuple(axis - 1 for axis in order[1:])


def _layer(split: tuple[int, ...], order: tuple[int, ...], asked: Asked) -> Parts:
    """The layer that moves a volume's numbers so."""
    old = asked.shapes[0]
    joined = target_of(asked.cls, asked.config)
    if joined is None:
        raise NoKindError(f"{asked.cls} that takes the batch apart")
    new, split = resolved(joined, old, asked.config), resolved(split, old, asked.config)
    new = (*new[1:], new[0]) if asked.first else new
    given = _shortest(split, order)
    if len(given[1]) < 2:  # only axes of 1 change places
        return [Part("reshape", {"shape": new})] if new != old else []
    for part, form in _candidates(asked.first, old, new, split):
        if form == given:
            return [part]
    raise NoKindError(
        f"{asked.cls} of axes in another order ({written(split)} taken {written(order)})"
    )


def _candidates(
    first: bool, old: Shape, new: Shape, split: tuple[int, ...]
) -> list[tuple[Part, _Moved]]:
    """The layers that could make one shape of the other, with what each of them does."""
    axes = range(len(old) - 1)
    places, steps = [f"p{axis}" for axis in axes], [f"f{axis}" for axis in axes]
    pairs = [name for both in zip(places, steps, strict=True) for name in both]
    found: list[tuple[Part, _Moved]] = []
    if old == new:
        for groups in dict.fromkeys(size for size in split if size > 1 and old[-1] % size == 0):
            sizes = dict(zip(places, old, strict=False))
            sizes |= {"g": groups, "n": old[-1] // groups}
            form = _form(first, sizes, (places, ["g", "n"]), (places, ["n", "g"]))
            found.append((Part("channel_shuffle", {"groups": groups}), form))
    if len(old) != len(new) or not axes:
        return found
    grows = new[0] > old[0]
    small, large = (old, new) if grows else (new, old)
    factor = large[0] // small[0]
    sizes = dict(zip(places, small, strict=False)) | dict.fromkeys(steps, factor) | {"k": large[-1]}
    for order, channels in (("crd", ["k", *steps]), ("dcr", [*steps, "k"])):
        wide, deep = (pairs, ["k"]), (places, channels)
        form = _form(first, sizes, deep, wide) if grows else _form(first, sizes, wide, deep)
        options = {"factor": factor, **({"order": order} if order == "dcr" else {})}
        found.append((Part("pixel_shuffle" if grows else "space_to_depth", options), form))
    return found


def _form(
    first: bool,
    sizes: dict[str, int],
    before: tuple[list[str], list[str]],
    after: tuple[list[str], list[str]],
) -> _Moved:
    """What moves where positions and channels are these parts, before and after."""
    old, new = (
        [*channels, *places] if first else [*places, *channels]
        for places, channels in (before, after)
    )
    return _shortest([sizes[name] for name in old], [old.index(name) for name in new])


def _shortest(sizes: Sequence[int], order: Sequence[int]) -> _Moved:
    """The same without axes of 1, axes that stay beside each other as one.

    >>> _shortest((2, 3, 1, 5, 7), (3, 4, 2, 0, 1))
    ((6, 35), (1, 0))
    """
    places = [axis for axis, size in enumerate(sizes) if size != 1]
    runs: list[list[int]] = []
    for axis in order:
        if sizes[axis] == 1:
            continue
        at = places.index(axis)
        if runs and runs[-1][-1] + 1 == at:
            runs[-1].append(at)
        else:
            runs.append([at])
    in_turn = sorted(runs)
    whole = tuple(prod(sizes[places[at]] for at in run) for run in in_turn)
    return whole, tuple(in_turn.index(run) for run in runs)
