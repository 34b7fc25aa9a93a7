"""slice and crop: parts of a volume."""

from collections.abc import Sequence
from itertools import chain

from convcalc.findings import Severity
from convcalc.layers.axes import spread
from convcalc.layers.base import Part, Roundings, Size, SizeFinding, needs_volume, refused
from convcalc.layers.bases import NoParameters, ReadsOnePosition
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.field_step import FieldStep
from convcalc.layers.layout import PART
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Count, Extent, Sides
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import SavesNothing
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Reference
from convcalc.shapes import Shape, axis_names, written


class Slice(SavesNothing, NoParameters, ReadsOnePosition):
    """Channels `start` to `stop` (exclusive), counted from 0.

    Its bytes are those of a copy. PyTorch's own `x[:, start:stop]`, which `export` writes, is a
    view instead: no new bytes, but all of its input stays alive as long as the slice does.

    Size: the input's positions, stop - start channels.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: nothing is computed.
    Example: 28x28x116 -> slice: {stop: 58} -> 28x28x58
    """

    kind = "slice"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = True
    precision = AS_INPUT
    layout = PART

    start = Count("first channel that is kept", default=0, minimum=0)
    stop = Count("first channel that is not kept (0: keep to the end)", default=0, minimum=0)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        *spatial, channels = inputs[0]
        stop = self.stop or channels
        if self.start < stop <= channels:
            return Size((*spatial, stop - self.start))
        return refused(
            "CC110",
            f"channels {self.start} to {stop} cannot be cut from {channels} channels",
            "stop" if stop > channels else "start",
            f"input has {channels} channels",
            (self._possible(channels),),
        )

    def _possible(self, channels: int) -> str:
        """What can be cut from so many channels: as many as were asked for, where there are."""
        if self.start < channels:
            return f"`stop: {channels}` keeps all to the end"
        if not self.start < self.stop:
            last = min(self.stop or channels, channels) - 1
            return f"`start: {last}` at most: channels are counted from 0"
        kept = min(self.stop - self.start, channels)
        return f"`start: {channels - kept}, stop: {channels}` keeps the last {kept}"

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if output == inputs[0] else (self.kind, self.start)

    def describe(self, axes: int = 2) -> str:
        return f"slice {self.start}:{self.stop or ''}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.slice(inputs[0], self.start, self.stop)


class Crop(SavesNothing, NoParameters):
    """The middle of a volume, or what is left without its sides (U-Net, arXiv:1505.04597).

    Size: `size`, the size of layer `like`, or the input's less the `sides`. A middle that cannot be
    centered starts half a position towards the top and left.
    Parameters: none.
    Saved for backward: nothing. Its output is counted as a copy; PyTorch's own is a view, as of
    `slice`. Each axis that is cut is a slice of its own, with a gradient of its own.
    MACs: none: nothing is computed.
    Example: 64x64x512 -> crop: {size: 56} -> 56x56x512
    """

    kind = "crop"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = False
    precision = AS_INPUT
    layout = PART

    size = Extent("size of the middle that is kept", default=())
    like = Reference("the layer whose spatial size is kept", default=None)
    sides = Sides("what is cut: [top, bottom, left, right], or one number", default=())

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        given = [n for n in ("size", "like", "sides") if self.__dict__[n] not in ((), None)]
        if len(given) != 1:
            text = "crop needs one of size, like and sides"
            return refused("CC013", text, given[-1] if given else "", help=("`crop: {size: 56}`",))
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        cuts = self.cuts(inputs)
        if isinstance(cuts, SizeFinding):
            return Size(None, findings=(cuts,))
        *spatial, channels = inputs[0]
        kept = [size - begin - end for size, (begin, end) in zip(spatial, cuts, strict=True)]
        for axis, size, (begin, end), left in zip(
            axis_names(len(kept)), spatial, cuts, kept, strict=True
        ):
            if left < 1 or begin < 0 or end < 0:
                return refused(
                    "CC110",
                    f"crop cannot keep {left} of {axis} {size}",
                    given[0],
                    f"input is {written(inputs[0])}",
                    (f"keep at most {written(tuple(spatial))}",),
                )
        return Size((*kept, channels))

    def cuts(self, inputs: tuple[Shape, ...]) -> tuple[tuple[int, int], ...] | SizeFinding:
        spatial = inputs[0][:-1]
        if self.sides:
            return pairs_of("sides", self.sides, len(spatial))
        wanted = spread("size", self.size, len(spatial)) if self.size else inputs[1][:-1]
        if isinstance(wanted, SizeFinding):
            return wanted
        if len(wanted) != len(spatial):
            text = f"crop like {written(inputs[1])} needs as many axes as {written(inputs[0])}"
            return SizeFinding("CC107", Severity.ERROR, text, "like")
        return _centered(spatial, wanted)

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        cuts = self.cuts(inputs)
        assert not isinstance(cuts, SizeFinding), "a sized layer has cuts"
        return tuple(FieldStep(begin=-begin) for begin, _ in cuts)

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        """PyTorch cuts an axis at a time: views, each with a gradient of its own, then a copy."""
        if size.output is None:
            return ()
        spatial = inputs[0][:-1]
        cuts = self.cuts(inputs) if self.sides else _centered(spatial, size.output[:-1])
        assert not isinstance(cuts, SizeFinding), "a sized layer has cuts"
        cut = [axis for axis, sides in enumerate(cuts) if any(sides)]
        if len(cut) < 2:
            return ()
        found: list[Part] = []
        shape = inputs[0]
        for axis in cut:
            sides = tuple(chain(*(own if at == axis else (0, 0) for at, own in enumerate(cuts))))
            shape = (*shape[:axis], size.output[axis], *shape[axis + 1 :])
            found.append(Part(Crop(sides=sides), shape, view=axis != cut[-1]))
        return tuple(found)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        cuts = self.cuts(inputs)
        assert not isinstance(cuts, SizeFinding), "a sized layer has cuts"
        return PASSES if output == inputs[0] else (self.kind, cuts)

    def describe(self, axes: int = 2) -> str:
        if self.sides:
            return f"crop sides {listed(self.sides)}"
        size = self.size * axes if len(self.size) == 1 else self.size
        return f"crop to {self.like or written(size)}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        if self.sides:
            assert not isinstance(self.sides, str), "sized layers have numbers"
            return ops.crop_sides(inputs[0], self.sides)
        return ops.crop_middle(inputs[0], self.size or ops.shape(inputs[1])[:-1])


def _centered(spatial: Shape, wanted: Shape) -> tuple[tuple[int, int], ...]:
    cut = [size - want for size, want in zip(spatial, wanted, strict=True)]
    return tuple((c // 2, c - c // 2) for c in cut)


def pairs_of(
    option: str, given: Shape | str, axes: int, help: tuple[str, ...] = ()
) -> tuple[tuple[int, int], ...] | SizeFinding:
    """(begin, end) an axis from one number, one per axis, or explicit sides."""
    if isinstance(given, str):
        text = f"{option} takes numbers, not {given!r}"
        return refused("CC014", text, option, "", help).findings[0]
    if len(given) == 2 * axes:
        return tuple(zip(given[::2], given[1::2], strict=True))
    sizes = spread(option, given, axes)
    return sizes if isinstance(sizes, SizeFinding) else tuple((size, size) for size in sizes)


def listed(sizes: Shape | str) -> str:
    """Sizes as a table names them: ``2,3``."""
    return ",".join(map(str, sizes))
