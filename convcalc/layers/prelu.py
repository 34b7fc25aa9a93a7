"""prelu: a leaky relu whose slope is learned."""

from collections.abc import Sequence

from convcalc.layers.base import Parameters
from convcalc.layers.bases import KeepsShape, NoMacs, ReadsOnePosition
from convcalc.layers.layout import POINTWISE_BY_SAVED
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.precision import HALF
from convcalc.layers.saved import Bytes, Saved
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, elements


class PReLU(NoMacs, KeepsShape, ReadsOnePosition):
    """x, or a learned slope times x below 0 (He et al. 2015, arXiv:1502.01852).

    Size: the input's.
    Parameters: one slope, or with `parameters: channel` one per channel; counted as norm.
    Saved for backward: its input.
    MACs: none: its slopes are norm parameters.
    Example: 56x56x64 -> prelu: {parameters: channel} -> 56x56x64
    """

    kind = "prelu"
    family = Family.ACTIVATION
    places = Places.KEPT
    is_local = True
    is_rectifier = True
    precision = HALF
    layout = POINTWISE_BY_SAVED
    has_weights = True

    slopes = Choice("one slope for all channels, or one per channel", ("one", "channel"), "one")
    slopes.alias = "parameters"  # Layer.parameters is the count

    @property
    def is_elementwise(self) -> bool:
        return self.slopes == "one"

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=output[-1] if self.slopes == "channel" else 1)

    def parameter_tensors(self, own: Parameters) -> tuple[int, ...]:
        return (own.norm,)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The slopes' gradient is a whole volume before it is summed, over more than a number."""
        summed = Bytes(elements(output) * width)
        alone = elements(output) == self.parameters(inputs, output).norm
        return Saved(inputs=(0,), summed=summed, of_its_shape=alone, both_gradients=True)

    def describe(self, axes: int = 2) -> str:
        return "prelu a channel" if self.slopes == "channel" else "prelu"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        return (Learned("weight", output[-1:] if self.slopes == "channel" else (1,)),)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.prelu(inputs[0], weights["weight"])
