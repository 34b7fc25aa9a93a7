"""Statements of kinds that work number by number: activations, factors and merges."""

import re
from collections.abc import Mapping
from typing import Any

from convcalc.analysis.numpy_lines.written import Position, Writer, at, learned, number
from convcalc.analysis.record import Row


def function(formula: str) -> Writer:
    """A function of one number; ``x`` is that number, options are in braces by their names."""

    def write(row: Row, position: Position, own: Mapping[str, Any]) -> str:
        return re.sub(r"\bx\b", at("X", position), _filled(formula, own))

    return write


def _filled(formula: str, own: Mapping[str, Any]) -> str:
    numbers = {name: number(value) for name, value in own.items() if isinstance(value, float)}
    return formula.format(**numbers)


def prelu(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The slope below 0 is learned: one, or one per channel."""
    x, slope = at("X", position), _weight(position, own["slopes"])
    return f"np.where({x} > 0, {x}, {slope} * {x})"


def scale(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A factor, and a shift where there is one."""
    if own["by"] is not None:
        return f"{at('X', position)} * {number(own['by'])}"
    factor = _weight(position, own["factors"])
    shift = f" + {factor.replace('weight', 'bias')}" if "bias" in learned(row) else ""
    return f"{at('X', position)} * {factor}{shift}"


def softmax(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """exp(x) over its sum along the channels."""
    whole = at("X", (*position[:-1], ":")) if position[1:] else "X"
    return f"np.exp({at('X', position)}) / np.sum(np.exp({whole}))"


def merged(sign: str, start: str = "", end: str = "") -> Writer:
    """The numbers of all inputs at one place, between `start` and `end`; ``{n}`` is how many.

    Of an input with one position, such as a gate, it is that one.
    """

    def write(row: Row, position: Position, own: Mapping[str, Any]) -> str:
        parts = []
        for which, shape in enumerate(row.inputs, 1):
            place = tuple(0 if size == 1 else i for i, size in zip(position, shape, strict=True))
            parts.append(at(f"X{which}", place))
        return start + sign.join(parts) + end.format(n=len(parts))

    return write


def _weight(position: Position, each: str) -> str:
    return at("weight", (position[-1] if each == "channel" else 0,))
