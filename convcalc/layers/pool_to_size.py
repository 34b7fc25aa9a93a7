"""Pools whose output size is given instead of a window: global and adaptive ones."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from math import gcd, prod
from typing import ClassVar

from convcalc.layers.axes import spread
from convcalc.layers.base import Roundings, Size, SizeFinding, needs_volume
from convcalc.layers.bases import NoParameters
from convcalc.layers.computed import Axis, Computed
from convcalc.layers.field_step import LONGEST_PERIOD, FieldStep, Rational
from convcalc.layers.layout import FOLLOWS_INPUT, MEAN, Layout
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Extent
from convcalc.layers.pool import pooled
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import (
    SAVES_INPUT,
    SAVES_NOTHING,
    Saved,
    SavesIndices,
    pooled_as_image,
)
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, written


class PoolToSize(NoParameters):
    """What they share: the channels stay, nothing is learned."""

    family = Family.POOL_TO_SIZE
    places = Places.READ
    is_local = False
    needs_whole_input = True

    word: ClassVar[str]

    @abstractmethod
    def output_size(self, spatial: Shape) -> Shape | SizeFinding:
        """Output sizes, one per axis."""

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        sizes = self.output_size(inputs[0][:-1])
        if isinstance(sizes, SizeFinding):
            return Size(None, findings=(sizes,))
        return Size((*sizes, inputs[0][-1]))


class EvenPool(PoolToSize):
    """Windows that divide the input as evenly as can be."""

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        """The largest window: output i reads from floor(i*W/O) to ceil((i+1)*W/O).

        One output steps by its window, as a sliding pool does that covers its input.
        """
        assert size.output is not None, "a sized layer has an output"
        sizes = zip(inputs[0][:-1], size.output[:-1], strict=True)
        return tuple(_evenly(width, count) for width, count in sizes)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """Windows of one size, side by side, are those of a pool that slides."""
        each = tuple(zip(inputs[0][:-1], output[:-1], strict=True))
        word = self.word.removeprefix("global ").removeprefix("adaptive ")
        if any(width % count for width, count in each):
            return (word, "as evenly as can be")
        widths = ((width // count, count) for width, count in each)
        axes = tuple(Axis(width, 1, 0, width if count > 1 else 1) for width, count in widths)
        return pooled(word, axes, inputs[0], output)


class GlobalPool(EvenPool):
    """One window over all positions."""

    def output_size(self, spatial: Shape) -> Shape:
        return (1,) * len(spatial)

    def describe(self, axes: int = 2) -> str:
        return self.word


@lru_cache(maxsize=64)  # as `enlarged`
def _evenly(width: int, count: int) -> FieldStep:
    """The field steps of `count` windows that divide `width` positions as evenly as can be."""
    extent, step, period = _widest(width, count), ratio_of(width, count), count // gcd(width, count)
    if not 1 < period <= LONGEST_PERIOD:
        return FieldStep(extent, step)
    from fractions import Fraction

    fields = tuple((i * width // count, -(-(i + 1) * width // count) - 1) for i in range(period))
    return FieldStep(extent, step, Fraction(extent - step) / 2, fields)  # the middles lie evenly


def _widest(width: int, count: int) -> int:
    """The widest of `count` windows that divide `width` positions as evenly as can be."""
    if not width % count:
        return width // count
    windows = range(min(count, 4096))
    return max(-(-(i + 1) * width // count) - i * width // count for i in windows)


def ratio_of(width: int, count: int) -> Rational:
    """How many positions of an input `width` long lie between two of `count` outputs."""
    if not width % count:
        return width // count
    from fractions import Fraction

    return Fraction(width, count)


class GlobalAvgPool(GlobalPool):
    """Mean over all positions of each channel (Lin et al. 2013, arXiv:1312.4400, section 3.2).

    Size: 1 per axis; the channels stay.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 7x7x2048 -> global_avg_pool -> 1x1x2048
    """

    kind = "global_avg_pool"
    precision = AS_INPUT
    layout = MEAN
    word = "global avg pool"

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return pooled_as_image(SAVES_NOTHING, inputs)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.adaptive_avg_pool(inputs[0], (1,))


class GlobalMaxPool(SavesIndices, GlobalPool):
    """Maximum over all positions of each channel.

    Size: 1 per axis; the channels stay.
    Parameters: none.
    Saved for backward: its input and an int64 index a channel.
    MACs: none: no weights.
    Example: 8x8x64 -> global_max_pool -> 1x1x64
    """

    kind = "global_max_pool"
    precision = AS_INPUT
    layout = FOLLOWS_INPUT.on(1, 2)
    word = "global max pool"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.adaptive_max_pool(inputs[0], (1,))


class AdaptivePool(EvenPool):
    """What the adaptive pools share: the output size is an option."""

    output = Extent("output size, for all axes or one per axis")

    def output_size(self, spatial: Shape) -> Shape | SizeFinding:
        return spread("output", self.output, len(spatial))

    def describe(self, axes: int = 2) -> str:
        size = self.output * axes if len(self.output) == 1 else self.output
        return f"{self.word} to {written(size)}"


class AdaptiveAvgPool(AdaptivePool):
    """Mean over windows that divide the input as evenly as can be (PyTorch AdaptiveAvgPool2d).

    Size: as `output` says; the channels stay.
    Parameters: none.
    Saved for backward: its input; nothing where the output is 1 per axis.
    MACs: none: no weights.
    Example: 13x9x256 -> adaptive_avg_pool: {output: 7} -> 7x7x256
    """

    kind = "adaptive_avg_pool"
    precision = AS_INPUT
    word = "adaptive avg pool"

    @property
    def layout(self) -> Layout:
        return FOLLOWS_INPUT.on(1, 2) if prod(self.output) > 1 else MEAN

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Nothing is kept where the output is a plain mean."""
        return pooled_as_image(SAVES_INPUT if prod(output[:-1]) > 1 else SAVES_NOTHING, inputs)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.adaptive_avg_pool(inputs[0], self.output)


class AdaptiveMaxPool(SavesIndices, AdaptivePool):
    """Maximum over windows that divide the input as evenly as can be (PyTorch AdaptiveMaxPool2d).

    Size: as `output` says; the channels stay.
    Parameters: none.
    Saved for backward: its input and an int64 index for every number of the output.
    MACs: none: no weights.
    Example: 13x9x256 -> adaptive_max_pool: {output: [7, 5]} -> 7x5x256
    """

    kind = "adaptive_max_pool"
    precision = AS_INPUT
    layout = FOLLOWS_INPUT.on(1, 2)
    word = "adaptive max pool"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.adaptive_max_pool(inputs[0], self.output)
