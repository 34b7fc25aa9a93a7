"""scale: one learned factor a channel."""

from convcalc.layers.base import Elementwise, Parameters
from convcalc.layers.option import Flag
from convcalc.shapes import Shape


class Scale(Elementwise):
    """Multiplies each channel by a learned factor (Caffe's Scale; ConvNeXt's layer scale).

    Size: the input's.
    Parameters: one factor a channel, and one shift with ``bias: true``; counted as norm.
    MACs: none: its factors are norm parameters.
    Example: 56x56x96 -> scale -> 56x56x96
    """

    kind = "scale"
    has_weights = True

    bias = Flag("learn a shift a channel as well", default=False)

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=output[-1] * (2 if self.bias else 1))

    def describe(self) -> str:
        return "scale + shift" if self.bias else "scale"
