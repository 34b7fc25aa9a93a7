"""Formulas as Python: names replaced, constants folded, as few brackets as needed."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from convcalc.formula import Call, FormulaError, Name, Tree, compiled, parse
from convcalc.layers.option import Value
from convcalc.tree.nodes import Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

#: A formula, or a value as a spec gives it: text, a truth value, several numbers.
Expression = Tree | Value

#: How tightly operators bind, as in Python.
_BINDING = {
    "or": 1, "and": 2, "not": 3, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "negative": 7,
}  # fmt: skip
_FUNCTIONS = frozenset({"min", "max", "round"})


class Code(str):
    """A value that Python code has as it is: the name of a class."""

    __slots__ = ()


class NotSaidError(Exception):
    """A spec says this in a way that is no Python of integers."""


def expression(node: Node | None) -> Expression:
    """What a node says: a formula's tree, or the value itself.

    Raises:
        NotSaidError: it is a mapping, or is not a value at all.
    """
    if isinstance(node, Sequence):
        items = [expression(item) for item in node.items]
        if any(isinstance(item, Name | Call | tuple | str) for item in items):
            raise NotSaidError
        return tuple(items)  # type: ignore[arg-type]
    if not isinstance(node, Scalar):
        raise NotSaidError
    if node.text[:1] == "=" and len(node.text) > 1:
        try:
            return parse(node.text)
        except FormulaError as error:
            raise NotSaidError from error
    try:
        return resolve(node.text) if node.plain else node.text
    except AmbiguousError as error:
        raise NotSaidError from error


_MOST = 150  #: operators, names and numbers of an expression that anybody reads


def is_long(tree: Expression) -> bool:
    """Whether an expression has more parts than are written, or walked through again.

    Of arguments that are each a formula of the one before, the parts double with each.
    """
    waiting, found = [tree], 0
    while waiting and found <= _MOST:
        found += 1
        part = waiting.pop()
        if isinstance(part, Call):
            waiting += part.operands
    return found > _MOST


def replaced(tree: Expression, names: Mapping[str, Expression]) -> Expression:
    """A formula with expressions in the place of some names, its constants folded.

    Raises:
        NotSaidError: it is very long.
    """
    if is_long(tree):
        raise NotSaidError
    return _replaced(tree, names)


def _replaced(tree: Expression, names: Mapping[str, Expression]) -> Expression:
    if isinstance(tree, Name):
        return names.get(tree.text, tree)
    if not isinstance(tree, Call):
        return tree
    return joined(tree.operator, *(_replaced(operand, names) for operand in tree.operands))


def joined(operator: str, *operands: Expression) -> Expression:
    """An operator or function of some expressions, its constants folded.

    Raises:
        NotSaidError: one of them is not a number.
    """
    numbers = (Name, Call, int, Fraction)
    found = tuple(operand for operand in operands if isinstance(operand, numbers))
    if len(found) < len(operands):
        raise NotSaidError
    return _simple(Call(operator, found, 0))


def _simple(tree: Call) -> Tree:
    """A formula without factors of 1, terms of 0 and arithmetic of constants."""
    if not any(isinstance(operand, Name | Call | tuple) for operand in tree.operands):
        try:
            return _number(compiled(tree)(dict[str, Value]().__getitem__))
        except FormulaError as error:
            raise NotSaidError from error
    first, second = (*tree.operands, None)[:2]
    if tree.operator == "*":  # a truth value that a formula counts with
        first, second = (int(one) if isinstance(one, bool) else one for one in (first, second))
    match tree.operator, first, second:
        case ("*", 0, _) | ("*", _, 0):
            return 0
        case ("//" | "/", Call("*", (inner, factor)), int()) if factor == second != 0:
            return inner
        case ("*", 1, other) if type(first) is int and other is not None:
            return other
        case ("*" | "/", other, 1) if type(second) is int and other is not None:
            return other
        case ("//", other, 1) if other is not None and _whole(other):
            return other
        case ("+", 0, other) if type(first) is int and other is not None:
            return other
        case ("+" | "-", other, 0) if type(second) is int and other is not None:
            return other
        case ("negative", Call("negative", (inner,)), None):
            return inner
    if tree.operator in {"+", "-"} and isinstance(first, Call) and first.operator in {"+", "-"}:
        # a + 2 - 1: the constants become one
        inner, last = first.operands
        if type(second) is int and type(inner) is int:
            total = inner + (second if tree.operator == "+" else -second)
            return _simple(Call(first.operator, (total, last), 0))
        if type(second) is int and type(last) is int:
            total = (last if first.operator == "+" else -last) + (
                second if tree.operator == "+" else -second
            )
            return _simple(Call("+" if total >= 0 else "-", (inner, abs(total)), 0))
    return tree


def _whole(tree: Expression) -> bool:
    """Whether nothing in a formula makes fractions."""
    if isinstance(tree, Call):
        return tree.operator != "/" and all(map(_whole, tree.operands))
    return not isinstance(tree, Fraction | float)


def _number(value: int | Fraction | bool) -> Tree:
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return value


def value_of(tree: Expression, names: Mapping[str, Value]) -> Value:
    """What an expression is where its names have these values.

    Raises:
        NotSaidError: it has no value there.
    """
    return worked_out(tree)(names)


def worked_out(tree: Expression) -> Callable[[Mapping[str, Value]], Value]:
    """What gives an expression's value under any names, its formula compiled once.

    It raises NotSaidError where there is no value.
    """
    if isinstance(tree, Name):
        return lambda names: _named(tree.text, names)
    if not isinstance(tree, Call):
        value = float(tree) if isinstance(tree, Fraction) else tree
        return lambda names: value
    work = compiled(tree)

    def call(names: Mapping[str, Value]) -> Value:
        try:
            found = work(names.__getitem__)
        except (KeyError, FormulaError) as error:
            raise NotSaidError from error
        return float(found) if isinstance(found, Fraction) else found

    return call


def _named(word: str, names: Mapping[str, Value]) -> Value:
    if word not in names:
        raise NotSaidError
    return names[word]


def python(tree: Expression, owner: str = "") -> str:
    """An expression as Python, its names as attributes of `owner` (``self.``) or alone.

    Raises:
        NotSaidError: Python's numbers would differ: it has fractions.
    """
    if isinstance(tree, Name):
        return f"{owner}{tree.text}"
    if isinstance(tree, str):
        return str(tree) if isinstance(tree, Code) else f'"{tree}"'
    if isinstance(tree, Fraction | float):
        return repr(float(tree))
    if not isinstance(tree, Call):
        return repr(tree)
    if any(isinstance(operand, Fraction | float) for operand in tree.operands):
        raise NotSaidError
    if tree.operator in _FUNCTIONS:
        return f"{tree.operator}({', '.join(python(one, owner) for one in tree.operands)})"
    binding = _BINDING[tree.operator]
    comparison = binding == _BINDING["=="]
    parts = [
        _bracketed(operand, binding, owner, at > 0 or comparison)
        for at, operand in enumerate(tree.operands)
    ]
    if tree.operator == "negative":
        return f"-{parts[0]}"
    if tree.operator == "not":
        return f"not {parts[0]}"
    sign = "//" if tree.operator == "/" else tree.operator
    return f"{parts[0]} {sign} {parts[1]}"


def _bracketed(tree: Expression, binding: int, owner: str, strictly: bool) -> str:
    text = python(tree, owner)
    if not isinstance(tree, Call) or tree.operator in _FUNCTIONS:
        return text
    own = _BINDING[tree.operator]
    return f"({text})" if own < binding or (own == binding and strictly) else text


def names_in(tree: Expression) -> set[str]:
    """The names of an expression."""
    if isinstance(tree, Name):
        return {tree.text}
    if isinstance(tree, Call):
        return {name for operand in tree.operands for name in names_in(operand)}
    return set()
