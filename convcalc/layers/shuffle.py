"""pixel_shuffle, space_to_depth, channel_shuffle: channels and positions rearranged."""

from collections.abc import Sequence

from convcalc.layers.base import Roundings, Size, needs_volume, refused
from convcalc.layers.bases import NoParameters, ReadsOnePosition
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.field_step import FieldStep, enlarged
from convcalc.layers.layout import ALIAS, CHANNELS_FIRST, Layout, Lies
from convcalc.layers.norm import grouped
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Count
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import PASSES_GRADIENT, SAVES_NOTHING, Saved
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, axis_names

#: which of the channels' factors varies slowest: the channel (PyTorch), or the place in the square
_ORDERS = ("crd", "dcr")
_ORDER_DOC = "order of the channels: crd as PyTorch, dcr as TensorFlow and ONNX's default"


class Rearranges(NoParameters):
    """A kind that puts numbers in another order, into a copy."""

    def keeps_order(self, inputs: tuple[Shape, ...]) -> bool:
        """Whether PyTorch, without an operator for it, finds all numbers in order as they lie.

        The copy is then one of the input itself, and the very gradient is handed on.
        """
        return False

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Nothing is kept."""
        return PASSES_GRADIENT if self.keeps_order(inputs) else SAVES_NOTHING


def _is_operator(order: str, shape: Shape) -> bool:
    """PyTorch's are of images, and of channels whose slowest factor is the channel."""
    return order == "crd" and len(shape) == 3


class PixelShuffle(Rearranges):
    """Channels become positions: factor^2 channels a square (Shi et al. 2016, arXiv:1609.05158).

    Size: input * factor per axis, channels / factor^axes.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: nothing is computed.
    Example: 32x32x64 -> pixel_shuffle: {factor: 2} -> 64x64x16
    """

    kind = "pixel_shuffle"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = False
    precision = AS_INPUT

    factor = Count("how much every axis grows")
    order = Choice(_ORDER_DOC, _ORDERS, default="crd")

    @property
    def layout(self) -> Layout:
        """PyTorch's operator puts its input in order; its gradient is the inverse of it."""
        operator = Layout(Lies.FIRST, Lies.AS_GIVEN).on(2)
        return operator if self.order == "crd" else CHANNELS_FIRST

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        *spatial, channels = inputs[0]
        parts = self.factor ** len(spatial)
        if channels % parts:
            near = max(channels // parts, 1) * parts
            return refused(
                "CC109",
                f"factor {self.factor} needs channels in multiples of {parts}: "
                f"{channels}/{parts} leaves {channels % parts}",
                "factor",
                f"{channels} channels",
                (f"{near} or {near + parts} filters in the layer before",),
            )
        return Size((*(size * self.factor for size in spatial), channels // parts))

    def keeps_order(self, inputs: tuple[Shape, ...]) -> bool:
        if _is_operator(self.order, inputs[0]):
            return False
        return self.factor == 1 or set(inputs[0][:-1]) == {1}

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return tuple(enlarged(width, width * self.factor, 1) for width in inputs[0][:-1])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.factor, self.order) if self.factor > 1 else PASSES

    def describe(self, axes: int = 2) -> str:
        return f"pixel shuffle x{self.factor}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.pixel_shuffle(inputs[0], self.factor, self.order == "dcr")


class SpaceToDepth(Rearranges):
    """Positions become channels: the inverse of pixel_shuffle (YOLOv2's reorg, YOLOv5's Focus).

    Size: input / factor per axis, channels * factor^axes.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: nothing is computed.
    Example: 64x64x16 -> space_to_depth: {factor: 2} -> 32x32x64
    """

    kind = "space_to_depth"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = True
    precision = AS_INPUT

    factor = Count("how much every axis shrinks")
    order = Choice(_ORDER_DOC, _ORDERS, default="crd")

    @property
    def layout(self) -> Layout:
        """The other way round."""
        operator = Layout(Lies.AS_INPUT, Lies.FIRST).on(2)
        return operator if self.order == "crd" else CHANNELS_FIRST

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        *spatial, channels = inputs[0]
        for axis, size in zip(axis_names(len(spatial)), spatial, strict=True):
            if size % self.factor:
                near = size // self.factor * self.factor
                return refused(
                    "CC109",
                    f"factor {self.factor} does not divide {axis} {size}: "
                    f"{size}/{self.factor} leaves {size % self.factor}",
                    "factor",
                    f"{axis} {size}",
                    (f"{axis} {f'{near} or ' if near else ''}{near + self.factor}",),
                )
        smaller = (size // self.factor for size in spatial)
        return Size((*smaller, channels * self.factor ** len(spatial)))

    def keeps_order(self, inputs: tuple[Shape, ...]) -> bool:
        """Rows that follow each other make up a channel, and channels the whole volume."""
        if _is_operator(self.order, inputs[0]):
            return False
        first, *others, channels = inputs[0]
        whole = channels == 1 or (self.order == "crd" and first == self.factor)
        return self.factor == 1 or (set(others) <= {self.factor} and whole)

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return (FieldStep(self.factor, self.factor),) * (len(inputs[0]) - 1)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.factor, self.order) if self.factor > 1 else PASSES

    def describe(self, axes: int = 2) -> str:
        return f"space to depth /{self.factor}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.space_to_depth(inputs[0], self.factor, self.order == "dcr")


class ChannelShuffle(Rearranges, ReadsOnePosition):
    """Channels of all groups interleaved (ShuffleNet, arXiv:1707.01083).

    Size: the input's; the groups must divide the channels.
    Parameters: none.
    Saved for backward: nothing. One group gives its input back, nothing is made.
    MACs: none: nothing is computed.
    Example: 28x28x116 -> channel_shuffle: {groups: 2} -> 28x28x116
    """

    kind = "channel_shuffle"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = True
    precision = AS_INPUT

    groups = Count("groups that are interleaved")

    @property
    def layout(self) -> Layout:
        return ALIAS if self.is_view else CHANNELS_FIRST

    @property
    def is_view(self) -> bool:
        return self.groups == 1

    def keeps_order(self, inputs: tuple[Shape, ...]) -> bool:
        return self.is_view or (len(inputs[0]) == 1 and self.groups == inputs[0][-1])

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return grouped(inputs[0], self.groups) or Size(inputs[0])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """One group, or one a channel, leaves each channel where it is."""
        return PASSES if self.groups in {1, output[-1]} else (self.kind, self.groups)

    def describe(self, axes: int = 2) -> str:
        return f"channel shuffle g{self.groups}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return inputs[0] if self.is_view else ops.channel_shuffle(inputs[0], self.groups)
