"""upsample: channels enlarged by repeating or interpolating."""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.layers.axes import spread
from convcalc.layers.base import Roundings, Size, SizeFinding, needs_volume, refused
from convcalc.layers.bases import NoParameters
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.field_step import FieldStep, enlarged
from convcalc.layers.layout import Layout, Lies
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Extent, PerAxis
from convcalc.layers.precision import FULL
from convcalc.layers.saved import SavesNothing
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice, Reference
from convcalc.shapes import Shape, written

LARGEST_FACTOR = 8  #: sizes up to it were probably meant as factors


class Upsample(SavesNothing, NoParameters):
    """Enlarges every channel by repeating or interpolating.

    Size: input * scale, `size`, or the size of layer `like`; the channels stay.
    Parameters: none.
    Saved for backward: nothing.
    MACs: none: no weights.
    Example: 13x13x256 -> upsample: {scale: 2} -> 26x26x256
    """

    kind = "upsample"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = False
    precision = FULL
    layout = Layout(Lies.AS_INPUT, Lies.AS_GIVEN, axes=(2, 3), gradient_axes=(2,))

    scale = PerAxis("factor, for all axes or one per axis", default=())
    size = Extent("output size, for all axes or one per axis", default=())
    like = Reference("the layer whose spatial size is taken", default=None)
    mode = Choice("how numbers are filled in", ("nearest", "bilinear"), default="nearest")

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        given = [n for n in ("scale", "size", "like") if self.__dict__[n] not in ((), None)]
        if len(given) != 1:
            text = "upsample needs one of scale, size and like"
            return refused("CC013", text, given[-1] if given else "", help=("`scale: 2`",))
        refusal = needs_volume(self.kind, inputs[0])
        if refusal:
            return refusal
        *spatial, channels = inputs[0]
        if given == ["like"]:
            wanted: Shape | SizeFinding = inputs[1][:-1]
        else:
            wanted = spread(given[0], self.scale or self.size, len(spatial))
        if isinstance(wanted, SizeFinding):
            return Size(None, findings=(wanted,))
        if len(wanted) != len(spatial):
            text = f"upsample like {written(inputs[1])} needs as many axes as {written(inputs[0])}"
            return refused("CC107", text, "like")
        if self.scale:
            wanted = tuple(s * factor for s, factor in zip(spatial, wanted, strict=True))
        smaller = any(after < before for before, after in zip(spatial, wanted, strict=True))
        findings = (self._shrinks(tuple(spatial), wanted),) if smaller else ()
        return Size((*wanted, channels), findings=findings)

    def _shrinks(self, before: Shape, after: Shape) -> SizeFinding:
        """The warning that an axis becomes smaller: Keras calls the factor `size`."""
        text = f"upsample makes {written(before)} smaller: {written(after)}"
        factor = ", ".join(map(str, self.size))
        factor = f"[{factor}]" if len(self.size) > 1 else factor
        as_factor = (f"`scale: {factor}` is a factor", "`size` is what comes out")
        help = ", ".join(as_factor) if self.size and max(self.size) <= LARGEST_FACTOR else ""
        help = help or "a pool or a stride makes volumes smaller"
        ignored = "`ignore: [CC114]` beside it, where that is meant"
        option = "size" if self.size else "like"
        return SizeFinding("CC114", Severity.WARNING, text, option, "smaller", (help, ignored))

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        assert size.output is not None, "a sized layer has an output"
        extent = 2 if self.mode == "bilinear" else 1
        return tuple(
            enlarged(width, count, extent)
            for width, count in zip(inputs[0][:-1], size.output[:-1], strict=True)
        )

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        return PASSES if output == inputs[0] else (self.kind, self.mode)

    def describe(self, axes: int = 2) -> str:
        if self.scale:
            words = f"x{','.join(map(str, self.scale))}"
        else:
            words = (
                f"to {self.like or written(self.size * axes if len(self.size) == 1 else self.size)}"
            )
        return f"upsample {words}" + (" bilinear" if self.mode == "bilinear" else "")

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        size = ops.shape(inputs[1])[:-1] if self.like is not None else self.size
        return ops.upsample(inputs[0], self.scale, size, self.mode == "bilinear")


def nearest(width: int, count: int) -> tuple[int, ...]:
    """The input that each of `count` outputs repeats, of `width`: PyTorch's own float32 rounding.

    PyTorch's `nearest_neighbor_compute_source_index` (UpSample.h): the output's number times the
    quotient of the sizes, rounded down.
    """
    if not count % width:
        return tuple(i // (count // width) for i in range(count))
    step = single(width / count)
    return tuple(min(int(single(i * step)), width - 1) for i in range(count))


def single(number: float) -> float:
    """A number rounded to float32."""
    from struct import pack, unpack

    found: float = unpack("f", pack("f", number))[0]
    return found
