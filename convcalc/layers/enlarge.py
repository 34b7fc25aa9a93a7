"""upsample, pixel_shuffle, space_to_depth, channel_shuffle: positions and channels rearranged."""

from collections.abc import Sequence
from functools import lru_cache

from convcalc.findings import Severity
from convcalc.layers.axes import spread
from convcalc.layers.base import Roundings, Size, SizeFinding, needs_volume, refused
from convcalc.layers.bases import NoParameters, ReadsOnePosition
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.field_step import LONGEST_PERIOD, FieldStep
from convcalc.layers.norm import grouped
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Count, Extent, PerAxis
from convcalc.layers.precision import AS_INPUT, FULL
from convcalc.layers.saved import PASSES_GRADIENT, SAVES_NOTHING, Saved, SavesNothing
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice, Reference
from convcalc.shapes import Shape, axis_names, written

_LARGEST_FACTOR = 8  #: sizes up to it were probably meant as factors


class Upsample(SavesNothing, NoParameters):
    """Enlarges every channel by repeating or interpolating.

    Size: input * scale, `size`, or the size of layer `like`; the channels stay.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 13x13x256 -> upsample: {scale: 2} -> 26x26x256
    """

    kind = "upsample"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = False
    precision = FULL

    scale = PerAxis("factor, for all axes or one per axis", default=())
    size = Extent("output size, for all axes or one per axis", default=())
    like = Reference("the layer whose spatial size is taken", default=None)
    mode = Choice("how numbers are filled in", ("nearest", "bilinear"), default="nearest")

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        given = [n for n in ("scale", "size", "like") if self.__dict__[n] not in ((), None)]
        if len(given) != 1:
            text = "upsample needs one of scale, size and like"
            return refused("CC013", text, given[-1] if given else "", help=("`scale: 2`",))
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        *spatial, channels = inputs[0]
        if given == ["like"]:
            wanted: Shape | SizeFinding = inputs[1][:-1]
        else:
            wanted = spread(given[0], self.scale or self.size, len(spatial))
        if isinstance(wanted, SizeFinding):
            return Size(None, findings=(wanted,))
        if len(wanted) != len(spatial):
            text = f"upsample like {written(inputs[1])} needs as many axes as {written(inputs[0])}"
            return refused("CC107", text, "like")
        if self.scale:
            wanted = tuple(s * factor for s, factor in zip(spatial, wanted, strict=True))
        smaller = any(after < before for before, after in zip(spatial, wanted, strict=True))
        findings = (self._shrinks(tuple(spatial), wanted),) if smaller else ()
        return Size((*wanted, channels), findings=findings)

    def _shrinks(self, before: Shape, after: Shape) -> SizeFinding:
        """The warning that an axis becomes smaller: Keras calls the factor `size`."""
        text = f"upsample makes {written(before)} smaller: {written(after)}"
        factor = ", ".join(map(str, self.size))
        factor = f"[{factor}]" if len(self.size) > 1 else factor
        as_factor = (f"`scale: {factor}` is a factor", "`size` is what comes out")
        help = ", ".join(as_factor) if self.size and max(self.size) <= _LARGEST_FACTOR else ""
        help = help or "a pool or a stride makes volumes smaller"
        ignored = "`ignore: [CC114]` beside it, where that is meant"
        option = "size" if self.size else "like"
        return SizeFinding("CC114", Severity.WARNING, text, option, "smaller", (help, ignored))

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        assert size.output is not None, "a sized layer has an output"
        extent = 2 if self.mode == "bilinear" else 1
        return tuple(
            enlarged(width, count, extent)
            for width, count in zip(inputs[0][:-1], size.output[:-1], strict=True)
        )

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if output == inputs[0] else (self.kind, self.mode)

    def describe(self, axes: int = 2) -> str:
        if self.scale:
            words = f"x{','.join(map(str, self.scale))}"
        else:
            words = (
                f"to {self.like or written(self.size * axes if len(self.size) == 1 else self.size)}"
            )
        return f"upsample {words}" + (" bilinear" if self.mode == "bilinear" else "")

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        size = ops.shape(inputs[1])[:-1] if self.like is not None else self.size
        return ops.upsample(inputs[0], self.scale, size, self.mode == "bilinear")


def nearest(width: int, count: int) -> tuple[int, ...]:
    """The input that each of `count` outputs repeats, of `width`: PyTorch's own float32 rounding.

    PyTorch's `nearest_neighbor_compute_source_index` (UpSample.h): the output's number times the
    quotient of the sizes, rounded down.
    """
    if not count % width:
        return tuple(i // (count // width) for i in range(count))
    step = single(width / count)
    return tuple(min(int(single(i * step)), width - 1) for i in range(count))


def single(number: float) -> float:
    """A number rounded to float32."""
    from struct import pack, unpack

    found: float = unpack("f", pack("f", number))[0]
    return found


#: which of the channels' factors varies slowest: the channel (PyTorch), or the place in the square
_ORDERS = ("crd", "dcr")
_ORDER_DOC = "order of the channels: crd as PyTorch, dcr as TensorFlow and ONNX's default"


class PixelShuffle(SavesNothing, NoParameters):
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

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return tuple(enlarged(width, width * self.factor, 1) for width in inputs[0][:-1])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.factor, self.order) if self.factor > 1 else PASSES

    def describe(self, axes: int = 2) -> str:
        return f"pixel shuffle x{self.factor}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.pixel_shuffle(inputs[0], self.factor, self.order == "dcr")


class SpaceToDepth(SavesNothing, NoParameters):
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

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return (FieldStep(self.factor, self.factor),) * (len(inputs[0]) - 1)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.factor, self.order) if self.factor > 1 else PASSES

    def describe(self, axes: int = 2) -> str:
        return f"space to depth /{self.factor}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.space_to_depth(inputs[0], self.factor, self.order == "dcr")


class ChannelShuffle(NoParameters, ReadsOnePosition):
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
    def is_view(self) -> bool:
        return self.groups == 1

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return PASSES_GRADIENT if self.is_view else SAVES_NOTHING

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return grouped(inputs[0], self.groups) or Size(inputs[0])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """One group, or one a channel, leaves each channel where it is."""
        return PASSES if self.groups in {1, output[-1]} else (self.kind, self.groups)

    def describe(self, axes: int = 2) -> str:
        return f"channel shuffle g{self.groups}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.channel_shuffle(inputs[0], self.groups)


@lru_cache(maxsize=64)  # the axes of a layer are mostly alike, and asked for again
def enlarged(width: int, count: int, extent: int) -> FieldStep:
    """The field steps of `count` outputs spread evenly, centre on centre, over `width` inputs."""
    if width == count:
        return FieldStep()
    from fractions import Fraction

    extent = 1 if width == 1 else extent  # all are copies: nothing lies beside it
    step = Fraction(width, count)
    begin = (extent - step) / 2
    if step.denominator > LONGEST_PERIOD:
        return FieldStep(extent, step, begin)
    if extent == 1:
        fields = tuple((i * width // count, i * width // count) for i in range(step.denominator))
    else:  # the two inputs around the output's centre, one where it lies on it
        every, parts = 2 * step.numerator, 2 * step.denominator  # in parts of an input
        first = (every - parts) // 2
        places = range(first, first + every * step.denominator, every)
        fields = tuple((place // parts, -(-place // parts)) for place in places)
    return FieldStep(extent, step, begin, fields)
