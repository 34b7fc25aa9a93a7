"""dropout: sets numbers to zero at random in training."""

from collections.abc import Sequence

from convcalc.layers.bases import CanOverwrite, Pointwise
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.layout import POINTWISE
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Number
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import PASSES_GRADIENT, Bytes, Saved
from convcalc.layers.traits import Family
from convcalc.shapes import Shape, elements


class Dropout(Pointwise, CanOverwrite):
    """Drops numbers with probability `rate` in training; nothing in inference (JMLR 15, 2014).

    Size: the input's.
    Parameters: none.
    Saved for backward: a mask of one byte a number; in place a number each; nothing at rate 0,
    where PyTorch gives its input back; one number at rate 1, the zero that it multiplies by.
    MACs: none: no weights.
    Example: 4096 -> dropout: {rate: 0.5} -> 4096
    """

    kind = "dropout"
    family = Family.DROPOUT
    precision = AS_INPUT
    layout = POINTWISE
    identity_in_inference = True

    rate = Number("share of the numbers that are dropped", default=0.5, minimum=0.0, maximum=1.0)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The mask; in place it is not made by the fused kernel and holds factors, not bits."""
        if self.is_view:
            return PASSES_GRADIENT
        if self.rate == 1:
            return Saved(kept=(Bytes(once=width),))
        return Saved(kept=(Bytes(elements(output) * (width if in_place else 1)),))

    @property
    def is_view(self) -> bool:
        return not self.rate

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.rate) if self.rate else PASSES

    def describe(self, axes: int = 2) -> str:
        return f"dropout {self.rate:g}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return inputs[0]  # drops nothing in inference
