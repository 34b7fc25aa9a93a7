"""conv and depthwise_conv: filters slid over the volume, parameters shared by all positions."""

from collections.abc import Sequence
from math import prod

from convcalc.layers.base import Parameters, Roundings, Size, refused
from convcalc.layers.computed import Computed
from convcalc.layers.layout import CONVOLUTION
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Count, Flag, PerAxis
from convcalc.layers.precision import HALF
from convcalc.layers.saved import SavesInput
from convcalc.layers.traits import Family, Places
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape


class GroupedConv(SavesInput, Windowed):
    """What conv and its transpose share: filters over groups of channels, and their options."""

    has_weights = True

    filters = Count("number of filters, the channels of the output", letter="K")
    dilation = PerAxis("distance between the taps of the window, 1 = contiguous", default=(1,))
    groups = Count("groups of channels that do not see each other", default=1)
    bias = Flag("one bias a filter", default=True)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        taps = prod(self.kernel_of(output))
        weights = self.filters * taps * (inputs[0][-1] // self.groups)
        return Parameters(weights, self.filters if self.bias else 0)

    def indivisible(self, channels: int) -> Size | None:
        """The refusal of groups that do not divide channels and filters; None where they do."""
        if channels % self.groups or self.filters % self.groups:
            return _indivisible(self.groups, channels, self.filters)
        return None

    def kernel_of(self, output: Shape) -> Shape:
        """The kernel, one number an axis."""
        return self.kernel * (len(output) - 1) if len(self.kernel) == 1 else self.kernel


class Conv(GroupedConv):
    """Convolution: every filter spans all channels of its group (CS231n notes, Conv Layer).

    Size: (W - F_eff + P_begin + P_end)/S + 1 per axis, channels = filters.
    Parameters: filters * kernel positions * channels/groups weights, filters biases.
    Saved for backward: its input; a copy with its padding where that is uneven.
    MACs: one per weight and output position.
    Example: 227x227x3 -> conv: {filters: 96, kernel: 11, stride: 4} -> 55x55x96
    """

    kind = "conv"
    family = Family.CONVOLUTION
    places = Places.READ
    is_local = True
    precision = HALF
    layout = CONVOLUTION

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        refusal = self.indivisible(inputs[0][-1])
        return refusal or self.slide_over(inputs, roundings, self.filters)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.parameters(inputs, output).weights * prod(output[:-1])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        axes = self.moves(output[:-1], inputs[0][:-1])
        return ("conv", axes, self.filters, self.groups, self.bias)

    def describe(self, axes: int = 2) -> str:
        groups = f" g{self.groups}" if self.groups > 1 else ""
        return f"conv {self.window_words(axes)}{groups} x{self.filters}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        weight = (self.filters, inputs[0][-1] // self.groups, *self.kernel_of(output))
        return filter_arrays(weight, self.bias)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        sliding = self.sliding(ops.roundings)
        return ops.conv(inputs[0], weights["weight"], weights.get("bias"), sliding, self.groups)


class DepthwiseConv(SavesInput, Windowed):
    """Depthwise convolution: each channel has its own filters (MobileNet, arXiv:1704.04861).

    Size: as conv, channels = multiplier * channels.
    Parameters: one kernel and one bias an output channel.
    Saved for backward: its input; a copy with its padding where that is uneven.
    MACs: kernel positions a number of the output.
    Example: 112x112x32 -> depthwise_conv: {kernel: 3, pad: 1, bias: false} -> 112x112x32
    """

    kind = "depthwise_conv"
    family = Family.CONVOLUTION
    places = Places.READ
    is_local = True
    precision = HALF
    layout = CONVOLUTION
    has_weights = True

    dilation = PerAxis("distance between the taps of the window, 1 = contiguous", default=(1,))
    multiplier = Count("filters a channel", default=1)
    bias = Flag("one bias a filter", default=True)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return self.slide_over(inputs, roundings, inputs[0][-1] * self.multiplier)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        axes = len(output) - 1
        taps = prod(self.kernel * axes if len(self.kernel) == 1 else self.kernel)
        return Parameters(taps * output[-1], output[-1] if self.bias else 0)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.parameters(inputs, output).weights * prod(output[:-1])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """As a conv with a group a channel."""
        axes = self.moves(output[:-1], inputs[0][:-1])
        return ("conv", axes, output[-1], inputs[0][-1], self.bias)

    def describe(self, axes: int = 2) -> str:
        times = f" x{self.multiplier} each" if self.multiplier > 1 else ""
        return f"depthwise {self.window_words(axes)}{times}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        axes = len(output) - 1
        kernel = self.kernel * axes if len(self.kernel) == 1 else self.kernel
        return filter_arrays((output[-1], 1, *kernel), self.bias)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        x, sliding = inputs[0], self.sliding(ops.roundings)
        groups = ops.shape(x)[-1]
        return ops.conv(x, weights["weight"], weights.get("bias"), sliding, groups)


def filter_arrays(weight: Shape, bias: bool) -> tuple[Learned, ...]:
    """Filters x channels x kernel, read as kernel x channels x filters, and a bias a filter."""
    order = (*range(2, len(weight)), 1, 0)
    filters = Learned("weight", weight, order, fan_in=prod(weight[1:]))
    return (filters, Learned("bias", weight[:1])) if bias else (filters,)


def _indivisible(groups: int, channels: int, filters: int) -> Size:
    """The refusal of groups that do not divide channels and filters."""
    what, number = ("channels", channels) if channels % groups else ("filters", filters)
    common = [
        g for g in range(1, min(channels, filters, 1024) + 1) if not channels % g + filters % g
    ]
    near = {1, *sorted(common, key=lambda g: abs(g - groups))[:3]}  # 1: as if it gave none
    offers = ", ".join(f"`groups: {g}`" for g in sorted(near))
    return refused(
        "CC109",
        f"{groups} groups do not divide {number} {what}: leaves {number % groups}",
        "groups",
        f"{number} {what} in {groups} groups",
        (f"{channels} channels and {filters} filters take {offers}",),
    )
