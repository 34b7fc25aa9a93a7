"""add, multiply and concat: several volumes become one."""

from collections.abc import Sequence
from math import prod

from convcalc.layers.base import (
    Roundings,
    Size,
    refused,
)
from convcalc.layers.bases import NamedByKind, NoParameters, ReadsOnePosition
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import InPlace
from convcalc.layers.precision import WIDEST
from convcalc.layers.saved import Bytes, Gradient, PassesGradient, Saved
from convcalc.layers.traits import Family
from convcalc.shapes import Shape, written


class Merge(NoParameters, ReadsOnePosition, NamedByKind):
    """What the merges share: several inputs, nothing learned, no window."""

    family = Family.MERGE
    merges = True


class Add(PassesGradient, Merge):
    """Sum of volumes of one shape (He et al. 2015, arXiv:1512.03385).

    Size: the inputs', which must be equal.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 56x56x256 + 56x56x256 -> add -> 56x56x256
    """

    kind = "add"
    is_local = True
    needs_several = True
    precision = WIDEST
    in_place_by_default = True

    in_place = InPlace(
        "overwrite the first input (default: where nobody else reads it)", default=None
    )

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size(inputs[0]) if len(set(inputs)) == 1 else _unequal("add", inputs)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.add(inputs)


class Multiply(Merge):
    """Product of volumes of one shape; a 1x1xC gate is spread over the positions.

    Size: the inputs', which must be equal but for gates (SE-Net, arXiv:1709.01507).
    Parameters: none.
    Saved for backward: all inputs, and the products between them where there are more than two.
    MACs: none: no weights.
    Example: 56x56x256 * 1x1x256 -> multiply -> 56x56x256
    """

    kind = "multiply"
    is_local = False
    needs_several = True
    precision = WIDEST

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        whole = max(inputs, key=prod)
        gate = (1,) * (len(whole) - 1) + whole[-1:]
        if all(shape in (whole, gate) for shape in inputs):
            return Size(whole)
        return _unequal("multiply", inputs, "equal shapes, or a gate of 1 position a channel")

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A gate's gradient is a whole volume before it is summed.

        More than two factors are multiplied one after the other; their backward pass is taken as
        one, which is more than it needs.
        """
        volume = prod(output) * width
        between = (Bytes(volume),) * (len(inputs) - 2)
        gates = sum(shape != output for shape in inputs)
        return Saved(tuple(range(len(inputs))), kept=between, backward=Bytes(gates * volume))

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.multiply(inputs)


class Concat(Merge):
    """Volumes joined along the channels (Szegedy et al. 2014, arXiv:1409.4842).

    Size: the inputs' spatial size, which must be equal; the channels add up.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 28x28x64 + 28x28x128 -> concat -> 28x28x192
    """

    kind = "concat"
    is_local = True
    precision = WIDEST

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        spatial = inputs[0][:-1]
        if all(shape[:-1] == spatial for shape in inputs):
            return Size((*spatial, sum(shape[-1] for shape in inputs)))
        return _unequal("concat", inputs, "equal spatial sizes")

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return Saved(gradient=Gradient.SLICES)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.concat(inputs)


def _unequal(kind: str, inputs: tuple[Shape, ...], needs: str = "equal shapes") -> Size:
    """The refusal of inputs that do not match; who they are is the spec's to say."""
    shapes = " and ".join(dict.fromkeys(map(written, inputs)))
    return refused("CC107", f"{kind} needs {needs}, got {shapes}", label=f"gets {shapes}")
