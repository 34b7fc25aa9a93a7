"""A conv whose number of filters and kernel are given the other way round: 3 filters of 256x256.

`Conv2d(256, 256, 3)` and `conv3-256` have the two numbers in different orders. Imported only where
something is wrong.
"""

from convcalc.layers.base import Roundings, SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape

_KERNEL = 11  #: the largest window that convs commonly have: AlexNet's first
_WIDTH = 8  #: what numbers of filters are commonly multiples of


def exchanged(layer: Windowed) -> Windowed | None:
    """The layer with its kernel as filters and its filters as kernel; None where it has not both.

    A window that is no larger than the filters are many is none of these, nor one of a similar
    number: `{filters: 10, kernel: 11}` lacks one position rather.
    """
    filters, kernel = getattr(layer, "filters", None), layer.kernel
    if not isinstance(filters, int) or len(kernel) != 1 or 2 * filters > kernel[0]:
        return None
    return layer.replace(filters=kernel[0], kernel=(filters,))


def fitting(layer: Windowed, shape: Shape, roundings: Roundings) -> Windowed | None:
    """The layer with the two exchanged, where its window exceeds what arrives and then fits.

    A window that convs commonly have is one, unless the padding is that of the other.
    """
    other = exchanged(layer)
    if other is None or isinstance(layer, ConvTranspose):  # whose windows always fit
        return None
    if layer.kernel[0] <= _KERNEL and not suits_padding(layer):
        return None
    windows = layer.windows(shape[:-1], layer.rounding_under(roundings))
    if isinstance(windows, SizeFinding) or all(w.output is not None for w in windows):
        return None
    return other if other.sizing((shape,), roundings).output is not None else None


def is_likely(layer: Windowed) -> bool:
    """Whether a window that fits is a number of filters rather, and they are a common window."""
    other = exchanged(layer)
    if other is None or layer.steps == layer.kernel or isinstance(layer.pad, str):
        return False
    (kernel,) = other.kernel
    usual = layer.kernel[0] > _KERNEL and layer.kernel[0] % _WIDTH == 0 and kernel <= _KERNEL
    if isinstance(layer, ConvTranspose):
        return usual and multiplies(layer.replace(kernel=(kernel,)))
    return usual and kernel % 2 == 1 and kernel >= max(layer.steps)


def suits_padding(layer: Windowed) -> bool:
    """Whether the padding is that of the window which the filters would be."""
    other = exchanged(layer)
    if other is None or isinstance(layer.pad, str):
        return False
    if isinstance(other, ConvTranspose):
        return multiplies(other)
    dilation = other.dilation if isinstance(other.dilation, tuple) else (1,)
    return any(layer.pad) and {2 * side for side in layer.pad} == {
        step * (other.kernel[0] - 1) for step in dilation
    }


def multiplies(layer: ConvTranspose) -> bool:
    """Whether a transposed conv makes S times as much as it reads: F - 2P + output_pad = S."""
    sizes = {*layer.kernel}, {*layer.pad}, {*layer.output_pad}, {*layer.stride}
    if isinstance(layer.pad, str) or {*layer.dilation} != {1} or max(map(len, sizes)) > 1:
        return False
    return layer.kernel[0] - 2 * layer.pad[0] + layer.output_pad[0] == layer.stride[0]
