"""Indices and slices as NumPy writes them."""

from collections.abc import Callable, Mapping
from typing import Any

from convcalc.analysis.record import Row
from convcalc.shapes import Shape

Position = tuple[int, ...]

#: The right side of the statement, from a row, the output's indices and the layer's options.
Writer = Callable[[Row, Position, Mapping[str, Any]], str]


def at(name: str, indices: tuple[int | str, ...]) -> str:
    """An element or a slice by its indices.

    >>> at("X", (1, "2:4", 3))
    'X[1,2:4,3]'
    """
    return f"{name}[{','.join(map(str, indices))}]"


def cut(start: int, step: int, count: int) -> str:
    """`count` positions from `start`, `step` apart, as the notes write them.

    >>> cut(4, 1, 5), cut(0, 1, 5), cut(0, 2, 3)
    ('4:9', ':5', '0:5:2')
    """
    stop = start + step * (count - 1) + 1
    if step > 1 and count > 1:
        return f"{start}:{stop}:{step}"
    return f"{start or ''}:{stop}"


def number(value: float) -> str:
    """A constant with all of its digits, and no more.

    >>> number(1.0), number(0.1), number(0.123456789)
    ('1', '0.1', '0.123456789')
    """
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def depth(shape: Shape) -> tuple[str, ...]:
    """``:`` for every spatial axis."""
    return (":",) * (len(shape) - 1)


def learned(row: Row) -> frozenset[str]:
    """The names of the arrays that a layer has, as in a state_dict."""
    layer, output = row.step.layer, row.step.output
    if layer is None or output is None:
        return frozenset()
    return frozenset(array.name for array in layer.arrays(row.inputs, output))
