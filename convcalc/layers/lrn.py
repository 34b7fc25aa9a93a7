"""lrn: local response normalisation across channels."""

from collections.abc import Sequence

from convcalc.layers.bases import KeepsShape, NoParameters, ReadsOnePosition
from convcalc.layers.computed import Computed
from convcalc.layers.layout import POINTWISE
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Count, Number
from convcalc.layers.precision import LRN
from convcalc.layers.saved import Bytes, Saved, statistics
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, elements


class LocalResponseNorm(NoParameters, KeepsShape, ReadsOnePosition):
    """Divides by the neighbouring channels' energy (Krizhevsky et al. 2012, section 3.3).

    Size: the input's.
    Parameters: none.
    Saved for backward: its input, the padded squares, the divisor before and after the power.
    MACs: none: no weights.
    Example: 55x55x96 -> lrn: {size: 5} -> 55x55x96
    """

    kind = "lrn"
    family = Family.NORM
    places = Places.READ
    is_local = True
    precision = LRN
    layout = POINTWISE

    size = Count("channels that are summed", default=5)
    alpha = Number("weight of the energy", default=1e-4)
    alpha_over = Choice(
        "what alpha is divided by: one as in the paper, size as in PyTorch, Caffe and ONNX",
        ("one", "size"),
        default="one",
    )
    beta = Number("power of the divisor", default=0.75)
    k = Number("constant of the divisor", default=2.0)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Composed of single steps: square, pad, average, times alpha, plus k, power, divide.

        Inference holds the average and two steps of the divisor at once. The backward pass is
        widest at the division: its gradient to the divisor takes three volumes on the way.
        """
        volume = elements(output) * width
        padded = volume + volume // output[-1] * (self.size - 1)
        return Saved(
            inputs=(0,),
            kept=(Bytes(padded), Bytes(volume), Bytes(volume)),
            inference=Bytes(max(padded, 2 * volume)),
            backward=Bytes(3 * volume),
            composed=True,
        )

    def saved_with_full_divisor(self, output: Shape, width: int) -> Saved:
        """Under autocast, for an input of `width` bytes: the power and what follows are float32.

        The divisor is cast before its power, and stays until that is done; the full copy, the power
        and the output are twice as wide as the steps before them.
        """
        volume, full = elements(output) * width, elements(output) * statistics(width)
        padded = volume + volume // output[-1] * (self.size - 1)
        return Saved(
            inputs=(0,),
            kept=(Bytes(padded), Bytes(full), Bytes(full)),
            inference=Bytes(max(padded + volume - full, 2 * volume + full)),
            backward=Bytes(3 * full),
            composed=True,
        )

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.size, float(f"{self._weight:.12g}"), self.beta, self.k)

    @property
    def _weight(self) -> float:
        """What each square counts."""
        return self.alpha / self.size if self.alpha_over == "size" else self.alpha

    def describe(self, axes: int = 2) -> str:
        return f"lrn over {self.size}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.lrn(inputs[0], self.size, self._weight, self.beta, self.k)
