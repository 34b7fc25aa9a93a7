"""scale: one learned factor a channel, one for all, or a constant."""

from collections.abc import Sequence

from convcalc.layers.base import Parameters, Roundings, Size, refused
from convcalc.layers.bases import NoMacs, ReadsOnePosition
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.layout import POINTWISE
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Flag, OptionalNumber
from convcalc.layers.precision import AS_INPUT, PROMOTED, Precision
from convcalc.layers.saved import NO_BYTES, SAVES_NOTHING, Bytes, Saved
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, elements


class Scale(NoMacs, ReadsOnePosition):
    """Multiplies each channel by a learned factor (Caffe's Scale; ConvNeXt's layer scale).

    With `parameters: one` one factor serves all channels; with `by` it is that constant.

    Size: the input's.
    Parameters: one factor a channel, and one shift with `bias: true`; counted as norm. One of
    each with `parameters: one`, none with `by`.
    Saved for backward: its input; nothing with `by`.
    MACs: none: its factors are norm parameters.
    Example: 56x56x96 -> scale -> 56x56x96
    """

    kind = "scale"
    layout = POINTWISE
    family = Family.SCALE
    places = Places.KEPT
    is_local = True
    has_weights = True

    factors = Choice("one factor a channel, or one for all", ("channel", "one"), "channel")
    factors.alias = "parameters"  # Layer.parameters is the count
    by = OptionalNumber("a constant factor in place of learned ones", default=None)
    bias = Flag("learn shifts as well, as many as factors", default=False)

    @property
    def precision(self) -> Precision:
        return PROMOTED if self.by is None else AS_INPUT

    @property
    def is_elementwise(self) -> bool:
        return self.by is not None or self.factors == "one"

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        if self.by is None or (self.factors == "channel" and not self.bias):
            return Size(inputs[0])
        other = "bias" if self.bias else "parameters"
        text = f"scale by {self.by:g} is a constant and learns nothing: it takes no {other}"
        return refused("CC013", text, other, help=(f"`scale: {{by: {self.by:g}}}`",))

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=self._factors(output) * (2 if self.bias else 1))

    def parameter_tensors(self, own: Parameters) -> tuple[int, ...]:
        return ((own.norm // 2,) * 2 if self.bias else (own.norm,)) if own.norm else ()

    def _factors(self, output: Shape) -> int:
        if self.by is not None:
            return 0
        return output[-1] if self.factors == "channel" else 1

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The factors' gradient is a whole volume before it is summed."""
        if self.by is not None:
            return SAVES_NOTHING
        volume = Bytes(elements(output) * width)
        product = volume if self.bias else NO_BYTES  # before the shift is added
        return Saved(inputs=(0,), forward=product, inference=product, summed=volume)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if self.by == 1 else super().computes(inputs, output)

    def describe(self, axes: int = 2) -> str:
        if self.by is not None:
            return f"scale by {self.by:g}"
        words = "scale + shift" if self.bias else "scale"
        return words if self.factors == "channel" else f"{words}, one"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        factors = self._factors(output)
        names = ("weight", "bias") if self.bias else ("weight",)
        return tuple(Learned(name, (factors,)) for name in names) if factors else ()

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        if self.by is not None:
            return ops.scale(inputs[0], self.by, None)
        return ops.scale(inputs[0], weights["weight"], weights.get("bias"))
