"""Activation functions: one number in, one number out, nothing learned.

All but softmax work number by number. `in_place` says whether the kind can
overwrite its input, `in_place_by_default` whether it does so by default (memory.md, section 2).
"""

from collections.abc import Sequence

from convcalc.layers.bases import (
    CanOverwrite,
    KeepsShape,
    NamedByKind,
    NoParameters,
    Pointwise,
    ReadsOnePosition,
)
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Number
from convcalc.layers.precision import AS_INPUT, SOFTMAX
from convcalc.layers.saved import Bytes, Saved, SavesEither, SavesInput, SavesOutput
from convcalc.layers.traits import Family
from convcalc.shapes import Shape, elements


class Activation(NamedByKind, Pointwise, CanOverwrite):
    """A function of one number that the backend knows by the kind's name."""

    family = Family.ACTIVATION

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0])


class ReLU(SavesOutput, Activation):
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
    in_place_by_default = True


class ReLU6(SavesInput, Activation):
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
    in_place_by_default = True


class LeakyReLU(SavesEither, Activation):
    """x, or negative_slope * x below 0 (Maas et al. 2013).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place its output.
    MACs: none: no weights.
    Example: 56x56x64 -> leaky_relu -> 56x56x64
    """

    kind = "leaky_relu"
    is_rectifier = True
    precision = AS_INPUT
    in_place_by_default = True

    negative_slope = Number("slope below 0", default=0.01)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0], self.negative_slope)


class ELU(SavesEither, Activation):
    """x, or alpha * (exp(x) - 1) below 0 (arXiv:1511.07289).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place its output.
    MACs: none: no weights.
    Example: 56x56x64 -> elu -> 56x56x64
    """

    kind = "elu"
    is_rectifier = True
    precision = AS_INPUT
    in_place_by_default = True

    alpha = Number("scale of the part below 0", default=1.0)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0], self.alpha)


class SELU(SavesEither, Activation):
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
    in_place_by_default = True


class GELU(SavesInput, Activation):
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


class SiLU(SavesInput, Activation):
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
    in_place_by_default = True


class Mish(SavesInput, Activation):
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
    in_place_by_default = True


class HardSwish(SavesInput, Activation):
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
    in_place_by_default = True


class HardSigmoid(SavesInput, Activation):
    """relu6(x + 3)/6 (MobileNetV3, arXiv:1905.02244).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input; in place a copy of it.
    MACs: none: no weights.
    Example: 56x56x64 -> hard_sigmoid -> 56x56x64
    """

    kind = "hard_sigmoid"
    precision = AS_INPUT


class Sigmoid(SavesOutput, Activation):
    """The logistic function 1/(1 + exp(-x)), between 0 and 1.

    Size: the input's.
    Parameters: none.
    Saved for backward: its output.
    MACs: none: no weights.
    Example: 56x56x64 -> sigmoid -> 56x56x64
    """

    kind = "sigmoid"
    precision = AS_INPUT


class Tanh(SavesOutput, Activation):
    """Hyperbolic tangent.

    Size: the input's.
    Parameters: none.
    Saved for backward: its output.
    MACs: none: no weights.
    Example: 56x56x64 -> tanh -> 56x56x64
    """

    kind = "tanh"
    precision = AS_INPUT


class Abs(NamedByKind, Pointwise):
    """The absolute value |x|; between two towers, the distance of their features.

    Size: the input's.
    Parameters: none.
    Saved for backward: its input.
    MACs: none: no weights.
    Example: 4096 -> abs -> 4096
    """

    kind = "abs"
    family = Family.ACTIVATION
    precision = AS_INPUT

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The backward pass makes the signs of the input beside its gradient."""
        return Saved(inputs=(0,), backward=Bytes(elements(output) * width))

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0])


class Softmax(SavesOutput, NoParameters, KeepsShape, ReadsOnePosition, NamedByKind, CanOverwrite):
    """exp(x) over its sum along the channels.

    Size: the input's.
    Parameters: none.
    Saved for backward: its output.
    MACs: none: no weights.
    Example: 56x56x64 -> softmax -> 56x56x64
    """

    kind = "softmax"
    family = Family.ACTIVATION
    is_local = True
    precision = SOFTMAX

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.softmax(inputs[0])
