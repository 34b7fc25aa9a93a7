"""What is worked out number by number: sums, comparisons, roundings.

Both operands are of one type, and so is the result; integers wrap. `Exp` and its kin are not here:
their last digit is the library's own. What each operator does to the last digits of floats stands
beside it, in the table.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from convcalc.interop.read.onnx.constants.exact import product_is, quotient_is, root_is, sum_is
from convcalc.interop.read.onnx.constants.rounding import (
    Operator,
    Rule,
    Step,
    decides,
    keeps,
    one_step,
    several_steps,
)
from convcalc.interop.read.onnx.constants.work import Array, Work, unknown
from convcalc.interop.read.onnx.few import few

#: whether what was made of operands is exact
Check = Callable[[Array, Array, Any], bool]

#: integers up to here, and no others beside, are all floats of a type
_EXACT = {"float16": 2**11, "float32": 2**24, "float64": 2**53}


def exact(kind: np.dtype[Any]) -> int:
    """The magnitude up to which a type holds every integer."""
    return _EXACT.get(kind.name) or int(np.iinfo(kind).max)


def _one(function: Callable[[Array], Any], kinds: str) -> Rule:
    return lambda work: function(work.array(0, kinds))


def _pair(work: Work, kinds: str) -> tuple[Array, Array]:
    operands = work.operands(kinds)
    if len(operands) != 2:
        unknown("two operands")
    few(np.broadcast_shapes(*(one.shape for one in operands)))
    return operands[0], operands[1]


def _two(function: Callable[[Array, Array], Any], kinds: str) -> Rule:
    return lambda work: function(*_pair(work, kinds))


def _step(
    function: Callable[[Array, Array], Any], is_exact: Check, kinds: str = "iuf"
) -> Callable[[Work], Step]:
    """Of two numbers; integers wrap, which is exact."""

    def rule(work: Work) -> Step:
        a, b = _pair(work, kinds)
        found = function(a, b)
        return Step(found, a.dtype.kind != "f" or is_exact(a, b, found))

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
    """Raise unless numbers can be divided: what is not possible may end the program.

    Floats can, but whether a 0 is negative is not the same in all tools.
    """
    if a.dtype.kind == "i" and np.any((b == -1) & (a == np.iinfo(a.dtype).min)):
        unknown("the quotient lies outside of the type")
    if not b.all():
        unknown("divided by 0")


def _quotient(a: Array, b: Array) -> Any:
    """Of integers: cut off towards 0."""
    _dividing(a, b)
    if a.dtype.kind == "f":
        return a / b
    return (a - np.fmod(a, b)) // b


def _mod(work: Work) -> Step:
    """With the divisor's sign; with `fmod`, which floats need, with the dividend's. None rounds."""
    as_in_c = work.flag("fmod", 0)
    a, b = _pair(work, "iuf" if as_in_c else "iu")
    _dividing(a, b)
    return Step(np.fmod(a, b) if as_in_c else np.mod(a, b), exact=True)


def _sqrt(work: Work) -> Step:
    x = work.array(0, "f")
    found = np.sqrt(x)
    return Step(found, root_is(x, found))


def _reciprocal(work: Work) -> Step:
    x = work.array(0, "f")
    found = np.reciprocal(x)
    return Step(found, bool(x.all()) and quotient_is(np.ones_like(x), x, found))


def _power(work: Work) -> Step:
    """Of the base's type: with whole powers, a root where it is one."""
    base, by = work.array(0, "if"), work.array(1, "iuf")
    if len(work.arrays) != 2:
        unknown("two operands")
    few(np.broadcast_shapes(base.shape, by.shape))
    bases, powers = np.broadcast_arrays(base, by)
    pairs = zip(bases.reshape(-1), powers.reshape(-1), strict=True)
    found = [_raised(one, float(power)) for one, power in pairs]
    return Step(np.array(found, dtype=base.dtype).reshape(bases.shape), exact=True)


def _raised(base: Any, power: float) -> Any:
    most = min(exact(base.dtype), 2**53)  # integers go through float64
    if base.dtype.kind == "f":
        if power == 1:
            return base
        if power == 2 and product_is(base, base, base * base):
            return base * base
        if power == 0.5 and base > 0 and root_is(base, np.sqrt(base)):
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


def _less(a: Array, b: Array, found: Any) -> bool:
    return sum_is(a, -b, found)


TABLE: dict[str, Operator] = {
    "Add": one_step(_step(np.add, sum_is)),
    "Sub": one_step(_step(np.subtract, _less)),
    "Mul": one_step(_step(np.multiply, product_is)),
    "Div": one_step(_step(_quotient, quotient_is)),
    "Mod": one_step(_mod),
    "Sqrt": one_step(_sqrt),
    # tools have approximations of their own for it, and libraries powers
    "Reciprocal": several_steps(_reciprocal),
    "Pow": several_steps(_power),
    "Min": keeps(_several(np.minimum)),
    "Max": keeps(_several(np.maximum)),
    "Neg": keeps(_one(np.negative, "if")),
    "Abs": keeps(_one(np.abs, "iuf")),
    "Equal": decides(_two(np.equal, "biuf")),
    "Greater": decides(_two(np.greater, "iuf")),
    "GreaterOrEqual": decides(_two(np.greater_equal, "iuf")),
    "Less": decides(_two(np.less, "iuf")),
    "LessOrEqual": decides(_two(np.less_equal, "iuf")),
    "And": decides(_two(np.logical_and, "b")),
    "Or": decides(_two(np.logical_or, "b")),
    "Xor": decides(_two(np.logical_xor, "b")),
    "Not": decides(_one(np.logical_not, "b")),
    "Floor": decides(_one(np.floor, "f")),
    "Ceil": decides(_one(np.ceil, "f")),
    "Round": decides(_one(np.rint, "f")),
}
