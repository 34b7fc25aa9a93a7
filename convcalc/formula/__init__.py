"""Formulas: values that start with ``=``, as in a spreadsheet. Exact, and never Python's eval.

Grammar, loosest first::

    or, and, not, == != < <= > >=, + -, * / // %, unary -, numbers, names, ( ),
    min( , ), max( , ), round( )

Integers stay integers; a division with a remainder is an error, not a rounded number.
"""

from fractions import Fraction
from functools import lru_cache

from convcalc.formula.grammar import Call, FormulaError, Name, Number, Tree, parse
from convcalc.formula.work import Compiled, Lookup, compiled
from convcalc.layers.option import Value

__all__ = [
    "Call", "Compiled", "FormulaError", "Lookup", "Name", "Number", "Tree", "compiled", "evaluate",
    "names", "parse",
]  # fmt: skip


def evaluate(text: str, lookup: Lookup) -> Value:
    """The value of a formula, ``=`` included; a lone name passes any value through.

    Raises:
        FormulaError: it cannot be read, or not be worked out.

    >>> evaluate("=4*width // 3", {"width": 10}.__getitem__)
    13
    """
    name, work = _program(text)
    if name is not None:
        return lookup(name)
    value = work(lookup)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


@lru_cache(maxsize=4096)
def _program(text: str) -> tuple[str | None, Compiled]:
    """The name that a formula is alone, if it is one, and what works it out."""
    tree = parse(text)
    return tree.text if isinstance(tree, Name) else None, compiled(tree)


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """The variables of a formula, in order.

    Raises:
        FormulaError: it cannot be read.
    """

    def walk(tree: Tree) -> tuple[str, ...]:
        if isinstance(tree, Name):
            return (tree.text,)
        if isinstance(tree, Call):
            return tuple(name for operand in tree.operands for name in walk(operand))
        return ()

    return walk(parse(text))
