"""Whether floats were rounded: sums and products of two with what is lost of them.

In float64 the error of a sum or a product is a float itself (Knuth's and Dekker's); of the narrower
types there is none.
"""

from typing import Any

import numpy as np

from convcalc.interop.read.onnx.constants.work import Array

#: takes the first half of a float64's digits
_HALF = float(2**27 + 1)
#: below it the error of a product may itself be lost
_LEAST = 2.0**-900


def sum_is(a: Array, b: Array, found: Any) -> bool:
    """Whether each sum is the number that was found."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    found = np.asarray(found, np.float64)
    rest = found - a
    lost = (a - (found - rest)) + (b - rest)
    return _all((a + b == found) & (lost == 0), a, b)


def product_is(a: Array, b: Array, found: Any) -> bool:
    """Whether each product is the number that was found."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    found = np.asarray(found, np.float64)
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    lost = a2 * b2 - (((found - a1 * b1) - a2 * b1) - a1 * b2)
    safe = (np.abs(found) > _LEAST) & (lost == 0)
    nothing = (found == 0) & ((a == 0) | (b == 0))
    return _all((a * b == found) & (safe | nothing), a, b)


def quotient_is(a: Array, b: Array, found: Any) -> bool:
    """Whether each quotient is the number that was found."""
    whole = np.isfinite(a) & np.isfinite(b)
    return product_is(np.where(whole, found, 0), np.where(whole, b, 0), np.where(whole, a, 0))


def root_is(a: Array, found: Any) -> bool:
    """Whether each square root is the number that was found."""
    whole = np.isfinite(a) & (a >= 0)
    return product_is(np.where(whole, found, 0), np.where(whole, found, 0), np.where(whole, a, 0))


def _halves(x: Array) -> tuple[Array, Array]:
    first = x * _HALF
    first = first - (first - x)
    return first, x - first


def _all(exact: Array, a: Array, b: Array) -> bool:
    """Of what is infinite or no number nothing is rounded."""
    return bool(np.all(exact | ~np.isfinite(a) | ~np.isfinite(b)))
