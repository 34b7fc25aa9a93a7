"""fc: every unit reads the whole volume."""

from collections.abc import Sequence

from convcalc.layers.base import Parameters, Roundings, Size
from convcalc.layers.bases import ReadsAllPositions
from convcalc.layers.layout import CHANNELS_FIRST
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Count, Flag
from convcalc.layers.precision import HALF
from convcalc.layers.saved import Saved
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, elements


class FullyConnected(ReadsAllPositions):
    """Fully connected layer; reads the whole volume, flattening it (CS231n notes, FC layer).

    Size: a vector of `units`.
    Parameters: numbers of the input * units weights, units biases.
    Saved for backward: its input.
    MACs: one per weight.
    Example: 7x7x512 -> fc: {units: 4096} -> 4096
    """

    kind = "fc"
    family = Family.FULLY_CONNECTED
    places = Places.WEIGHED
    is_local = True
    precision = HALF
    layout = CHANNELS_FIRST
    has_weights = True

    units = Count("number of outputs")
    bias = Flag("one bias a unit", default=True)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size((self.units,))

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(elements(inputs[0]) * self.units, self.units if self.bias else 0)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return elements(inputs[0]) * self.units

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A matrix product: the weight is needed for the input's gradient alone."""
        flattened = len(inputs[0]) > 1
        return Saved(inputs=(0,), needs_input_gradient=True, handed_as_view=flattened)

    def describe(self, axes: int = 2) -> str:
        return f"fc {self.units}"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        *spatial, channels = inputs[0]
        numbers = elements(inputs[0])
        # PyTorch flattens channels first; here as in the conv that it equals: units go last
        order = (*range(2, len(spatial) + 2), 1, 0)
        apart = (self.units, channels, *spatial)
        weight = Learned("weight", (self.units, numbers), order, apart, numbers)
        return (weight, Learned("bias", (self.units,))) if self.bias else (weight,)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.fc(inputs[0], weights["weight"], weights.get("bias"))
