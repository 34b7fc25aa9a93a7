"""add, subtract, multiply, maximum, average and concat: several volumes become one."""

from collections.abc import Sequence
from itertools import accumulate
from math import prod

from convcalc.layers.base import (
    Layer,
    Part,
    Roundings,
    Size,
    refused,
)
from convcalc.layers.bases import NamedByKind, NoParameters, ReadsOnePosition
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.layout import POINTWISE, POINTWISE_BY_SAVED, Layout, Lies
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import InPlace
from convcalc.layers.precision import WIDEST
from convcalc.layers.saved import PASSES_GRADIENT, SAVES_NOTHING, Bytes, Gradient, Saved
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, written


class Merge(NoParameters, ReadsOnePosition, NamedByKind):
    """What the merges share: several inputs, nothing learned, no window."""

    family = Family.MERGE
    places = Places.KEPT
    merges = True

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind,) if len(inputs) > 1 else PASSES


class TwoAtATime(Merge):
    """A merge that PyTorch computes by an operator of two volumes, one after the other."""

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        return _in_pairs(self, inputs) if len(inputs) > 2 else ()


class Add(TwoAtATime):
    """Sum of volumes of one shape (He et al. 2015, arXiv:1512.03385).

    Size: the inputs', which must be equal.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 56x56x256 + 56x56x256 -> add -> 56x56x256
    """

    kind = "add"
    commutes = True
    is_local = True
    needs_several = True
    precision = WIDEST
    layout = POINTWISE
    in_place_by_default = True

    in_place = InPlace(
        "overwrite the first input (default: where nothing else reads it)", default=None
    )

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size(inputs[0]) if len(set(inputs)) == 1 else _unequal("add", inputs)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return PASSES_GRADIENT

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.add(inputs)


class Subtract(Merge):
    """The first volume less the second, of one shape: how far two towers are apart.

    Size: the inputs', which must be equal.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 4096 + 4096 -> subtract -> 4096
    """

    kind = "subtract"
    is_local = True
    needs_several = True
    precision = WIDEST
    layout = POINTWISE

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        if len(inputs) > 2:
            return refused(
                "CC107",
                f"subtract takes two inputs, got {len(inputs)}",
                label=f"{len(inputs)} inputs",
                help=("add up what is taken away first",),
            )
        return Size(inputs[0]) if len(set(inputs)) == 1 else _unequal("subtract", inputs)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return Saved(gradient=Gradient.FIRST_SAME)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.subtract(inputs) if len(inputs) > 1 else ops.add(inputs)


class Maximum(TwoAtATime):
    """The largest number of each place, of volumes of one shape (maxout, arXiv:1302.4389).

    Size: the inputs', which must be equal.
    Parameters: none.
    Saved for backward: all inputs, and the maxima between them where there are more than two;
    not what is compared before the first input that wants a gradient (not made of images alone).
    MACs: none: no weights.
    Example: 56x56x256 + 56x56x256 -> maximum -> 56x56x256
    """

    kind = "maximum"
    commutes = True
    is_local = True
    needs_several = True
    precision = WIDEST
    layout = POINTWISE_BY_SAVED

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size(inputs[0]) if len(set(inputs)) == 1 else _unequal("maximum", inputs)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A gradient is halved where both inputs are equal: a half and two masks are made."""
        if len(inputs) == 1:
            return PASSES_GRADIENT
        return Saved(_every(inputs), backward=Bytes(prod(output) * (width + 2)))

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.maximum(inputs)


class Average(Merge):
    """The mean of volumes of one shape.

    Size: the inputs', which must be equal.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 56x56x256 + 56x56x256 -> average -> 56x56x256
    """

    kind = "average"
    commutes = True
    is_local = True
    needs_several = True
    precision = WIDEST
    layout = POINTWISE

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size(inputs[0]) if len(set(inputs)) == 1 else _unequal("average", inputs)

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        from convcalc.layers.scale import Scale  # for few nets

        return (*_in_pairs(Add(), inputs), Part(Scale(by=1 / len(inputs)), inputs[0]))

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Of its own parts each says what it makes: sums first, then a quotient."""
        return SAVES_NOTHING

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.average(inputs)


class Multiply(TwoAtATime):
    """Product of volumes of one shape; a 1x1xC or HxWx1 gate is spread over the rest.

    Size: the inputs', which must be equal but for gates: 1x1xC, one number a channel (SE-Net,
    arXiv:1709.01507), or HxWx1, one per position (CBAM, arXiv:1807.06521).
    Parameters: none.
    Saved for backward: all inputs, and the products between them where there are more than two;
    not an input that only factors without a gradient (made of the images alone) are multiplied by.
    MACs: none: no weights.
    Example: 56x56x256 * 1x1x256 -> multiply -> 56x56x256
    """

    kind = "multiply"
    commutes = True
    is_local = False
    needs_several = True
    precision = WIDEST
    layout = POINTWISE

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        whole = max(inputs, key=prod)
        gates = ((1,) * (len(whole) - 1) + whole[-1:], (*whole[:-1], 1))
        if all(shape == whole or shape in gates for shape in inputs):
            return Size(whole)
        wanted = " or ".join(map(written, dict.fromkeys(gates)))
        return _unequal("multiply", inputs, f"equal shapes, or gates of {wanted}")

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """A gate's gradient is a whole volume before it is summed; one input alone is copied."""
        if len(inputs) == 1:
            return PASSES_GRADIENT
        gates = tuple(number for number, shape in enumerate(inputs) if shape != output)
        return Saved(_every(inputs), spread=gates, for_the_others=True)

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
    places = Places.JOINED
    is_local = True
    precision = WIDEST
    layout = Layout(Lies.AS_ALL, Lies.AS_GIVEN)

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


def _in_pairs(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Part, ...]:
    """A layer of two volumes again and again: of what it made so far, and the next."""
    shapes = [*accumulate(inputs, lambda made, other: tuple(map(max, made, other)))]
    return tuple(Part(layer, shape) for shape in shapes[1:])


def _every(inputs: tuple[Shape, ...]) -> tuple[int, ...]:
    return tuple(range(len(inputs)))


def _unequal(kind: str, inputs: tuple[Shape, ...], needs: str = "equal shapes") -> Size:
    """The refusal of inputs that do not match; who they are is the spec's to say."""
    shapes = " and ".join(dict.fromkeys(map(written, inputs)))
    return refused("CC107", f"{kind} needs {needs}, got {shapes}", label=f"gets {shapes}")
