"""max_pool, avg_pool and l2_pool: windows that summarize each channel by itself."""

from collections.abc import Sequence
from typing import ClassVar

from convcalc.findings import Severity
from convcalc.layers.axes import briefly
from convcalc.layers.base import Roundings, Size, SizeFinding, refused
from convcalc.layers.bases import NoParameters
from convcalc.layers.computed import PASSES, Axis, Computed
from convcalc.layers.layout import FOLLOWS_INPUT
from convcalc.layers.ops import Array, Ops, Weights
from convcalc.layers.option import Flag, PerAxis, RoundingChoice
from convcalc.layers.precision import AS_INPUT, FULL
from convcalc.layers.saved import SAVES_INPUT, Bytes, Saved, SavesIndices, pooled_as_image
from convcalc.layers.traits import Family, Places
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, elements
from convcalc.window import Rounding, Window


class Pool(NoParameters, Windowed):
    """What the pools share: the stride defaults to the kernel, rounding may be set a layer."""

    family = Family.POOL
    places = Places.READ
    is_local = True
    word: ClassVar[str]
    pads_before: ClassVar[bool] = False
    """Frameworks pad in a layer of its own: as much as one likes."""

    stride = PerAxis("step of the window (default: the kernel)", default=None, letter="S")
    rounding = RoundingChoice(
        "exact, floor or ceil, here alone (default: the file's)", default=None
    )

    def rounding_under(self, roundings: Roundings) -> Rounding:
        return self.rounding or roundings.pool

    @property
    def steps(self) -> Shape:
        return self.stride or self.kernel

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        size = self.slide_over(inputs, roundings, inputs[0][-1])
        for window in size.windows:
            if max(window.begin, window.end) >= window.extent:
                return refused(
                    "CC014",
                    f"pad {max(window.begin, window.end)} is not below the window {window.extent}: "
                    "a window would lie in the padding alone",
                    "pad",
                    f"window is {window.extent}",
                    (f"`pad: {_most(size.windows)}` is the most that frameworks take",),
                )
        wide = [w for w in size.windows if self.is_too_wide(max(w.begin, w.end), w.kernel)]
        if not wide:
            return size
        pad, kernel = max(wide[0].begin, wide[0].end), wide[0].kernel
        return size._replace(findings=(*size.findings, _too_wide(pad, kernel)))

    def padded_before(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """Where it is uneven, or too wide for frameworks. They let windows hang over themselves."""
        sides = tuple([(w.begin, w.end) for w in windows])
        itself = all(begin == end for begin, end in sides)
        if itself and not any(self.is_too_wide(w.begin, w.kernel) for w in windows):
            return ()
        return self.with_overhang(windows)

    def with_overhang(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """Padded before, padding is input to a pool: what windows hang over is padding too."""
        return tuple([(w.begin, w.end + w.overhang) for w in windows])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        axes = self.moves(output[:-1], inputs[0][:-1])
        return pooled(self.word, axes, inputs[0], output)

    def is_too_wide(self, pad: int, kernel: int) -> bool:
        """Whether frameworks refuse this padding: they pad a pool by half of its window at most."""
        return pad > kernel // 2 and not self.pads_before

    def describe(self, axes: int = 2) -> str:
        ceil = " ceil" if self.rounding is Rounding.CEIL else ""
        return f"{self.word} {self.window_words(axes)}{ceil}"


def _most(windows: tuple[Window, ...]) -> str:
    """The padding as it is given, but half of the window at most, as an option has it."""
    from convcalc.layers.written import option_text  # only where something is wrong

    halves = ((w, w.kernel // 2) for w in windows)
    return option_text(briefly([(min(w.begin, half), min(w.end, half)) for w, half in halves]))


def pooled(word: str, axes: tuple[Axis, ...], before: Shape, output: Shape) -> Computed:
    """What windows do that read no padding, or take no notice of it."""
    one = word != "l2 pool" and all(axis.kernel == 1 and not axis.begin for axis in axes)
    return PASSES if one and before == output else (word, axes)


class MaxPool(SavesIndices, Pool):
    """Maximum over each window (CS231n notes, Pooling Layer).

    Size: (W - F_eff + P_begin + P_end)/S + 1 per axis; the channels stay.
    Parameters: none.
    Saved for backward: its input and an int64 index for every number of the output; a copy with its
    padding in place of the input where that is uneven.
    MACs: none: no weights.
    Example: 224x224x64 -> max_pool: {kernel: 2, stride: 2} -> 112x112x64
    """

    kind = "max_pool"
    precision = AS_INPUT
    layout = FOLLOWS_INPUT
    word = "max pool"

    dilation = PerAxis("distance between the taps of the window, 1 = contiguous", default=(1,))

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.max_pool(inputs[0], self.sliding(ops.roundings))


class AvgPool(Pool):
    """Mean over each window.

    Size: (W - F + P_begin + P_end)/S + 1 per axis; the channels stay.
    Parameters: none.
    Saved for backward: its input; a copy with its padding where that is uneven.
    MACs: none: no weights.
    Example: 7x7x1024 -> avg_pool: {kernel: 7, stride: 1} -> 1x1x1024
    """

    kind = "avg_pool"
    precision = AS_INPUT
    layout = FOLLOWS_INPUT.on(1, 2)
    word = "avg pool"

    count_padding = Flag("zeros of the padding count in the mean, as in PyTorch", default=True)

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        return pooled_as_image(SAVES_INPUT, inputs)

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        size = super().sizing(inputs, roundings)
        large = _larger_than_input(size.windows)
        if size.output is None or large is None:
            return size
        text = f"the window {large.kernel} is larger than the input {large.size} without its"
        text += " padding: PyTorch's average pool of three axes refuses it"
        help = ("a `pad` layer before it, in place of `pad`",)
        finding = SizeFinding("CC111", Severity.WARNING, text, "kernel", help=help)
        return size._replace(findings=(*size.findings, finding))

    def padded_before(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """Also around an input that PyTorch takes only with its padding in it."""
        sides = self.with_overhang(windows)
        if _larger_than_input(windows) and any(map(any, sides)):
            return sides
        return super().padded_before(windows)

    def with_overhang(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """What windows hang over counts in no mean: it stays out of the copy."""
        return tuple([(w.begin, w.end) for w in windows])

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """Whether padding counts matters where windows reach into it or over the edge."""
        spatial, axes = inputs[0][:-1], self.moves(output[:-1], inputs[0][:-1])
        reach = zip(axes, output, spatial, strict=False)
        if not any(
            axis.begin or (places - 1) * axis.stride + axis.kernel > size
            for axis, places, size in reach
        ):
            return pooled(self.word, axes, inputs[0], output)
        plan = self.geometry(spatial)
        assert not isinstance(plan, SizeFinding), "a sized layer has windows"
        counted = self.count_padding and any(map(any, plan.pad))
        return (self.word, axes, plan.pad if counted else None)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.avg_pool(inputs[0], self.sliding(ops.roundings), self.count_padding)


class L2Pool(Pool):
    """Square root of the sum of squares over each window (CS231n notes, General pooling).

    Size: (W - F + P_begin + P_end)/S + 1 per axis; the channels stay.
    Parameters: none.
    Saved for backward: its input (a copy with its padding where it has any), its squares, and four
    volumes of the output's size.
    MACs: none: no weights.
    Example: 32x32x16 -> l2_pool: {kernel: 2} -> 16x16x16
    """

    kind = "l2_pool"
    precision = FULL
    layout = FOLLOWS_INPUT.on(1, 2)
    word = "l2 pool"
    pads_before = True

    def padded_before(self, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
        """All padding: PyTorch's `LPPool` has none, and its `ceil_mode` scales what hangs over."""
        sides = self.with_overhang(windows)
        return sides if any(map(any, sides)) else ()

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Composed of single steps: square, average, its sign and magnitude, scale, root.

        The backward pass is widest at the root (three outputs) or at the squares, when those and
        the outputs are gone and three volumes of the input's size are held beside its gradient.
        """
        whole, part = elements(inputs[0]) * width, elements(output) * width
        return Saved(
            inputs=(0,),
            kept=(Bytes(whole), *(Bytes(part),) * 4),
            inference=Bytes(max(whole, 3 * part)),
            inference_cast=Bytes(max(whole - part, 3 * part - whole)),
            backward=Bytes(max(3 * part - whole, 2 * whole - 5 * part)),
            composed=True,
        )

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        return ops.l2_pool(inputs[0], self.sliding(ops.roundings))


def _larger_than_input(windows: tuple[Window, ...]) -> Window | None:
    """A window of three axes that is larger than its input, where PyTorch asks for one as large."""
    if len(windows) != 3:
        return None
    return next((window for window in windows if window.kernel > window.size), None)


def _too_wide(pad: int, kernel: int) -> SizeFinding:
    """The warning of padding that PyTorch refuses; it takes no dilation into account."""
    half = kernel // 2
    return SizeFinding(
        "CC111",
        Severity.WARNING,
        f"pad {pad} is more than half the kernel {kernel}: PyTorch refuses it",
        "pad",
        f"at most {half}",
        (f"`pad: {half}`, or a `pad` layer before",),
    )
