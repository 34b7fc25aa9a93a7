"""flatten, identity and reshape: the same numbers under another shape."""

from collections.abc import Sequence

from convcalc.layers.base import Roundings, Size, refused
from convcalc.layers.bases import NamedByKind, NoParameters, Pointwise, ReadsAllPositions
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.layout import ALIAS, CHANNELS_FIRST, Layout, Lies
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Extent
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import PASSES_GRADIENT, RESHAPES, PassesGradient, Reshapes, Saved
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, elements, written


class Flatten(NoParameters, ReadsAllPositions, NamedByKind):
    """The whole volume as one vector, position by position, channels last.

    Size: a vector of all numbers of the input.
    Parameters: none.
    Saved for backward: nothing: its output is its input.
    MACs: none: nothing is computed.
    Example: 7x7x512 -> flatten -> 25088
    """

    kind = "flatten"
    family = Family.REARRANGEMENT
    places = Places.FLATTENED
    is_local = True
    precision = AS_INPUT
    layout = CHANNELS_FIRST
    is_view = True

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size((elements(inputs[0]),))

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """PyTorch gives a vector back as it is."""
        return PASSES_GRADIENT if inputs[0] == output else RESHAPES

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if output == inputs[0] else ("reshape",)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.reshape(inputs[0], (-1,))


class Identity(PassesGradient, NamedByKind, Pointwise):
    """Its input, unchanged.

    Size: the input's.
    Parameters: none.
    Saved for backward: nothing: its output is its input.
    MACs: none: nothing is computed.
    Example: 56x56x64 -> identity -> 56x56x64
    """

    kind = "identity"
    family = Family.REARRANGEMENT
    precision = AS_INPUT
    layout = ALIAS
    is_view = True

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return inputs[0]


class Reshape(Reshapes, NoParameters, ReadsAllPositions):
    """The same numbers in another shape.

    Size: `shape`, which must hold as many numbers as the input.
    Parameters: none.
    Saved for backward: nothing: its output is its input.
    MACs: none: nothing is computed.
    Example: 4096 -> reshape: {shape: 4x4x256} -> 4x4x256
    """

    kind = "reshape"
    family = Family.REARRANGEMENT
    places = Places.RESHAPED
    is_local = False
    precision = AS_INPUT
    layout = Layout(Lies.IN_ROWS, Lies.IN_ROWS)
    is_view = True

    shape = Extent("the new shape, such as 4x4x256")

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        have, want = elements(inputs[0]), elements(self.shape)
        if have == want:
            return Size(self.shape)
        rest = elements(self.shape[:-1])
        offers = (
            (f"`shape: {written((*self.shape[:-1], have // rest))}`",) if not have % rest else ()
        )
        arrives = written(inputs[0]) if len(inputs[0]) > 1 else "the vector"
        wanted = f"{written(self.shape)} {want:,}" if len(self.shape) > 1 else f"not {want:,}"
        return refused(
            "CC107",
            f"{arrives} holds {have:,} numbers, {wanted}",
            "shape",
            f"{want:,} numbers, has {have:,}",
            offers,
        )

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if output == inputs[0] else ("reshape",)

    def describe(self, axes: int = 2) -> str:
        return f"reshape to {written(self.shape)}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.reshape(inputs[0], self.shape)
