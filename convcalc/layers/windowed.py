"""What kinds with a sliding window share: their options and sizing.

The arithmetic itself is `convcalc.window.slide`; here it is applied to each axis of a layer. What
is said of remainders is `window_findings.py`.
"""

from itertools import chain

from convcalc.findings import Severity
from convcalc.layers.axes import spread
from convcalc.layers.base import Layer, Part, Roundings, Size, SizeFinding, needs_volume
from convcalc.layers.computed import Axis, Computed, moved, said
from convcalc.layers.field_step import FieldStep
from convcalc.layers.ops import Sliding
from convcalc.layers.option import PerAxis, Sides
from convcalc.records import NamedTuple
from convcalc.shapes import Shape
from convcalc.window import Grade, Rounding, Window, same_padding, slide

#: options that say how a window moves
_MOVING = frozenset({"kernel", "stride", "pad", "dilation", "rounding"})


class Geometry(NamedTuple):
    """Kernel, stride, padding and dilation with one entry an axis."""

    kernel: Shape
    stride: Shape
    pad: tuple[tuple[int, int], ...]
    dilation: Shape


class Windowed(Layer):
    """A kind that slides a window over every spatial axis."""

    kernel = PerAxis("size of the window", letter="F")
    stride = PerAxis("step of the window", default=(1,), letter="S")
    pad = Sides("zeros around the input", default=(0,), letter="P")
    #: kinds without dilated windows keep this
    dilation: Shape | PerAxis = (1,)

    def rounding_under(self, roundings: Roundings) -> Rounding:
        """How this layer rounds: convs as the file's `conv` rounding says."""
        return roundings.conv

    @property
    def steps(self) -> Shape:
        """The stride, one number or one per axis."""
        return self.stride

    def geometry(self, spatial: Shape) -> Geometry | SizeFinding:
        """The options spread over the axes of an input with these spatial sizes."""
        axes = len(spatial)
        spreads: list[Shape] = []
        given = (("kernel", self.kernel), ("stride", self.steps), ("dilation", self.dilation))
        for name, numbers in given:
            sizes = spread(name, numbers, axes)
            if isinstance(sizes, SizeFinding):
                return sizes
            spreads.append(sizes)
        kernel, stride, dilation = spreads
        pad = self._sides(spatial, kernel, stride, dilation)
        return pad if isinstance(pad, SizeFinding) else Geometry(kernel, stride, pad, dilation)

    def _sides(
        self, spatial: Shape, kernel: Shape, stride: Shape, dilation: Shape
    ) -> tuple[tuple[int, int], ...] | SizeFinding:
        axes, given = len(spatial), self.pad
        if isinstance(given, str):
            return tuple(map(same_padding, spatial, kernel, stride, dilation))
        if len(given) == 2 * axes:
            return tuple(zip(given[::2], given[1::2], strict=True))
        sizes = spread("pad", given, axes)
        if isinstance(sizes, SizeFinding):
            alike = (f"did you mean `{given[0]}`?",) if len(set(given)) == 1 else ()
            give = f"give 1, {axes} or {2 * axes} numbers, or same"
            return sizes._replace(help=(*alike, give))
        return tuple(zip(sizes, sizes, strict=True))

    def windows(self, spatial: Shape, rounding: Rounding) -> tuple[Window, ...] | SizeFinding:
        """One graded window an axis."""
        plan = self.geometry(spatial)
        if isinstance(plan, SizeFinding):
            return plan
        if self.pad == "same":  # its output is ceil(W/S) by definition: nothing left to round
            rounding = Rounding.FLOOR
        windows: list[Window] = []
        before = None
        for axis in zip(spatial, *plan, strict=True):
            if axis != before:  # squares are common: an axis like the one before has its window
                size, kernel, stride, (begin, end), dilation = before = axis
                window = slide(size, kernel, stride, begin, end, dilation, rounding)
            windows.append(window)
        return tuple(windows)

    def rounds_alike(self, spatial: Shape, one: Rounding, other: Rounding) -> bool:
        """Whether both ways to round come to the same for an input with these spatial sizes."""
        if one is other or self.pad == "same":
            return True
        windows = self.windows(spatial, one)
        if isinstance(windows, SizeFinding):
            return True
        inexact = any(window.grade is not Grade.EXACT for window in windows)
        refused = inexact and Rounding.EXACT in {one, other}
        return not refused and windows == self.windows(spatial, other)

    def slide_over(self, inputs: tuple[Shape, ...], roundings: Roundings, channels: int) -> Size:
        """Size a volume of this many output channels; every remainder is graded and reported."""
        shape = inputs[0]
        refusal = needs_volume(self.kind, shape)
        if refusal:
            return refusal
        rounding = self.rounding_under(roundings)
        windows = self.windows(shape[:-1], rounding)
        if isinstance(windows, SizeFinding):
            return Size(None, findings=(windows,))
        sizes = tuple([w.output for w in windows if w.output is not None])
        findings: tuple[SizeFinding, ...] = ()
        if any(w.grade is not Grade.EXACT for w in windows):
            from convcalc.layers.window_findings import graded  # only where a remainder is

            findings = graded(self, windows, rounding)
        exact = not any(finding.severity is Severity.ERROR for finding in findings)
        return Size((*sizes, channels) if exact else None, windows, findings)

    def padded_before(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """The sides of a padded copy, where frameworks pad in a step of its own; () where none.

        Their kernels take as much before an axis as behind it.
        """
        sides = tuple([(w.begin, w.end + w.overhang) for w in windows])
        return sides if any(begin != end for begin, end in sides) else ()

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> tuple[Part, ...]:
        """The padded copy, and the layer without padding."""
        sides = self.padded_before(size.windows)
        if not sides or size.output is None:
            return ()
        from convcalc.layers.pad import Pad  # for few nets

        spatial = (w.size + sum(side) for w, side in zip(size.windows, sides, strict=True))
        pad = Part(Pad(sides=tuple(chain(*sides))), (*spatial, inputs[0][-1]))
        return (pad, Part(self.replace(pad=(0,)), size.output))

    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return tuple([FieldStep(w.extent, w.stride, w.begin, (), w.dilation) for w in size.windows])

    def moves(self, places: Shape, spatial: Shape) -> tuple[Axis, ...]:
        """How the window goes along each axis, which has so many places for it."""
        plan = self.geometry(spatial)
        assert not isinstance(plan, SizeFinding), "a sized layer has windows"
        return moved(places, *plan)

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        axes = self.moves(output[:-1], inputs[0][:-1])
        return (self.kind, axes, *said(self, _MOVING))

    def sliding(self, roundings: Roundings) -> Sliding:
        """The options as a kernel takes them."""
        dilation = self.dilation if isinstance(self.dilation, tuple) else (1,)
        ceil = self.rounding_under(roundings) is Rounding.CEIL
        return Sliding(self.kernel, self.steps, self.pad, dilation, ceil)

    def window_words(self, axes: int) -> str:
        """The window in a table's words: ``3x3/2 p1 d2``."""
        kernel = "x".join(map(str, self.kernel * axes if len(self.kernel) == 1 else self.kernel))
        words = f"{kernel}/{_brief(self.steps)}"
        if self.pad == "same":
            words += " same"
        elif any(self.pad):
            words += f" p{_brief(self.pad)}"
        dilation = self.dilation
        if isinstance(dilation, tuple) and dilation != (1,):
            words += f" d{_brief(dilation)}"
        return words


def _brief(sizes: Shape | str) -> str:
    return ",".join(map(str, sizes if len(set(sizes)) > 1 else sizes[:1]))
