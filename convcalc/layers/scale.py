"""scale: one learned factor a channel."""

from collections.abc import Sequence

from convcalc.layers.base import Parameters
from convcalc.layers.bases import KeepsShape, NoMacs, ReadsOnePosition
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Flag
from convcalc.layers.precision import PROMOTED
from convcalc.layers.saved import Bytes, Saved
from convcalc.layers.traits import Family
from convcalc.shapes import Shape, elements


class Scale(NoMacs, KeepsShape, ReadsOnePosition):
    """Multiplies each channel by a learned factor (Caffe's Scale; ConvNeXt's layer scale).

    Size: the input's.
    Parameters: one factor a channel, and one shift with ``bias: true``; counted as norm.
    Saved for backward: its input.
    MACs: none: its factors are norm parameters.
    Example: 56x56x96 -> scale -> 56x56x96
    """

    kind = "scale"
    family = Family.SCALE
    is_local = True
    precision = PROMOTED
    has_weights = True

    bias = Flag("learn a shift a channel as well", default=False)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=output[-1] * (2 if self.bias else 1))

    def parameter_tensors(self, own: Parameters) -> tuple[int, ...]:
        return (own.norm // 2,) * 2 if self.bias else (own.norm,)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The factors' gradient is a whole volume before it is summed."""
        return Saved(inputs=(0,), backward=Bytes(elements(output) * width))

    def describe(self, axes: int = 2) -> str:
        return "scale + shift" if self.bias else "scale"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        factor = Learned("weight", output[-1:])
        return (factor, Learned("bias", output[-1:])) if self.bias else (factor,)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.scale(inputs[0], weights["weight"], weights.get("bias"))
