"""Pieces of the code that a layer is in other tools: calls, their arguments, the inputs' names."""

from collections.abc import Mapping
from typing import Any

from convcalc.analysis.record import Row

Options = Mapping[str, Any]  #: a layer's own, by name


def rank(row: Row) -> int:
    """How many spatial axes the input has."""
    return len(row.inputs[0]) - 1


def call(name: str, *parts: str) -> str:
    """A call with those of its arguments that are not empty.

    >>> call("nn.Linear", "8", "", "bias=False")
    'nn.Linear(8, bias=False)'
    """
    return f"{name}({', '.join(part for part in parts if part)})"


def flag(text: str, condition: bool) -> str:
    """An argument that is written where it is needed; '' elsewhere."""
    return text if condition else ""


def tupled(sizes: tuple[int, ...]) -> str:
    """Sizes of several axes as Python code: one number where all are equal.

    >>> tupled((3, 3)), tupled((3, 5))
    ('3', '(3, 5)')
    """
    return str(sizes[0]) if len(set(sizes)) == 1 else f"({', '.join(map(str, sizes))})"


def operands(number: int) -> list[str]:
    """Names for the inputs of a merge.

    >>> operands(2)
    ['x1', 'x2']
    """
    return [f"x{i}" for i in range(1, number + 1)]
