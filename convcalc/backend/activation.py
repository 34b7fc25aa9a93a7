"""Activation functions, a cache-sized piece at a time, into a new volume or in place.

The target of a piece may be the piece itself, so every function has read it before it writes.
"""

import math
from collections.abc import Callable

import numpy as np

from convcalc.backend.arrays import Array, Scratch, pieces, row_pieces, rows_of

#: Writes f(x) to its second argument, which may be x; the third is working memory, rows of x's
#: length, the fourth the kind's own number (a slope, an alpha).
Kernel = Callable[[Array, Array, Array, float], object]


def activation(kind: str, x: Array, out: Array, parameter: float, scratch: Scratch) -> Array:
    """Apply the function of this kind number by number."""
    kernel = KERNELS[kind]
    if kind in _ONCE:
        kernel(x, out, x[:0], parameter)
        return out
    for piece, target, work in pieces(x, out, scratch, _ROWS.get(kind, 1)):
        kernel(piece, target, work, parameter)
    return out


#: Rows of working memory, where it is not one.
_ROWS = {"sigmoid": 0, "hard_sigmoid": 0, "gelu": 4}

#: Functions that read every number once: pieces would gain nothing.
_ONCE = ("relu", "relu6", "tanh", "abs")


def _positive(x: Array, out: Array) -> Array:
    """max(x, 0); NumPy's `clip` does it three times as fast as its `maximum` with a number."""
    return np.clip(x, 0, np.inf, out=out)


def _negative(x: Array, out: Array) -> Array:
    """min(x, 0), the same way."""
    return np.clip(x, -np.inf, 0, out=out)


def _relu(x: Array, out: Array, rows: Array, parameter: float) -> None:
    _positive(x, out)


def _relu6(x: Array, out: Array, rows: Array, parameter: float) -> None:
    np.clip(x, 0, 6, out=out)


def _abs(x: Array, out: Array, rows: Array, parameter: float) -> None:
    np.abs(x, out=out)


def _leaky_relu(x: Array, out: Array, rows: Array, slope: float) -> None:
    work = rows[0]
    np.multiply(_negative(x, work), slope, out=work)
    _positive(x, out)
    out += work


def _elu(x: Array, out: Array, rows: Array, alpha: float) -> None:
    work = rows[0]
    np.expm1(_negative(x, work), out=work)
    work *= alpha
    _positive(x, out)
    out += work


def _selu(x: Array, out: Array, rows: Array, parameter: float) -> None:
    _elu(x, out, rows, 1.6732632423543772848170429916717)
    out *= 1.0507009873554804934193349852946


def _sigmoid(x: Array, out: Array, rows: Array, parameter: float) -> None:
    # 1/(1 + exp(-x)) as (tanh(x/2) + 1)/2, which cannot overflow
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5


def _silu(x: Array, out: Array, rows: Array, parameter: float) -> None:
    work = rows[0]
    _sigmoid(x, work, rows, parameter)
    np.multiply(x, work, out=out)


def _mish(x: Array, out: Array, rows: Array, parameter: float) -> None:
    work = rows[0]
    np.logaddexp(x, 0, out=work)  # softplus
    np.tanh(work, out=work)
    np.multiply(x, work, out=out)


def _hard_sigmoid(x: Array, out: Array, rows: Array, parameter: float) -> None:
    np.add(x, 3, out=out)
    np.clip(out, 0, 6, out=out)
    out /= 6


def _hard_swish(x: Array, out: Array, rows: Array, parameter: float) -> None:
    work = rows[0]
    _hard_sigmoid(x, work, rows, parameter)
    np.multiply(x, work, out=out)


def _tanh(x: Array, out: Array, rows: Array, parameter: float) -> None:
    np.tanh(x, out=out)


def _gelu(x: Array, out: Array, rows: Array, parameter: float) -> None:
    work = rows[0]
    np.multiply(x, math.sqrt(0.5), out=work)
    erf(work, rows[1:])
    work += 1
    work *= 0.5
    np.multiply(x, work, out=out)


#: erf(x)/x as a quotient of polynomials in x*x on [-4, 4], highest power first (Eigen's float
#: kernel); beyond, erf is 1 in single precision.
_ABOVE = (
    -2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
    -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02,
)  # fmt: skip
_BELOW = (
    -1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
    -1.42647390514189e-02,
)  # fmt: skip

#: Numbers of which Python computes erf at once: as objects they take seven times the memory.
_OBJECTS = 256


def erf(x: Array, rows: Array) -> None:
    """Replace x by erf(x): to 3e-7 in float32, exactly (and slowly) in float64.

    `rows` are three rows of working memory.
    """
    if x.dtype != np.float32:
        for i in range(0, x.size, _OBJECTS):
            part = x[i : i + _OBJECTS]
            part[...] = list(map(math.erf, part.tolist()))
        return
    np.clip(x, -4, 4, out=x)
    square, above, below = rows
    np.square(x, out=square)
    above[...] = _ABOVE[0]
    for coefficient in _ABOVE[1:]:
        above *= square
        above += coefficient
    below[...] = _BELOW[0]
    for coefficient in _BELOW[1:]:
        below *= square
        below += coefficient
    x *= above
    x /= below


KERNELS: dict[str, Kernel] = {
    "abs": _abs,
    "relu": _relu,
    "relu6": _relu6,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "selu": _selu,
    "gelu": _gelu,
    "silu": _silu,
    "mish": _mish,
    "hard_swish": _hard_swish,
    "hard_sigmoid": _hard_sigmoid,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
}


def softmax(x: Array, out: Array) -> Array:
    """exp(x) over its sum along the channels, the largest taken off first."""
    for piece, target in row_pieces(x, out):
        np.subtract(piece, piece.max(axis=-1, keepdims=True), out=target)
        np.exp(target, out=target)
        np.divide(target, target.sum(axis=-1, keepdims=True), out=target)
    return out


def prelu(x: Array, slope: Array, scratch: Scratch) -> Array:
    """x, or slope * x below 0; one slope, or one per channel."""
    out = np.empty_like(x)
    if slope.size == 1:
        for piece, target, (work,) in pieces(x, out, scratch):
            np.multiply(_negative(piece, work), slope, out=work)
            _positive(piece, target)
            np.add(target, work, out=target)
        return out
    work = scratch.empty((rows_of(x), x.shape[-1]), x.dtype)
    for piece, target in row_pieces(x, out):
        below = work[: len(piece)]
        np.multiply(_negative(piece, below), slope, out=below)
        _positive(piece, target)
        np.add(target, below, out=target)
    return out
