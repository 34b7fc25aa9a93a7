"""The grammar of formulas: text to a tree."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

Number = int | Fraction | bool

_LONGEST = 500
_DEEPEST = 32
_MOST_DIGITS = 18

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(//|==|!=|<=|>=|[-+*/%(),<>]))", re.A)


class FormulaError(Exception):
    """A formula that cannot be read or worked out; `offset` counts from its ``=``."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class NoQuotientError(FormulaError):
    """A division by zero."""


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

_COMPARING = 2  #: the level of comparisons


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
        if level == _COMPARING:
            return self.comparison()
        left = self.level(level + 1)
        while self.token in _LEVELS[level]:
            operator, offset = self.token or "", self.offset
            self.advance()
            left = Call(operator, (left, self.level(level + 1)), offset)
        return left

    def comparison(self) -> Tree:
        """Two sides, or one alone: of three it would not be plain which two are compared."""
        begin, left = self.offset, self.negated(_COMPARING)
        if self.token not in _LEVELS[_COMPARING]:
            return left
        operator, offset = self.token or "", self.offset
        self.advance()
        middle, right = self.offset, self.negated(_COMPARING)
        if self.token in _LEVELS[_COMPARING]:
            end, second = self.offset, self.offset
            self.advance()
            self.negated(_COMPARING)
            until = len(self.text) if self.token is None else self.offset
            one, other = self.text[begin:end].strip(), self.text[middle:until].strip()
            raise FormulaError(f"two comparisons in a row: write `{one} and {other}`", second)
        return Call(operator, (left, right), offset)

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
