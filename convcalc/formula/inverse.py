"""The value of a variable with which a formula has a value that is wanted.

Imported only where something is wrong.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from convcalc.formula import evaluate
from convcalc.formula.grammar import FormulaError, Name, Number, Tree, parse
from convcalc.formula.work import compiled
from convcalc.layers.option import Value


def solved(text: str, wanted: int, values: Mapping[str, Value]) -> Iterator[tuple[str, int]]:
    """Each variable of a formula with the integer that makes it what is wanted, others as they are.

    None for a variable that stands there twice, or where no integer does it.

    >>> [*solved("=2*c + 1", 33, {"c": 8})]
    [('c', 16)]
    """
    try:
        tree = parse(text)
    except FormulaError:
        return
    for name, known in values.items():
        try:
            value = _with(tree, name, wanted, values)
            if value is None or isinstance(known, bool):
                continue
            number = round(value)
            if evaluate(text, {**values, name: number}.__getitem__) == wanted:
                yield name, number
        except (FormulaError, KeyError, ZeroDivisionError):
            continue


def _with(tree: Tree, name: str, wanted: Number, values: Mapping[str, Value]) -> Number | None:
    """What a name has to be where a tree has a value; None where that is not known."""
    if isinstance(tree, Name):
        return wanted if tree.text == name else None
    if isinstance(tree, int | Fraction):
        return None
    with_it = [number for number, one in enumerate(tree.operands) if name in _names(one)]
    if len(with_it) != 1:
        return None
    (place,) = with_it
    inner = tree.operands[place]
    others = [compiled(one)(values.__getitem__) for one in tree.operands if one is not inner]
    if tree.operator in {"min", "max", "round"}:
        return _with(inner, name, wanted, values)
    if tree.operator == "negative":
        return _with(inner, name, -wanted, values)
    if len(others) != 1 or tree.operator not in _INVERSE:
        return None
    before = _INVERSE[tree.operator][place](Fraction(wanted), Fraction(others[0]))
    return _with(inner, name, before, values)


#: for each operator its left operand by the result and the right one, and its right one by the left
_INVERSE = {
    "+": (lambda made, other: made - other, lambda made, other: made - other),
    "-": (lambda made, other: made + other, lambda made, other: other - made),
    "*": (lambda made, other: made / other, lambda made, other: made / other),
    "/": (lambda made, other: made * other, lambda made, other: other / made),
    "//": (lambda made, other: made * other, lambda made, other: other / made),
}


def _names(tree: Tree) -> list[str]:
    """The names in a tree, as often as they stand there."""
    if isinstance(tree, Name):
        return [tree.text]
    return [n for one in getattr(tree, "operands", ()) for n in _names(one)]
