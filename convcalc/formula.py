"""Formulas: values that start with ``=``, as in a spreadsheet. Exact, and never Python's eval.

Grammar, loosest first::

    or, and, not, == != < <= > >=, + -, * / // %, unary -, numbers, names, ( ),
    min( , ), max( , ), round( )

Integers stay integers; a division with a remainder is an error, not a rounded number.
"""

import operator as operators
import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from convcalc.layers.option import Value

Number = int | Fraction | bool
Lookup = Callable[[str], Value]
Compiled = Callable[[Lookup], Number]

_LONGEST = 500
_DEEPEST = 32
_LARGEST = 2**63
_MOST_DIGITS = 18

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(//|==|!=|<=|>=|[-+*/%(),<>]))", re.A)


class FormulaError(Exception):
    """A formula that cannot be read or worked out; `offset` counts from its ``=``."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class Name(NamedTuple):
    """A variable, and its place."""

    text: str
    offset: int


class Call(NamedTuple):
    """An operator or function with its operands."""

    operator: str
    operands: tuple["Tree", ...]
    offset: int


Tree = int | Fraction | Name | Call

_FUNCTIONS = ("min", "max", "round")  #: round: a half goes to the even neighbour, as in Python

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("==", "!=", "<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "//", "%"),
)


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


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """The tree of a formula that starts with ``=``.

    Raises:
        FormulaError: it is no formula.
    """
    if len(text) > _LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters: at most {_LONGEST} are read")
    parser = _Parser(text)
    tree = parser.level(0)
    if parser.token is not None:
        raise FormulaError(f"{parser.token!r} was not expected here", parser.offset)
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 1
        self.offset = 1
        self.depth = 0
        self.token: str | None = None
        self.advance()

    def advance(self) -> None:
        """Step to the next token."""
        rest = self.text[self.position :]
        self.offset = self.position + len(rest) - len(rest.lstrip())
        if not rest.strip():
            self.token = None
            return
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise FormulaError(f"{rest.strip()[0]!r} cannot be used in a formula", self.offset)
        self.token = match[1] or match[2] or match[3]
        self.position = match.end()

    def expect(self, token: str) -> None:
        """Step over a token that must come next."""
        if self.token != token:
            got = repr(self.token) if self.token else "the end"
            raise FormulaError(f"expected {token!r}, got {got}", self.offset)
        self.advance()

    def level(self, level: int) -> Tree:
        """An expression of this level of the grammar."""
        if level == len(_LEVELS):
            return self.unary()
        left = self.negated(level) if level == 2 else self.level(level + 1)
        while self.token in _LEVELS[level]:
            operator, offset = self.token or "", self.offset
            self.advance()
            right = self.negated(level) if level == 2 else self.level(level + 1)
            left = Call(operator, (left, right), offset)
        return left

    def negated(self, level: int) -> Tree:
        """A comparison's side, or a whole comparison after ``not``."""
        if self.token != "not":
            return self.level(level + 1)
        offset = self.offset
        self.advance()
        self.deeper()
        tree = Call("not", (self.level(level),), offset)
        self.depth -= 1
        return tree

    def unary(self) -> Tree:
        """A number, a name, a call, brackets, or one of these after a minus sign."""
        token, offset = self.token, self.offset
        if token is None:
            raise FormulaError("the formula ends too early", offset)
        self.advance()
        if token[0].isdigit():
            if len(token) > _MOST_DIGITS:
                text = f"a number of {len(token)} digits: at most {_MOST_DIGITS} are read"
                raise FormulaError(text, offset)
            if token[0] == "0" and token[1:2].isdigit():
                text = (
                    f"{token} is read differently by YAML parsers: write {token.lstrip('0') or 0}"
                )
                raise FormulaError(text, offset)
            return Fraction(token) if "." in token else int(token)
        self.deeper()
        tree: Tree
        if token == "-":
            tree = Call("negative", (self.unary(),), offset)
        elif token == "(":
            tree = self.level(0)
            self.expect(")")
        elif token in _FUNCTIONS and self.token == "(":
            self.advance()
            operands = [self.level(0)]
            while self.token == ",":
                self.advance()
                operands.append(self.level(0))
            self.expect(")")
            if token == "round" and len(operands) > 1:
                raise FormulaError("round takes one number", offset)
            tree = Call(token, tuple(operands), offset)
        elif token[0].isalpha() or token[0] == "_":
            if self.token == "(":
                raise FormulaError(f"{token} is not a function: use min, max or round", offset)
            tree = Name(token, offset)
        else:
            raise FormulaError(f"{token!r} was not expected here", offset)
        self.depth -= 1
        return tree

    def deeper(self) -> None:
        """Count a level of nesting."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaError(f"nested deeper than {_DEEPEST} levels", self.offset)


def compiled(tree: Tree) -> Compiled:
    """What works a tree out under a lookup.

    It raises FormulaError where the tree has no value.
    """
    if isinstance(tree, int | Fraction):
        return lambda lookup: tree
    if isinstance(tree, Name):
        return _name(tree)
    operator, offset = tree.operator, tree.offset
    first, *others = map(compiled, tree.operands)
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
    work, second = _binary(operator, offset), others[0]

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
    return result


_UNARY: dict[str, Callable[[Number], Number]] = {
    "negative": lambda number: -number, "not": operators.not_, "round": round,
}  # fmt: skip
_BINARY: dict[str, Callable[[Number, Number], Number]] = {
    "==": operators.eq, "!=": operators.ne, "<": operators.lt, "<=": operators.le,
    ">": operators.gt, ">=": operators.ge, "+": operators.add, "-": operators.sub,
    "*": operators.mul, "//": operators.floordiv, "%": operators.mod,
}  # fmt: skip


def _binary(operator: str, offset: int) -> Callable[[Number, Number], Number]:
    """What an operator of two numbers does."""
    if operator not in {"/", "//", "%"}:
        return _BINARY[operator]

    def divided(left: Number, right: Number) -> Number:
        if not right:
            raise FormulaError("division by zero", offset)
        if operator != "/":
            return _BINARY[operator](left, right)
        quotient = Fraction(left) / Fraction(right)
        if quotient.denominator == 1:
            return int(quotient)
        if isinstance(left, int) and isinstance(right, int):
            raise FormulaError(
                f"{left}/{right} is not an integer: {left} = {right}*{left // right} + "
                f"{left % right}; // rounds down",
                offset,
            )
        return quotient

    return divided
