"""fractional_max_pool: maxima over regions drawn at random, so many as its ratio says."""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.layers.axes import spread
from convcalc.layers.base import Roundings, Size, SizeFinding, refused
from convcalc.layers.computed import Computed
from convcalc.layers.field_step import FieldStep
from convcalc.layers.layout import CHANNELS_FIRST
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Extent, Flag, Number
from convcalc.layers.pool_to_size import PoolToSize, ratio_of
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import INDEX, Bytes, Saved
from convcalc.shapes import Shape, elements, written

_REGION = 2  #: positions of an overlapping region


class FractionalMaxPool(PoolToSize):
    """Maximum over 2x2 regions, their places drawn at random (Graham 2014, arXiv:1412.6071).

    Size: as `output` says, or floor(W*ratio) for a ratio below 1 (PyTorch's output_ratio, in its
    floating-point numbers: 100*0.29 is 28) and floor(W/ratio) for one above (Graham's alpha); the
    channels stay.
    Every forward pass draws other places. With `overlapping: false` the regions divide the input:
    1x1, 1x2, 2x1 or 2x2 where it shrinks to more than half (CS231n notes, Recent developments).
    Parameters: none.
    Saved for backward: its input and an int64 index for every number of the output.
    MACs: none: no weights.
    Example: 25x25x32 -> fractional_max_pool: {ratio: 0.7} -> 17x17x32
    """

    kind = "fractional_max_pool"
    precision = AS_INPUT
    layout = CHANNELS_FIRST
    word = "fractional max pool"

    ratio = Number("output size over input size, or its inverse if above 1", 0.0, 0.0)
    output = Extent("output size, for all axes or one per axis", default=())
    overlapping = Flag("2x2 regions that overlap, as PyTorch's; false: they divide", default=True)

    def output_size(self, spatial: Shape) -> Shape | SizeFinding:
        if bool(self.ratio) == bool(self.output):
            finding = refused(
                "CC013",
                "fractional_max_pool needs either ratio or output",
                help=("`ratio: 0.7`", "`output: 12`"),
            )
            return finding.findings[0]
        if self.output:
            sizes = spread("output", self.output, len(spatial))
        else:
            sizes = tuple(_by_ratio(size, self.ratio) for size in spatial)
        if isinstance(sizes, SizeFinding):
            return sizes
        for size, output in zip(spatial, sizes, strict=True):
            if not 1 <= output < size:
                text = f"fractional pooling of {size} cannot give {output}: 1 to {size - 1} can be"
                return refused("CC102", text, "output" if self.output else "ratio").findings[0]
        return sizes

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        size = super().sizing(inputs, roundings)
        spatial, output = inputs[0][:-1], size.output
        if output is None or len(spatial) != 3:
            return size
        tight = [have for have, made in zip(spatial, output, strict=False) if made == have - 1]
        if not tight:
            return size
        text = (
            f"{tight[0] - 1} of {tight[0]} is more than PyTorch's fractional pool of three axes "
            f"makes: {tight[0] - 2}"
        )
        option = "output" if self.output else "ratio"
        return size._replace(findings=(SizeFinding("CC111", Severity.WARNING, text, option),))

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        """Regions of 2 from the first position to the last; those that divide are W/O wide."""
        assert size.output is not None, "a sized layer has an output"
        found = []
        for width, count in zip(inputs[0][:-1], size.output[:-1], strict=True):
            if not self.overlapping:
                found.append(FieldStep(-(-width // count), ratio_of(width, count)))
            elif count == 1:
                found.append(FieldStep(_REGION))
            else:
                found.append(FieldStep(_REGION, ratio_of(width - _REGION, count - 1)))
        return tuple(found)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Two random numbers a channel place the regions."""
        indices, places = INDEX * elements(output), 2 * output[-1] * width
        return Saved(
            inputs=(0,),
            kept=(Bytes(indices),),
            forward=Bytes(places),
            inference=Bytes(indices + places),
        )

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return (self.kind, self.overlapping)

    def describe(self, axes: int = 2) -> str:
        size = self.output * axes if len(self.output) == 1 else self.output
        apart = "" if self.overlapping else " disjoint"
        return f"{self.word} {f'to {written(size)}' if size else f'{self.ratio:g}'}{apart}"

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.fractional_max_pool(inputs[0], self.ratio, self.output, self.overlapping)


def _by_ratio(size: int, ratio: float) -> int:
    """How many positions are left of some: in floats as in PyTorch, which 100*0.29 misses 29 by."""
    if ratio < 1:
        return int(size * ratio)
    from fractions import Fraction

    return int(size / Fraction(repr(ratio)))
