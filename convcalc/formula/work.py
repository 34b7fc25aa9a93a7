"""What works a formula's tree out: compiled once, for any values of its variables."""

import operator as operators
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from convcalc.formula.grammar import FormulaError, Name, NoQuotientError, Number, Tree
from convcalc.layers.option import Value

Lookup = Callable[[str], Value]
Compiled = Callable[[Lookup], Number]

_LARGEST = 2**63
_FINEST = 10**77  #: products of hundreds of decimals, exact, take milliseconds each


def compiled(tree: Tree, fractions: bool = False) -> Compiled:
    """What works a tree out under a lookup.

    It raises FormulaError where the tree has no value; with `fractions` two integers have a
    quotient that is none.
    """
    if isinstance(tree, int | Fraction):
        return lambda lookup: tree
    if isinstance(tree, Name):
        return _name(tree)
    operator, offset = tree.operator, tree.offset
    first, *others = [compiled(operand, fractions) for operand in tree.operands]
    if operator in {"and", "or"}:  # the right side only where the left one leaves it open
        second, decisive = others[0], operator == "or"
        return lambda lookup: decisive if bool(first(lookup)) is decisive else bool(second(lookup))
    if operator in {"min", "max"}:
        choose = min if operator == "min" else max
        operands = (first, *others)
        return lambda lookup: _bounded(choose([one(lookup) for one in operands]), offset)
    if not others:
        apply = _UNARY[operator]
        return lambda lookup: _bounded(apply(first(lookup)), offset)
    work, second = _binary(operator, offset, fractions), others[0]

    def call(lookup: Lookup) -> Number:
        result = work(first(lookup), second(lookup))
        if result.__class__ is Fraction:
            return _bounded(result, offset)
        return result if -_LARGEST < result < _LARGEST else _bounded(result, offset)

    return call


def _name(name: Name) -> Compiled:
    text, offset = name

    def call(lookup: Lookup) -> Number:
        value = lookup(text)
        if isinstance(value, int):
            return value
        if isinstance(value, float):
            if not isfinite(value):  # no spec has such a number, but Python's callers may
                raise FormulaError(f"{text} is {value}", offset)
            return _exact(value)
        raise FormulaError(f"{text} is not a number here", offset)

    return call


@lru_cache(maxsize=1024)
def _exact(value: float) -> Fraction:
    """The number that a float is written as: 0.1 is a tenth."""
    return Fraction(repr(value))


def _bounded(result: Number, offset: int) -> Number:
    if not abs(result.numerator) < _LARGEST * result.denominator:
        raise FormulaError("a number beyond 2**63", offset)
    if result.denominator > _FINEST:
        raise FormulaError("a fraction of more than 77 digits", offset)
    return result


_UNARY: dict[str, Callable[[Number], Number]] = {
    "negative": lambda number: -number, "not": operators.not_, "round": round,
}  # fmt: skip
_BINARY: dict[str, Callable[[Number, Number], Number]] = {
    "==": operators.eq, "!=": operators.ne, "<": operators.lt, "<=": operators.le,
    ">": operators.gt, ">=": operators.ge, "+": operators.add, "-": operators.sub,
    "*": operators.mul, "//": operators.floordiv, "%": operators.mod,
}  # fmt: skip


def _binary(operator: str, offset: int, fractions: bool) -> Callable[[Number, Number], Number]:
    """What an operator of two numbers does."""
    if operator not in {"/", "//", "%"}:
        return _BINARY[operator]

    def divided(left: Number, right: Number) -> Number:
        if not right:
            raise NoQuotientError("division by zero", offset)
        if operator != "/":
            return _BINARY[operator](left, right)
        quotient = Fraction(left) / Fraction(right)
        if quotient.denominator == 1:
            return int(quotient)
        if isinstance(left, int) and isinstance(right, int) and not fractions:
            raise FormulaError(
                f"{left}/{right} is not an integer: {left} = {right}*{left // right} + "
                f"{left % right}; // rounds down",
                offset,
            )
        return quotient

    return divided
