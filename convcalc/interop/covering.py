"""Pools that round up over less than a window: other tools make 1 position, layers here none."""

from collections.abc import Sequence

from convcalc.shapes import Shape
from convcalc.window import Rounding, Window, rounded_up, slide

Pads = Sequence[tuple[int, int]]

#: What is said of a pool whose window was cut.
CUT = (
    "the window of a pool that rounds up (ceil_mode) is larger than its input: written so that it "
    "fits, with the same numbers; for other sizes import again"
)


def covers(window: Window) -> bool:
    """Whether a window that does not fit has 1 position where a pool rounds up.

    Its padded input lacks less than a stride: PyTorch, ONNX and Caffe let it hang over.

    >>> covers(slide(2, 3, 2)), covers(slide(2, 4, 2)), covers(slide(3, 3, 2))
    (True, False, False)
    """
    return window.output is None and rounded_up(window) == 1


def around(
    spatial: Shape, kernel: Shape, stride: Shape, pads: Pads, dilation: Shape
) -> tuple[Shape, Pads]:
    """Kernel and padding of a pool that rounds up, its windows as large as what they cover.

    A window that is larger than its padded input reads all of it: one of that size makes the same
    maximum and, whether padding is counted or not, the same mean. One with gaps ends in more
    padding, which no maximum sees.

    >>> around((2, 5), (3, 3), (2, 2), ((0, 0), (0, 0)), (1, 1))
    ((2, 3), ((0, 0), (0, 0)))
    >>> around((2,), (2,), (2,), ((0, 0),), (2,))
    ((2,), ((0, 1),))
    """
    sized, sided = list(kernel), list(pads)
    axes = zip(spatial, kernel, stride, pads, dilation, strict=True)
    for axis, (size, taps, step, (begin, end), gap) in enumerate(axes):
        window = slide(size, taps, step, begin, end, gap, Rounding.CEIL)
        padded = size + begin + end
        if covers(window) and gap == 1:
            sized[axis] = padded
        elif covers(window):
            sided[axis] = (begin, end + window.extent - padded)
    return tuple(sized), tuple(sided)
