"""What is worked out number by number: sums, comparisons, roundings.

Both operands are of one type, and so is the result; integers wrap. `Exp` and its kin are not here:
their last digit is the library's own.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from convcalc.interop.read.onnx.constants.work import Array, Work, unknown
from convcalc.interop.read.onnx.few import few

Rule = Callable[[Work], Any]

#: integers up to here, and no others beside, are all floats of a type
_EXACT = {"float16": 2**11, "float32": 2**24, "float64": 2**53}


def exact(kind: np.dtype[Any]) -> int:
    """The magnitude up to which a type holds every integer."""
    return _EXACT.get(kind.name) or int(np.iinfo(kind).max)


def _one(function: Callable[[Array], Any], kinds: str) -> Rule:
    return lambda work: function(work.array(0, kinds))


def _two(function: Callable[[Array, Array], Any], kinds: str) -> Rule:
    def rule(work: Work) -> Any:
        operands = work.operands(kinds)
        if len(operands) != 2:
            unknown("two operands")
        few(np.broadcast_shapes(*(one.shape for one in operands)))
        return function(*operands)

    return rule


def _several(function: Callable[[Array, Array], Any]) -> Rule:
    """Of any number of operands; where one is NaN, tools differ."""

    def rule(work: Work) -> Any:
        operands = work.operands("iuf")
        few(np.broadcast_shapes(*(one.shape for one in operands)))
        for one in operands:
            without_nan(one)
        return reduce(function, operands)

    return rule


def without_nan(array: Array) -> Array:
    """The array.

    Raises:
        ValueError: one of its numbers is none.
    """
    if array.dtype.kind == "f" and np.isnan(array).any():
        unknown("NaN")
    return array


def _dividing(a: Array, b: Array) -> None:
    """Raise unless integers can be divided: what is not possible may end the program."""
    if a.dtype.kind == "i" and np.any((b == -1) & (a == np.iinfo(a.dtype).min)):
        unknown("the quotient lies outside of the type")
    if a.dtype.kind in "iu" and not b.all():
        unknown("divided by 0")


def _divide(a: Array, b: Array) -> Any:
    """Of integers: cut off towards 0."""
    _dividing(a, b)
    if a.dtype.kind == "f":
        return a / b
    return (a - np.fmod(a, b)) // b


def _mod(work: Work) -> Any:
    """With the divisor's sign; with `fmod`, which floats need, with the dividend's."""
    as_in_c = work.flag("fmod", 0)
    function = np.fmod if as_in_c else np.mod

    def remainder(a: Array, b: Array) -> Any:
        _dividing(a, b)
        return function(a, b)

    return _two(remainder, "iuf" if as_in_c else "iu")(work)


def _power(work: Work) -> Any:
    """Of the base's type: where it is exact, a square or a root."""
    base, by = work.array(0, "if"), work.array(1, "iuf")
    if len(work.arrays) != 2:
        unknown("two operands")
    few(np.broadcast_shapes(base.shape, by.shape))
    bases, powers = np.broadcast_arrays(base, by)
    pairs = zip(bases.reshape(-1), powers.reshape(-1), strict=True)
    found = [_raised(one, float(power)) for one, power in pairs]
    return np.array(found, dtype=base.dtype).reshape(bases.shape)


def _raised(base: Any, power: float) -> Any:
    most = min(exact(base.dtype), 2**53)  # integers go through float64
    if base.dtype.kind == "f":
        if power in {1.0, 2.0}:
            return base if power == 1 else base * base
        if power == 0.5 and base > 0:
            return np.sqrt(base)
    if power != int(power) or base != int(base) or abs(power) > 64 or abs(base) > most:
        unknown("not exact")
    whole = int(base)
    if power < 0:
        if whole == 0 or base.dtype.kind == "f":
            unknown("not exact")
        return whole if abs(whole) == 1 and power % 2 else int(abs(whole) == 1)
    found = whole ** int(power)
    return found if abs(found) <= most else unknown("not exact")


TABLE: dict[str, Rule] = {
    "Add": _two(np.add, "iuf"),
    "Sub": _two(np.subtract, "iuf"),
    "Mul": _two(np.multiply, "iuf"),
    "Div": _two(_divide, "iuf"),
    "Mod": _mod,
    "Pow": _power,
    "Min": _several(np.minimum),
    "Max": _several(np.maximum),
    "Equal": _two(np.equal, "biuf"),
    "Greater": _two(np.greater, "iuf"),
    "GreaterOrEqual": _two(np.greater_equal, "iuf"),
    "Less": _two(np.less, "iuf"),
    "LessOrEqual": _two(np.less_equal, "iuf"),
    "And": _two(np.logical_and, "b"),
    "Or": _two(np.logical_or, "b"),
    "Xor": _two(np.logical_xor, "b"),
    "Not": _one(np.logical_not, "b"),
    "Neg": _one(np.negative, "if"),
    "Abs": _one(np.abs, "iuf"),
    "Sqrt": _one(np.sqrt, "f"),
    "Reciprocal": _one(np.reciprocal, "f"),
    "Floor": _one(np.floor, "f"),
    "Ceil": _one(np.ceil, "f"),
    "Round": _one(np.rint, "f"),
}
