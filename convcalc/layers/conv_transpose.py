"""conv_transpose: the transpose of a convolution, which enlarges the volume."""

from collections.abc import Sequence
from itertools import chain
from math import gcd, prod

from convcalc.layers.axes import briefly, spread
from convcalc.layers.base import Part, Roundings, Size, SizeFinding, needs_volume, refused
from convcalc.layers.computed import Computed, moved
from convcalc.layers.conv import GroupedConv
from convcalc.layers.field_step import FieldStep
from convcalc.layers.layout import CONVOLUTION
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import PerAxis, Sides
from convcalc.layers.precision import HALF
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, written
from convcalc.window import unslide, unslide_formula

#: The longest stride of which each output is looked at: a field step is made for every layer.
_LONGEST_STRIDE = 64


class ConvTranspose(GroupedConv):
    """Transposed convolution (Dumoulin & Visin 2016, arXiv:1603.07285, section 4).

    Size: (W - 1)*S + F_eff - P_begin - P_end + output_pad per axis, channels = filters.
    `pad: same` gives W*S and takes no output_pad. `pad` cuts the output's edges, as in PyTorch.
    Parameters: as conv: filters * kernel positions * channels/groups weights, filters biases.
    Saved for backward: its input.
    MACs: one per weight and *input* position.
    Example: 28x28x1024 -> conv_transpose: {filters: 512, kernel: 2, stride: 2} -> 56x56x512
    """

    kind = "conv_transpose"
    family = Family.TRANSPOSED_CONVOLUTION
    places = Places.READ
    is_local = False
    precision = HALF
    layout = CONVOLUTION

    pad = Sides("what is cut off the output's edges", default=(0,), letter="P")
    output_pad = PerAxis("rows and columns added at the end", default=(0,), minimum=0)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        refusal = self.indivisible(inputs[0][-1]) or needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        axes = self.axes_of(inputs[0][:-1])
        if isinstance(axes, SizeFinding):
            return Size(None, findings=(axes,))
        sizes = tuple(unslide(*axis) for axis in axes)
        if self.pad == "same" and any(self.output_pad):
            return self._said_twice(inputs, roundings, (*sizes, self.filters))
        formulas = tuple(unslide_formula(*axis) for axis in axes)
        if min(sizes) < 1:
            text = formulas[sizes.index(min(sizes))]
            return refused("CC110", f"nothing is left: {text}", "pad", help=("use a smaller pad",))
        for _, _, stride, _, _, dilation, extra in axes:
            if extra >= max(stride, dilation):
                return self._added_too_much(stride, dilation, extra, axes)
        return Size((*sizes, self.filters), formulas=formulas)

    def _added_too_much(
        self, stride: int, dilation: int, extra: int, axes: tuple[tuple[int, ...], ...]
    ) -> Size:
        """Frameworks add fewer rows and columns than the taps are apart."""
        from convcalc.layers.written import option_text

        most = [min(extra, max(stride, dilation) - 1) for _, _, stride, *_, dilation, extra in axes]
        fewer = option_text(briefly([(one, one) for one in most]))
        sizes = (unslide(*(*axis[:-1], one)) for axis, one in zip(axes, most, strict=True))
        return refused(
            "CC014",
            f"output_pad {extra} must be smaller than the stride {stride} "
            f"or the dilation {dilation}",
            "output_pad",
            help=(f"`output_pad: {fewer}` ({written((*sizes, self.filters))})",),
        )

    def _said_twice(self, inputs: tuple[Shape, ...], roundings: Roundings, same: Shape) -> Size:
        """`same` has a size of its own; beside output_pad Keras cuts otherwise."""
        from convcalc.layers.written import option_text

        extra, plan = written(self.output_pad), self.geometry(inputs[0][:-1])
        assert not isinstance(plan, SizeFinding), "the axes are known"
        taps = zip(plan.kernel, plan.dilation, strict=True)
        windows = [dilation * (kernel - 1) + 1 for kernel, dilation in taps]
        given = spread("output_pad", self.output_pad, len(windows))
        assert not isinstance(given, SizeFinding), "the axes are known"
        cut, more = same_beside(windows, given)
        help = [f"leave `output_pad` out ({written(same)})"]
        if made := self.replace(pad=cut, output_pad=more).sizing(inputs, roundings).output:
            left = f"with `output_pad: {option_text(more)}`" if any(more) else "alone"
            text = f"`pad: {option_text(cut)}` {left} does what Keras does with both"
            help.append(f"{text} ({written(made)})")
        return refused(
            "CC014",
            f"output_pad {extra} does nothing beside `pad: same`, which makes {written(same)}",
            "output_pad",
            help=tuple(help),
        )

    def axes_of(self, spatial: Shape) -> tuple[tuple[int, ...], ...] | SizeFinding:
        """Arguments of `unslide`, one tuple an axis."""
        extra = spread("output_pad", self.output_pad, len(spatial))
        if isinstance(extra, SizeFinding):
            return extra
        plan = self.geometry(spatial)
        if isinstance(plan, SizeFinding):
            return plan
        if self.pad == "same":  # output = W*S: what the window lacks of the stride comes
            extra = tuple(max(-o, 0) for o in _over(plan.kernel, plan.stride, plan.dilation))
        return tuple(
            (size, kernel, stride, begin, end, dilation, more)
            for size, kernel, stride, (begin, end), dilation, more in zip(
                spatial, *plan, extra, strict=True
            )
        )

    def _sides(
        self, spatial: Shape, kernel: Shape, stride: Shape, dilation: Shape
    ) -> tuple[tuple[int, int], ...] | SizeFinding:
        if self.pad != "same":
            return super()._sides(spatial, kernel, stride, dilation)
        cuts = [max(over, 0) for over in _over(kernel, stride, dilation)]
        return tuple((cut // 2, cut - cut // 2) for cut in cuts)

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        """Frameworks cut as much from both sides: what is uneven is cut in a step of its own."""
        axes = self.axes_of(inputs[0][:-1])
        if isinstance(axes, SizeFinding) or size.output is None:
            return ()
        cuts = tuple([axis[3:5] for axis in axes])
        if all(begin == end for begin, end in cuts):
            return ()
        from convcalc.layers.cut import Crop  # for few nets

        whole = tuple(
            cut + begin + end for cut, (begin, end) in zip(size.output, cuts, strict=False)
        )
        made = Part(self.replace(pad=(0,)), (*whole, self.filters))
        return (made, Part(Crop(sides=tuple(chain(*cuts))), size.output))

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """The window has a place for each position of the input."""
        axes = self.axes_of(inputs[0][:-1])
        assert not isinstance(axes, SizeFinding), "a sized layer has axes"
        sizes, kernels, strides, begins, ends, dilations, _ = zip(*axes, strict=True)
        pads = tuple(zip(begins, ends, strict=True))
        placed = moved(sizes, kernels, strides, pads, dilations)
        return (self.kind, placed, self.filters, self.groups, self.bias)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.parameters(inputs, output).weights * prod(inputs[0][:-1])

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        axes = self.axes_of(inputs[0][:-1])
        assert not isinstance(axes, SizeFinding), "a sized layer has axes"
        from fractions import Fraction

        steps = []
        for _, kernel, stride, begin, _, dilation, _ in axes:
            taps = dilation * (kernel - 1) + 1
            extent = -(-taps // stride)
            centre = Fraction(2 * begin - taps + 1, 2 * stride)
            first = Fraction(extent - 1, 2) - centre
            fields = tuple(
                _reads(output + begin, taps, stride, dilation)
                for output in range(stride if 1 < stride <= _LONGEST_STRIDE else 0)
            )
            if fields:
                extent = max(last - first + 1 for first, last in fields)
                first = Fraction(extent - 1, 2) - centre
            apart = dilation // gcd(stride, dilation)
            steps.append(FieldStep(extent, Fraction(1, stride), first, fields, apart))
        return tuple(steps)

    def describe(self, axes: int = 2) -> str:
        groups = f" g{self.groups}" if self.groups > 1 else ""
        more = f" +{written(self.output_pad)}" if any(self.output_pad) else ""
        return f"conv_transpose {self.window_words(axes)}{more}{groups} x{self.filters}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        kernel = self.kernel_of(output)
        weight = (inputs[0][-1], self.filters // self.groups, *kernel)
        order = (*range(2, len(weight)), 0, 1)
        fan_in = prod(kernel) * inputs[0][-1] // self.groups
        filters = Learned("weight", weight, order, fan_in=fan_in)
        return (filters, Learned("bias", (self.filters,))) if self.bias else (filters,)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        weight, bias = weights["weight"], weights.get("bias")
        sliding = self.sliding(ops.roundings)
        return ops.conv_transpose(inputs[0], weight, bias, sliding, self.output_pad, self.groups)


def same_beside(windows: Sequence[int], output_pad: Sequence[int]) -> tuple[Shape, Shape]:
    """What `same` cuts in Keras where the padding of the output is given too, as briefly as can be.

    The output has ``(W - 1)*S + F_eff % 2 + output_pad`` positions (Keras 3.15, of all its
    backends): what the window has beyond that is cut, the odd one at the end.

    Args:
        windows: how far the window spans along each axis.
        output_pad: what is given along each axis.

    Returns:
        `pad` and `output_pad` of the layer that makes these positions.

    >>> same_beside([3, 3], [1, 1]), same_beside([3, 4], [0, 0]), same_beside([2], [3])
    (((0, 1, 0, 1), (0,)), ((1, 2), (0,)), ((0,), (1,)))
    """
    over = [w - w % 2 - extra for w, extra in zip(windows, output_pad, strict=True)]
    begins = tuple(max(cut, 0) // 2 for cut in over)
    ends = tuple(max(cut, 0) - begin for cut, begin in zip(over, begins, strict=True))
    more = tuple(max(-cut, 0) for cut in over)
    pad = briefly([*zip(begins, ends, strict=True)])
    return pad, more[:1] if len(set(more)) == 1 else more


def _reads(place: int, taps: int, stride: int, dilation: int) -> tuple[int, int]:
    """First and last input i with ``place - i*stride`` a tap: from 0 to taps - 1, by dilation.

    Where there is none the last is before the first.
    """
    low, high = -(-(place - taps + 1) // stride), place // stride
    if dilation == 1:
        return low, high
    common = gcd(stride, dilation)
    if place % common:
        return low, low - 1
    every = dilation // common  # the inputs that hit a tap are so far apart
    hit = place // common * pow(stride // common, -1, every) % every if every > 1 else 0
    return low + (hit - low) % every, high - (high - hit) % every


def _over(kernel: Shape, stride: Shape, dilation: Shape) -> list[int]:
    """What a window has over its stride, an axis: `same` cuts it."""
    return [d * (k - 1) + 1 - s for k, s, d in zip(kernel, stride, dilation, strict=True)]
