"""Activations that let positive numbers pass about as they are, and bend below: elu to swish."""

from collections.abc import Sequence

from convcalc.layers.activation import Activation
from convcalc.layers.bases import CanOverwriteElsewhere, Overwrites
from convcalc.layers.layout import POINTWISE
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Number
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import SavesEither, SavesInput


class ELU(SavesEither, Overwrites, Activation):
    """x, or alpha * (exp(x) - 1) below 0 (arXiv:1511.07289).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place its output, which does not do for a scale below 0.
    MACs: none: no weights.
    Example: 56x56x64 -> elu -> 56x56x64
    """

    kind = "elu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE

    alpha = Number("scale of the part below 0", default=1.0)

    @property
    def needs_input_for(self) -> str:
        return f"alpha: {self.alpha:g}" if self.alpha < 0 else ""

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0], self.alpha)


class SELU(SavesEither, Overwrites, Activation):
    """Scaled ELU with fixed constants (arXiv:1706.02515).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place its output.
    MACs: none: no weights.
    Example: 56x56x64 -> selu -> 56x56x64
    """

    kind = "selu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE


class GELU(SavesInput, CanOverwriteElsewhere, Activation):
    """x times the normal distribution function of x (arXiv:1606.08415).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> gelu -> 56x56x64
    """

    kind = "gelu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE


class SiLU(SavesInput, Overwrites, Activation):
    """x * sigmoid(x), also called swish (arXiv:1710.05941).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> silu -> 56x56x64
    """

    kind = "silu"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE


class Mish(SavesInput, Overwrites, Activation):
    """x * tanh(softplus(x)) (arXiv:1908.08681).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> mish -> 56x56x64
    """

    kind = "mish"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE


class HardSwish(SavesInput, Overwrites, Activation):
    """x * relu6(x + 3)/6 (MobileNetV3, arXiv:1905.02244).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> hard_swish -> 56x56x64
    """

    kind = "hard_swish"
    is_rectifier = True
    precision = AS_INPUT
    layout = POINTWISE
