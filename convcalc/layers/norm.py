"""Normalisation of each image with learned scale and shift: instance, group and layer norm."""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.layers.base import Parameters, Roundings, Size, SizeFinding, refused
from convcalc.layers.bases import NoMacs, ReadsOnePosition
from convcalc.layers.layout import CHANNELS_FIRST, CHANNELS_LAST, Layout
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Count, Flag
from convcalc.layers.precision import AS_INPUT, FULL
from convcalc.layers.saved import Bytes, Saved, statistics
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, elements

#: Added to a variance before its root, as in PyTorch.
EPSILON = 1e-5


class InstanceNorm(NoMacs, ReadsOnePosition):
    """Normalises each channel of each image (Ulyanov et al. 2016, arXiv:1607.08022).

    Size: the input's.
    Parameters: one scale and one shift a channel if affine.
    Saved for backward: its input, and a mean and a deviation (and a scale) a channel and image.
    MACs: none: its factors are norm parameters.
    Example: 64x64x32 -> instance_norm: {affine: true} -> 64x64x32
    """

    kind = "instance_norm"
    family = Family.NORM
    places = Places.KEPT
    is_local = False
    needs_whole_input = True
    subtracts_channel_mean = True
    precision = AS_INPUT
    layout = CHANNELS_FIRST
    has_weights = True

    affine = Flag("learn a scale and a shift a channel", default=False)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return _norm_of(inputs[0], elements(inputs[0][:-1]), "1 position")

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=2 * output[-1] if self.affine else 0)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A batch norm of images times channels; scale and shift are repeated for every image."""
        moments = (Bytes(output[-1] * statistics(width)),) * 2
        if not self.affine:
            passing = Bytes(2 * moments[0].each)
            return Saved(
                (0,),
                kept=moments,
                inference=passing,
                output_is_view=True,
                copies_slices=True,
                handed_as_view=True,
            )
        factor = Bytes(output[-1] * width)
        return Saved(
            inputs=(0,),
            kept=(factor, *moments),
            forward=factor,
            inference=Bytes(2 * moments[0].each + 2 * factor.each),
            backward=Bytes(2 * factor.each, -2 * factor.each),  # summed only after the pass
            output_is_view=True,
            copies_slices=True,
            handed_as_view=True,
            cudnn=True,
        )

    def describe(self, axes: int = 2) -> str:
        return "instance norm, affine" if self.affine else "instance norm"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        return _affine(output[-1:], self.affine)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        x = inputs[0]
        groups = ops.shape(x)[-1]
        return ops.group_norm(x, groups, weights.get("weight"), weights.get("bias"))


class GroupNorm(NoMacs, ReadsOnePosition):
    """Normalises groups of channels of each image (Wu & He 2018, arXiv:1803.08494).

    Size: the input's; the groups must divide the channels.
    Parameters: one scale and one shift a channel.
    Saved for backward: its input, and a mean and a deviation a group and image.
    MACs: none: its factors are norm parameters.
    Example: 56x56x64 -> group_norm: {groups: 32} -> 56x56x64
    """

    kind = "group_norm"
    family = Family.NORM
    is_local = False
    needs_whole_input = True
    precision = FULL
    layout = CHANNELS_FIRST
    has_weights = True

    groups = Count("groups of channels that are normalised together")
    affine = Flag("learn a scale and a shift a channel", default=True)

    @property
    def places(self) -> Places:
        return Places.KEPT if self.groups == 1 else Places.READ

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        numbers = elements(inputs[0]) // self.groups
        words = "groups of 1 channel at 1 position"
        return grouped(inputs[0], self.groups) or _norm_of(inputs[0], numbers, words)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=2 * output[-1] if self.affine else 0)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Means and deviations are as wide as the input, half too; whole numbers have none."""
        size = self.groups * (width if width > 1 else statistics(width))
        return _keeping_moments(size)._replace(contiguous_gradient=True)

    def describe(self, axes: int = 2) -> str:
        return f"group norm g{self.groups}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        return _affine(output[-1:], self.affine)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.group_norm(inputs[0], self.groups, weights.get("weight"), weights.get("bias"))


class LayerNorm(NoMacs, ReadsOnePosition):
    """Normalises over the channels of each position, or the whole volume (arXiv:1607.06450).

    Size: the input's.
    Parameters: one scale and one shift a channel; with `axes: all` one a number of the volume.
    Saved for backward: its input, and a mean and a deviation a position and image.
    MACs: none: its factors are norm parameters.
    Example: 56x56x96 -> layer_norm -> 56x56x96
    """

    kind = "layer_norm"
    family = Family.NORM
    places = Places.KEPT
    precision = FULL
    has_weights = True

    axes = Choice("what is normalised together", ("channels", "all"), default="channels")
    affine = Flag("learn a scale and a shift", default=True)

    @property
    def layout(self) -> Layout:
        return CHANNELS_LAST if self.axes == "channels" else CHANNELS_FIRST

    @property
    def is_local(self) -> bool:
        return self.axes == "channels"

    @property
    def needs_whole_input(self) -> bool:
        return self.axes == "all"

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        whole = self.axes == "all"
        numbers = elements(inputs[0]) if whole else inputs[0][-1]
        return _norm_of(inputs[0], numbers, "a volume of 1 number" if whole else "1 channel")

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        learned = elements(output) if self.axes == "all" else output[-1]
        return Parameters(norm=2 * learned if self.affine else 0)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Over the channels PyTorch brings these last: its output is a view in our order."""
        over_channels = self.axes == "channels"
        groups = elements(output[:-1]) if over_channels else 1
        saved = _keeping_moments(groups * statistics(width))
        return saved._replace(output_is_view=over_channels and len(output) > 1)

    def describe(self, axes: int = 2) -> str:
        return "layer norm" if self.axes == "channels" else "layer norm, all axes"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        if self.axes == "channels":
            return _affine(output[-1:], self.affine)
        order = (*range(1, len(output)), 0)
        return _affine((output[-1], *output[:-1]), self.affine, order)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        whole = self.axes == "all"
        return ops.layer_norm(inputs[0], whole, weights.get("weight"), weights.get("bias"))


def _norm_of(shape: Shape, numbers: int, words: str) -> Size:
    """A norm that keeps the shape, with a warning where it is over one number each time."""
    if numbers != 1:
        return Size(shape)
    text = f"a norm over {words}: one number minus its own mean is 0, whatever the input"
    help = ("leave it out, or put it before the layer that makes the volume so small",)
    return Size(shape, findings=(SizeFinding("CC113", Severity.WARNING, text, help=help),))


def _affine(shape: Shape, affine: bool, order: tuple[int, ...] = ()) -> tuple[Learned, ...]:
    """The scale and the shift of a norm layer; nothing where it has none."""
    return (Learned("weight", shape, order), Learned("bias", shape, order)) if affine else ()


def _keeping_moments(size: int) -> Saved:
    """A norm that keeps its input, means and deviations; inference makes those two as well."""
    return Saved(inputs=(0,), kept=(Bytes(size), Bytes(size)), inference=Bytes(2 * size))


def grouped(shape: Shape, groups: int) -> Size | None:
    """The refusal of groups that do not divide the channels; None where they do."""
    channels = shape[-1]
    if not channels % groups:
        return None
    offers = sorted(
        (g for g in range(1, min(channels, 4096) + 1) if not channels % g),
        key=lambda g: abs(g - groups),
    )[:3]
    return refused(
        "CC109",
        f"{groups} groups do not divide {channels} channels: leaves {channels % groups}",
        "groups",
        f"{channels} channels in {groups} groups",
        (" or ".join(f"`groups: {g}`" for g in sorted(offers)),),
    )
