"""The shortcut of a residual block that changes size: a 1x1 conv, He et al. 2015, section 3.3."""

from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv
from convcalc.layers.written import options_of
from convcalc.shapes import Shape

_STRIDES = range(1, 5)


def projected(shape: Shape, wanted: Shape, roundings: Roundings) -> Conv | None:
    """The 1x1 conv that makes one volume of another; None where none does.

    Args:
        shape: what it reads, spatial sizes and channels.
        wanted: what it has to make.
        roundings: how the file rounds; every candidate is sized under them before it is named.
    """
    if len(shape) < 2 or len(shape) != len(wanted):
        return None
    for stride in _STRIDES:
        for pad in ((0,), "same"):
            conv = Conv(filters=wanted[-1], kernel=(1,), stride=(stride,), pad=pad)
            if conv.sizing((shape,), roundings).accepted == wanted:
                return conv
    return None


def projection(shape: Shape, wanted: Shape, roundings: Roundings) -> str:
    """That conv as a spec writes it; '' where none does.

    >>> from convcalc.window import Rounding
    >>> exact = Roundings(Rounding.EXACT, Rounding.EXACT)
    >>> projection((31, 31, 16), (16, 16, 32), exact)
    'conv1-32s2'
    >>> projection((32, 32, 16), (16, 16, 32), exact)  # (32 - 1)/2 + 1 = 16.5
    'conv: {filters: 32, kernel: 1, stride: 2, pad: same}'
    """
    conv = projected(shape, wanted, roundings)
    return entry(conv) if conv is not None else ""


def entry(conv: Conv) -> str:
    """A 1x1 conv as a spec writes it."""
    stride = conv.stride[0]
    if conv.pad == "same" or not conv.bias:
        return (
            f"conv: {{{', '.join(f'{key}: {value}' for key, value in options_of(conv).items())}}}"
        )
    return f"conv1-{conv.filters}{f's{stride}' if stride > 1 else ''}"
