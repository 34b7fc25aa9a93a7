"""Sizes beside a file's own: an input as the command line gives it, an axis times a factor."""

from collections.abc import Sequence

from convcalc.interop.flat import UnreadableError
from convcalc.shapes import Shape


def fitted(axes: Sequence[int | None], given: Shape) -> Shape:
    """`given`, which has the channels last, in the file's order.

    Args:
        axes: the file's sizes without the batch, None where it leaves one open.
        given: height, width, channels, or what there is in place of them.

    Raises:
        UnreadableError: it has other axes, or no axis has its channels.
    """
    if len(given) == len(axes):
        if axes[0] in (None, given[-1]):
            return (given[-1], *given[:-1])
        if axes[-1] == given[-1]:
            return given
    listed = "x".join("?" if dim is None else str(dim) for dim in axes)
    text = f"--input {'x'.join(map(str, given))} does not fit the file's input {listed}"
    raise UnreadableError(text)


def uneven(factor: float, size: int, made: int) -> str:
    """How a resize whose size was rounded is told: it works out places by the factor."""
    return f"a factor of {factor:.6g} for {size} to {made}"
