"""What a spec defines (layers, blocks, variables, arguments) and where each is used."""

from typing import NamedTuple

from convcalc.editor.positions import covers
from convcalc.findings import Span
from convcalc.tree.nodes import Scalar

LAYER, BLOCK, VARIABLE = "layer", "block", "variable"


class Symbol(NamedTuple):
    """One thing that a spec defines."""

    sort: str
    scope: str
    """The block that it is defined in; '' for the file."""
    name: str
    """'' for a layer that the file gives no name."""
    start: int
    """The place of the word that makes it: a layer's kind, else its name."""


class Use(NamedTuple):
    """One place of the text that names a symbol."""

    symbol: Symbol
    span: Span
    defines: bool = False


def _weight(use: Use) -> tuple[int, bool]:
    """Which of several uses at a place is meant: the shortest; a block before its call."""
    return use.span.end_column - use.span.column, use.symbol.sort == LAYER


class Symbols(NamedTuple):
    """The symbols of a text, and every use in the order of the text."""

    uses: tuple[Use, ...]
    naming: frozenset[tuple[str, str]] = frozenset()
    """The arguments of blocks, and the variables of the file (block ''), that name layers."""
    making: frozenset[tuple[str, str]] = frozenset()
    """Those that hold layers."""

    def at(self, line: int, column: int) -> Use | None:
        """The use at a place."""
        found = [use for use in self.uses if covers(use.span, line, column)]
        return min(found, key=_weight, default=None)

    def of(self, symbol: Symbol) -> tuple[Use, ...]:
        """All uses of a symbol."""
        return tuple(use for use in self.uses if use.symbol == symbol)

    def definition(self, symbol: Symbol) -> Use | None:
        """Where a symbol is defined."""
        return next((use for use in self.uses if use.symbol == symbol and use.defines), None)

    def names(self, sort: str, scope: str | None = None) -> list[str]:
        """The names of a sort, of one scope or all."""
        found = [
            use.symbol.name
            for use in self.uses
            if use.defines and use.symbol.sort == sort and use.symbol.name
            if scope is None or use.symbol.scope == scope
        ]
        return list(dict.fromkeys(found))

    def bindings(self) -> list[tuple[int, int, str, bool]]:
        """Which uses, in the order of the text, are of one symbol, whatever it is called."""
        number: dict[Symbol, int] = {}
        return [
            (
                number.setdefault(use.symbol, len(number)),
                use.span.line,
                use.symbol.sort,
                use.defines,
            )
            for use in self.uses
        ]


def part(node: Scalar, start: int, end: int) -> Span | None:
    """The place of a part of a scalar; None where the part runs over several lines."""
    span = node.span
    if span.line != span.end_line:
        first, last = _position(node, start), _position(node, end - 1)
        one = last == (first[0], first[1] + end - 1 - start)
        return Span(*first, first[0], first[1] + end - start) if one else None
    column = span.column + (0 if node.plain else 1)
    return Span(span.line, column + start, span.line, column + end)


def _position(node: Scalar, offset: int) -> tuple[int, int]:
    """The line and column of a letter of a text over several lines."""
    span = Scalar("", node.place(offset)).span
    return span.line, span.column
