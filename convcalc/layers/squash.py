"""Activations that bring numbers into a range: sigmoid, tanh, softmax; and the absolute value."""

from collections.abc import Sequence

from convcalc.layers.activation import Activation
from convcalc.layers.bases import (
    CanOverwriteElsewhere,
    KeepsShape,
    NamedByKind,
    NoParameters,
    Pointwise,
    ReadsOnePosition,
)
from convcalc.layers.layout import CHANNELS_FIRST, POINTWISE
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.precision import AS_INPUT, SOFTMAX
from convcalc.layers.saved import Bytes, Saved, SavesInput, SavesOutput
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, elements


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
    layout = POINTWISE


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
    layout = POINTWISE


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
    layout = POINTWISE


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
    layout = POINTWISE

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The backward pass makes the signs of the input beside its gradient."""
        return Saved(inputs=(0,), backward=Bytes(elements(output) * width))

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.activation(self.kind, inputs[0])


class Softmax(
    SavesOutput, NoParameters, KeepsShape, ReadsOnePosition, NamedByKind, CanOverwriteElsewhere
):
    """exp(x) over its sum along the channels.

    Size: the input's.
    Parameters: none.
    Saved for backward: its output.
    MACs: none: no weights.
    Example: 56x56x64 -> softmax -> 56x56x64
    """

    kind = "softmax"
    family = Family.ACTIVATION
    places = Places.KEPT
    is_local = True
    precision = SOFTMAX
    layout = CHANNELS_FIRST

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.softmax(inputs[0])
