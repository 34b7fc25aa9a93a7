"""prelu: a leaky relu whose slope is learned."""

from convcalc.layers.base import Elementwise, Parameters
from convcalc.layers.option import Choice
from convcalc.shapes import Shape


class PReLU(Elementwise):
    """x, or a learned slope times x below 0 (He et al. 2015, arXiv:1502.01852).

    Size: the input's.
    Parameters: one slope, or with ``parameters: channel`` one a channel; counted as norm.
    MACs: none: its slopes are norm parameters.
    Example: 56x56x64 -> prelu: {parameters: channel} -> 56x56x64
    """

    kind = "prelu"
    has_weights = True

    slopes = Choice("one slope for all channels, or one a channel", ("one", "channel"), "one")
    slopes.alias = "parameters"  # Layer.parameters is the count

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=output[-1] if self.slopes == "channel" else 1)

    def describe(self) -> str:
        return "prelu a channel" if self.slopes == "channel" else "prelu"
