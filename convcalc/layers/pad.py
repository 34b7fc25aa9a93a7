"""pad: zeros around a volume, or the volume mirrored, or its edge."""

from collections.abc import Sequence

from convcalc.layers.axes import briefly
from convcalc.layers.base import Roundings, Size, SizeFinding, needs_volume, refused
from convcalc.layers.bases import NoParameters
from convcalc.layers.computed import PASSES, Computed
from convcalc.layers.cut import listed, pairs_of
from convcalc.layers.field_step import FieldStep
from convcalc.layers.layout import CHANNELS_FIRST, Layout, Lies
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Sides
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import SAVES_INPUT, SAVES_NOTHING, Saved
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import Choice
from convcalc.shapes import Shape, axis_names


class Pad(NoParameters):
    """Zeros around the volume (or the volume mirrored, or its edge), and zero channels.

    Size: the input's plus the sides per axis, plus the front and back channels.
    Parameters: none.
    Saved for backward: nothing; its input with `mode: reflect` and `edge`.
    MACs: none: nothing is computed.
    Example: 224x224x3 -> pad: {sides: [2, 3, 2, 3]} -> 229x229x3
    """

    kind = "pad"
    family = Family.REARRANGEMENT
    places = Places.READ
    is_local = True
    precision = AS_INPUT

    sides = Sides("zeros around: [top, bottom, left, right], or one number", default=(0,))
    channels = Sides("zero channels: [front, back]", default=(0, 0))
    mode = Choice(
        "what is put around: zeros, the volume mirrored at its edge, or the edge repeated",
        ("zeros", "reflect", "edge"),
        default="zeros",
    )

    @property
    def layout(self) -> Layout:
        zeros = Layout(Lies.AS_INPUT, Lies.AS_GIVEN, axes=(2, 3))
        return zeros if self.mode == "zeros" else CHANNELS_FIRST

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        *spatial, channels = inputs[0]
        if not spatial and not isinstance(self.sides, str) and any(self.sides):
            return _without_axes(self.kind, inputs[0], self.sides)
        pairs = pairs_of("sides", self.sides, len(spatial), (PAD_SAME,))
        more = pairs_of("channels", self.channels, 1)
        if isinstance(pairs, SizeFinding) or isinstance(more, SizeFinding):
            return Size(
                None, findings=tuple(f for f in (pairs, more) if isinstance(f, SizeFinding))
            )
        if self.mode != "zeros" and any(more[0]):
            text = f"mode {self.mode} pads positions, the channels only take zeros"
            return refused("CC013", text, "channels", help=("a second pad for the channels",))
        for axis, size, pair in zip(axis_names(len(spatial)), spatial, pairs, strict=True):
            if self.mode == "reflect" and max(pair) >= size:
                return refused(
                    "CC014",
                    f"reflect cannot pad {axis} {size} by {max(pair)}: "
                    f"{size - 1} mirrored positions are there",
                    "sides",
                    f"{axis} is {size}",
                    (f"`sides: {_mirrored(spatial, pairs)}` at most, or `mode: edge`",),
                )
        padded = [size + sum(pair) for size, pair in zip(spatial, pairs, strict=True)]
        return Size((*padded, channels + sum(more[0])))

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        pairs = pairs_of("sides", self.sides, len(inputs[0]) - 1)
        assert not isinstance(pairs, SizeFinding), "a sized layer has sides"
        return tuple(FieldStep(begin=begin) for begin, _ in pairs)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return SAVES_NOTHING if self.mode == "zeros" else SAVES_INPUT

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        if output == inputs[0]:
            return PASSES
        pairs, more = pairs_of("sides", self.sides, len(output) - 1), pairs_of("", self.channels, 1)
        assert not (isinstance(pairs, SizeFinding) or isinstance(more, SizeFinding)), "it is sized"
        return (self.kind, pairs, more, self.mode if any(map(any, pairs)) else "zeros")

    def describe(self, axes: int = 2) -> str:
        words = [f"pad {listed(self.sides)}"] if any(self.sides) else ["pad"]
        if self.mode != "zeros":
            words.append(self.mode)
        if any(self.channels):
            words.append(f"channels {listed(self.channels)}")
        return " ".join(words)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        sides, channels = self.sides, self.channels
        assert not isinstance(sides, str) and not isinstance(channels, str), (
            "sized layers have none"
        )
        return ops.pad(inputs[0], sides, channels, self.mode)


#: what is meant by ``pad: same`` as a layer, which has no window to keep the size for
PAD_SAME = "padding that keeps the size is an option of the layer behind: `pad: same` in its braces"


def _without_axes(kind: str, vector: Shape, sides: Shape) -> Size:
    """The refusal of sides around a vector, which may be meant as zeros beside its numbers."""
    before, after = sides if len(sides) == 2 else (sides[0], sides[0])
    zeros = f"`pad: {{channels: [{before}, {after}]}}` puts zeros beside a vector's numbers"
    refusal = needs_volume(kind, vector)
    assert refusal is not None, "a vector has no axes"
    found = refusal.findings[0]
    return Size(None, findings=(found._replace(help=(*found.help, zeros)),))


def _mirrored(spatial: Sequence[int], pairs: Sequence[tuple[int, int]]) -> str:
    """The sides as they are given, but as many as there are positions to mirror at most."""
    from convcalc.layers.written import option_text  # only where something is wrong

    sides = zip(spatial, pairs, strict=True)
    return option_text(briefly([(min(a, size - 1), min(b, size - 1)) for size, (a, b) in sides]))
