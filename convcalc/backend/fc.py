"""Fully connected: one matrix product over everything an image holds."""

import numpy as np

from convcalc.backend.arrays import Array


def fc(x: Array, weight: Array, bias: Array | None) -> Array:
    """Units of x (N, ...) flattened, channels last; weight is (units, ...), the same order."""
    rows = x.reshape(len(x), -1)
    out = np.empty((len(x), len(weight)), x.dtype)
    np.matmul(rows, weight.reshape(len(weight), -1).T, out=out)
    if bias is not None:
        out += bias
    return out
