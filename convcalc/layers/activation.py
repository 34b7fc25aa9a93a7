"""What activation functions have in common, and those of straight pieces: relu and its kin.

All but softmax work number by number and learn nothing. `in_place` says whether the kind can
overwrite its input, `Overwrites` that it does so by default (memory.md, section 2).
"""

from collections.abc import Sequence

from convcalc.layers.bases import CanOverwrite, NamedByKind, Overwrites, Pointwise
from convcalc.layers.layout import POINTWISE, POINTWISE_BY_SAVED
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Number
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import SavesEither, SavesInput, SavesOutput
from convcalc.layers.traits import Family


class Activation(NamedByKind, Pointwise, CanOverwrite):
    """A function of one number that the backend knows by the kind's name."""

    family = Family.ACTIVATION

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0])


class ReLU(SavesOutput, Overwrites, Activation):
    """Rectified linear unit max(0, x) (Krizhevsky et al. 2012, section 3.1).

    Size: the input's.
    Parameters: none.
    Saved for backward: its output.
    MACs: none: no weights.
    Example: 56x56x64 -> relu -> 56x56x64
    """

    kind = "relu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE_BY_SAVED


class ReLU6(SavesInput, Overwrites, Activation):
    """min(max(0, x), 6) (MobileNet, arXiv:1704.04861).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> relu6 -> 56x56x64
    """

    kind = "relu6"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE


class LeakyReLU(SavesEither, Overwrites, Activation):
    """x, or negative_slope * x below 0 (Maas et al. 2013).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place its output, which does not do for a slope below 0.
    MACs: none: no weights.
    Example: 56x56x64 -> leaky_relu -> 56x56x64
    """

    kind = "leaky_relu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE_BY_SAVED

    negative_slope = Number("slope below 0", default=0.01)

    @property
    def needs_input_for(self) -> str:
        return f"negative_slope: {self.negative_slope:g}" if self.negative_slope < 0 else ""

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0], self.negative_slope)
