"""locally_connected: a convolution without parameter sharing."""

from collections.abc import Sequence
from itertools import chain
from math import prod

from convcalc.layers.base import Parameters, Part, Roundings, Size
from convcalc.layers.layout import CHANNELS_FIRST
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Count, Flag
from convcalc.layers.precision import HALF
from convcalc.layers.saved import Saved
from convcalc.layers.traits import Family, Places
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, elements
from convcalc.window import Window


class LocallyConnected(Windowed):
    """Every output position has its own filters (CS231n notes, Parameter Sharing).

    Size: as conv, channels = filters.
    Parameters: kernel positions * channels weights and one bias for every number of the output.
    Saved for backward: a copy of every window of its input.
    MACs: one per weight.
    Example: 227x227x3 -> locally_connected: {filters: 96, kernel: 11, stride: 4} -> 55x55x96
    """

    kind = "locally_connected"
    family = Family.CONVOLUTION
    places = Places.READ
    is_local = False
    precision = HALF
    layout = CHANNELS_FIRST
    has_weights = True

    filters = Count("number of filters a position, the channels of the output", letter="K")
    bias = Flag("one bias a filter and position", default=True)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return self.slide_over(inputs, roundings, self.filters)

    def padded_before(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """It is computed by its windows, which are copied: see `parts`."""
        return ()

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        """No framework has a kernel for it: PyTorch runs it as the code that `export` writes.

        The padded input is unfolded an axis at a time: views, each with a gradient of its own. A
        copy of all windows is one factor of a product for each position, the numbers of which are
        put in the order of a volume in a last step.
        """
        from convcalc.layers.cut import Slice  # for few nets
        from convcalc.layers.merge import Add
        from convcalc.layers.pad import Pad

        if size.output is None:
            return ()
        sides = [(w.begin, w.end + w.overhang) for w in size.windows]
        shape = (
            *(w.size + sum(side) for w, side in zip(size.windows, sides, strict=True)),
            inputs[0][-1],
        )
        found = [Part(Pad(sides=tuple(chain(*sides))), shape)] if any(map(any, sides)) else []
        for axis, window in enumerate(size.windows):
            after = shape[axis + 1 : -1]
            shape = (*shape[:axis], size.output[axis], *after, shape[-1] * window.kernel)
            found.append(Part(Slice(), shape, view=True))
        copied = Part(Add(), shape)  # of one volume: the very gradient goes to it
        return (*found, copied, Part(self, size.output), Part(Add(), size.output))

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A matrix product for each position: the weight is needed for the input's gradient alone.

        Of one image a bias' gradient is the output's in another order.
        """
        return Saved(inputs=(0,), needs_input_gradient=True, of_its_shape=True)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        axes = len(output) - 1
        taps = prod(self.kernel * axes if len(self.kernel) == 1 else self.kernel)
        neurons = elements(output)
        return Parameters(neurons * taps * inputs[0][-1], neurons if self.bias else 0)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.parameters(inputs, output).weights

    def describe(self, axes: int = 2) -> str:
        return f"locally connected {self.window_words(axes)} x{self.filters}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        axes = len(output) - 1
        kernel = self.kernel * axes if len(self.kernel) == 1 else self.kernel
        channels = inputs[0][-1]
        # a conv's filters for every position, so the positions lead
        weight = (*output, channels, *kernel)
        order = (*range(axes), *range(axes + 2, len(weight)), axes + 1, axes)
        filters = Learned("weight", weight, order, fan_in=channels * prod(kernel))
        return (filters, Learned("bias", output)) if self.bias else (filters,)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        sliding = self.sliding(ops.roundings)
        return ops.locally_connected(inputs[0], weights["weight"], weights.get("bias"), sliding)
