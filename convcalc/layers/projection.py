"""The shortcut of a residual block that changes size: a 1x1 conv, He et al. 2015, section 3.3."""

from convcalc.findings import Severity
from convcalc.layers.base import Roundings
from convcalc.layers.conv import Conv
from convcalc.shapes import Shape

_STRIDES = range(1, 5)


def projection(shape: Shape, wanted: Shape, roundings: Roundings) -> str:
    """The 1x1 conv that makes one volume of another, as a spec writes it; '' where none does.

    Args:
        shape: what it reads, spatial sizes and channels.
        wanted: what it has to make.
        roundings: how the file rounds; every candidate is sized under them before it is named.

    >>> from convcalc.window import Rounding
    >>> exact = Roundings(Rounding.EXACT, Rounding.EXACT)
    >>> projection((31, 31, 16), (16, 16, 32), exact)
    'conv1-32s2'
    >>> projection((32, 32, 16), (16, 16, 32), exact)  # (32 - 1)/2 + 1 = 16.5
    'conv: {filters: 32, kernel: 1, stride: 2, pad: same}'
    """
    if len(shape) < 2 or len(shape) != len(wanted):
        return ""
    for stride in _STRIDES:
        for pad in ((0,), "same"):
            conv = Conv(filters=wanted[-1], kernel=(1,), stride=(stride,), pad=pad)
            size = conv.sizing((shape,), roundings)
            refused = any(f.severity is Severity.ERROR for f in size.findings)
            if size.output != wanted or refused:
                continue
            if pad == "same":
                return f"conv: {{filters: {wanted[-1]}, kernel: 1, stride: {stride}, pad: same}}"
            return f"conv1-{wanted[-1]}{f's{stride}' if stride > 1 else ''}"
    return ""
