"""The window rule: the one place that knows how a sliding window sizes its output.

    out = (W - F_eff + P_begin + P_end) / S + 1        F_eff = D * (F - 1) + 1

per axis, in integers only (CS231n notes, "Convolutional Networks", section Spatial arrangement).
What does not divide is graded, never silently floored. `slide` is the forward rule, `unslide` its
transpose; nothing else in the program computes an output size from a window.
"""

from enum import StrEnum
from math import gcd

from convcalc.records import NamedTuple


class Rounding(StrEnum):
    """What a remainder means: an error, or a size rounded down or up."""

    EXACT = "exact"
    FLOOR = "floor"
    CEIL = "ceil"


class Grade(StrEnum):
    """How a window meets the edge of its input."""

    EXACT = "exact"
    GRIDDING = "gridding"
    PADDING_UNUSED = "padding unused"
    INPUT_LOST = "input lost"
    SUB_SAMPLING = "sub-sampling"
    OVERHANG = "overhang"
    DOES_NOT_FIT = "does not fit"


#: Positions that are counted one by one for `Window.unread`.
_MOST_COUNTED = 100_000


class Window(NamedTuple):
    """One axis of a sliding window and how it came out. All sizes are positions on that axis."""

    size: int
    kernel: int
    stride: int
    begin: int
    end: int
    dilation: int
    output: int | None
    """Output size; None where the window does not fit."""
    remainder: int
    grade: Grade
    lost: int
    """Real input positions at the far edge that no window reads."""
    overhang: int
    """Positions by which the last window hangs over the padded edge (ceil only)."""

    @property
    def extent(self) -> int:
        """The span of the dilated kernel, F_eff = D*(F - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def exact(self) -> bool:
        """Whether the last window ends with the padded input."""
        return self.output is not None and not self.remainder

    @property
    def before_middle(self) -> int:
        """Twice the positions by which all windows together are centred before the input's middle.

        Negative: after it. What is not read counts nothing, so equal windows have equal values,
        whether their padding is cut or left over.

        >>> slide(64, 3, 2, 1, 1).before_middle, slide(64, 3, 2, 1, 0).before_middle
        (1, 1)
        >>> slide(64, 3, 2, 0, 1).before_middle, slide(63, 3, 2, 1, 1).before_middle
        (-1, 0)
        """
        span = ((self.output or 1) - 1) * self.stride + self.extent
        return self.size - span + 2 * self.begin

    @property
    def factor(self) -> int:
        """What stride and dilation have in common: only every such position is read; else 1."""
        if self.kernel == 1 or self.output is None or self.output == 1:
            return 1
        return gcd(self.stride, self.dilation)

    @property
    def unread(self) -> int:
        """Real input positions between those that windows read (gridding)."""
        output, factor = self.output or 0, self.factor
        if self.kernel * output > _MOST_COUNTED:  # those that the factor alone leaves out
            read = (self.size - 1 + self.begin) // factor - (self.begin - 1) // factor
            return self.size - read
        starts = range(-self.begin, output * self.stride - self.begin, self.stride)
        taps = range(0, self.extent, self.dilation)
        places = {start + tap for start in starts for tap in taps}
        return self.size - sum(0 <= place < self.size for place in places)

    @property
    def formula(self) -> str:
        """The arithmetic with its own numbers, e.g. ``(224 - 3 + 2*1)/1 + 1 = 224``."""
        return f"{self.equation} = {self._result()}"

    @property
    def equation(self) -> str:
        """The left side of the formula: ``(224 - 3 + 2*1)/1 + 1``."""
        pad = f"2*{self.begin}" if self.begin == self.end else f"{self.begin} + {self.end}"
        kernel = str(self.kernel)
        if self.dilation > 1:
            kernel = f"({self.dilation}*({self.kernel} - 1) + 1)"
        return f"({self.size} - {kernel} + {pad})/{self.stride} + 1"

    def _result(self) -> str:
        if self.output is None:
            return "does not fit"
        if not self.remainder:
            return str(self.output)
        whole = (self.size - self.extent + self.begin + self.end) // self.stride + 1
        return f"{whole}{_decimals(self.remainder, self.stride)} -> {self.output}"

    @property
    def quotient(self) -> str:
        """The value of the equation, to two decimals where it is no integer (``4.5``, ``2.33``)."""
        span = self.size - self.extent + self.begin + self.end
        if span < 0:
            return "below 1"
        return f"{span // self.stride + 1}{_decimals(self.remainder, self.stride)}"


def _decimals(remainder: int, stride: int) -> str:
    """``remainder/stride`` as decimals, in integers: (1, 2) -> '.5', (1, 3) -> '.33'."""
    if not remainder:
        return ""
    hundredths = min((200 * remainder + stride) // (2 * stride), 99) or 1
    return f".{hundredths:02d}".rstrip("0")


def slide(
    size: int,
    kernel: int,
    stride: int = 1,
    begin: int = 0,
    end: int = 0,
    dilation: int = 1,
    rounding: Rounding = Rounding.FLOOR,
) -> Window:
    """Slide a window of `kernel` taps over `size` positions and grade how it ends.

    `rounding` decides only between the floored and the ceiled output; whether a grade is an error
    is the caller's to say. ``ceil`` follows PyTorch, Caffe and ONNX: the last window is dropped if
    it would start in the trailing padding.

    >>> slide(227, 11, 4).output, slide(10, 3, 2).grade.value, slide(10, 3, 2).quotient
    (55, 'input lost', '4.5')
    """
    extent = dilation * (kernel - 1) + 1
    span = size - extent + begin + end
    if span < 0:
        return Window(size, kernel, stride, begin, end, dilation, None, 0, Grade.DOES_NOT_FIT, 0, 0)
    steps, remainder = divmod(span, stride)
    output = steps + 1
    lost = overhang = 0
    if not remainder:
        common = kernel > 1 and output > 1 and gcd(stride, dilation) > 1
        grade = Grade.GRIDDING if common else Grade.EXACT
    elif rounding is Rounding.CEIL and output * stride < size + begin:
        grade = Grade.OVERHANG
        overhang = stride - remainder
        output += 1
    elif remainder <= end:
        grade = Grade.PADDING_UNUSED
    else:
        grade = Grade.SUB_SAMPLING if extent < stride else Grade.INPUT_LOST
        lost = min(remainder - end, size)
    return Window(
        size, kernel, stride, begin, end, dilation, output, remainder, grade, lost, overhang
    )


def same_padding(size: int, kernel: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """Padding for output = ceil(W/S); an odd remainder goes to the end, as TensorFlow does.

    >>> same_padding(224, 3, 2)
    (0, 1)
    """
    output = -(-size // stride)
    total = max((output - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def floored(size: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """(W - F + 2P)//S + 1 as other tools write it, also where the window does not fit.

    >>> floored(12, 3, 2, 1), floored(1, 4)
    (6, -2)
    """
    return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1


def rounded_up(window: Window) -> int:
    """Its output if the last window may start anywhere, in the padding too.

    >>> rounded_up(slide(112, 3, 2, 1, 1))
    57
    """
    return -(-(window.size - window.extent + window.begin + window.end) // window.stride) + 1


def unslide(
    size: int,
    kernel: int,
    stride: int = 1,
    begin: int = 0,
    end: int = 0,
    dilation: int = 1,
    output_pad: int = 0,
) -> int:
    """Output size of a transposed convolution, (W - 1)*S + F_eff - P_begin - P_end + output_pad.

    May be below 1, where the padding eats all of it (Dumoulin & Visin 2016, section 4).

    >>> unslide(28, 2, 2)
    56
    """
    return (size - 1) * stride + dilation * (kernel - 1) + 1 - begin - end + output_pad


def unslide_formula(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int, output_pad: int
) -> str:
    """The arithmetic of `unslide` with its own numbers."""
    taps = str(kernel) if dilation == 1 else f"({dilation}*({kernel} - 1) + 1)"
    pad = f"2*{begin}" if begin == end else f"({begin} + {end})"
    more = f" + {output_pad}" if output_pad else ""
    output = unslide(size, kernel, stride, begin, end, dilation, output_pad)
    return f"({size} - 1)*{stride} + {taps} - {pad}{more} = {output}"
