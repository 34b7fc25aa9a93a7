"""Formulas: values that start with ``=``, as in a spreadsheet. Exact, and never Python's eval.

Grammar, loosest first::

    or, and, not, == != < <= > >=, + -, * / // %, unary -, numbers, names, ( ),
    min( , ), max( , ), round( )

Integers stay integers; a division with a remainder is an error, not a rounded number, but for
options that are no sizes (`fractions`).
"""

from fractions import Fraction
from functools import lru_cache

from convcalc.formula.grammar import Call, FormulaError, Name, NoQuotientError, Number, Tree, parse
from convcalc.formula.work import Compiled, Lookup, compiled
from convcalc.layers.option import Value

#: Letters from which looking a value up is less work than working it out.
_LONG = 40

__all__ = [
    "Call", "Compiled", "FormulaError", "Lookup", "Name", "NoQuotientError", "Number", "Tree",
    "compiled", "evaluate", "names", "parse",
]  # fmt: skip


def evaluate(text: str, lookup: Lookup, fractions: bool = False) -> Value:
    """The value of a formula, ``=`` included; a lone name passes any value through.

    With `fractions` a quotient of two integers need not be one.

    Raises:
        FormulaError: it cannot be read, or not be worked out.

    >>> evaluate("=4*width // 3", {"width": 10}.__getitem__)
    13
    """
    name, work = _program(text, fractions)
    if name is not None:
        return lookup(name)
    if fractions or len(text) < _LONG:
        return _worked_out(work, lookup)
    return _remembered(text, lookup)


def _worked_out(work: Compiled, lookup: Lookup) -> Value:
    value = work(lookup)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def _remembered(text: str, lookup: Lookup) -> Value:
    """The value of a long formula, worked out once for equal values of its variables."""
    try:
        values = tuple([lookup(name) for name in _mentioned(text)])
    except Exception:  # whether it needs that one is seen where it is worked out
        return _worked_out(_program(text, False)[1], lookup)
    return _known(text, values, tuple(map(type, values)))


@lru_cache(maxsize=256)
def _known(text: str, values: tuple[Value, ...], types: tuple[type, ...]) -> Value:
    """The same by values; 1 and true are equal, and not alike."""
    found = dict(zip(_mentioned(text), values, strict=True))
    return _worked_out(_program(text, False)[1], found.__getitem__)


@lru_cache(maxsize=256)
def _mentioned(text: str) -> tuple[str, ...]:
    """The variables of a formula, each once."""
    return tuple(dict.fromkeys(names(text)))


@lru_cache(maxsize=4096)
def _program(text: str, fractions: bool) -> tuple[str | None, Compiled]:
    """The name that a formula is alone, if it is one, and what works it out."""
    tree = parse(text)
    return tree.text if isinstance(tree, Name) else None, compiled(tree, fractions)


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """The variables of a formula, in order.

    Raises:
        FormulaError: it cannot be read.
    """

    found: list[str] = []

    def walk(tree: Tree) -> None:
        if isinstance(tree, Name):
            found.append(tree.text)
        for operand in tree.operands if isinstance(tree, Call) else ():
            walk(operand)

    walk(parse(text))
    return tuple(found)
