"""Padding in other tools' words: before and after each axis."""

from convcalc.shapes import Shape


def around(given: Shape, rank: int) -> tuple[Shape, Shape]:
    """The padding before and after each axis, from one number, one per axis, or all sides."""
    if len(given) == 2 * rank:
        return tuple(given[::2]), tuple(given[1::2])
    each = given * rank if len(given) == 1 else given
    return each, each


def sides(begins: Shape, ends: Shape) -> str:
    """Padding in PyTorch's order: the last axis first, begin and end."""
    pairs = list(zip(begins, ends, strict=True))[::-1]
    return f"({', '.join(f'{begin}, {end}' for begin, end in pairs)})"
