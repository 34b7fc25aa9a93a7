"""The workspace of a convolution or pool that is spread out as a matrix (CS231n notes, im2col)."""

from math import prod

from convcalc.analysis.record import Row
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.windowed import Windowed


def im2col_bytes(row: Row, width: int) -> int | None:
    """Bytes of the matrix that spreads out a convolution's windows, for one image.

    A column holds what one window reads (kernel positions * channels), one column a position of
    the output; of a transposed convolution, what one position of the input writes; a pool's
    windows have as many numbers. Frameworks spread out one image at a time. 0 for layers without
    windows, None for a layer that could not be sized.
    """
    layer, output = row.step.layer, row.step.output
    if output is None:
        return None
    if not isinstance(layer, Windowed):
        return 0
    axes = len(output) - 1
    taps = prod(layer.kernel * axes if len(layer.kernel) == 1 else layer.kernel)
    if isinstance(layer, ConvTranspose):
        return taps * output[-1] * prod(row.inputs[0][:-1]) * width
    return taps * row.inputs[0][-1] * prod(output[:-1]) * width
