"""Numbers that an option has for every spatial axis."""

from collections.abc import Sequence
from itertools import chain

from convcalc.findings import Severity
from convcalc.layers.base import SizeFinding
from convcalc.quantity import counted
from convcalc.shapes import Shape


def spread(option: str, given: Shape, axes: int) -> Shape | SizeFinding:
    """One number for all axes, or one per axis."""
    if len(given) == 1:
        return given * axes
    if len(given) == axes:
        return given
    return SizeFinding(
        "CC014",
        Severity.ERROR,
        f"{option} has {len(given)} numbers, but the input has {counted(axes, 'spatial axis')}",
        option,
        f"{len(given)} numbers for {counted(axes, 'axis')}",
        _numbers_for(given, axes),
    )


def briefly(sides: Sequence[tuple[int, int]]) -> Shape:
    """What is before and behind every axis, in as few numbers as say it.

    >>> briefly([(1, 1), (1, 1)]), briefly([(1, 1), (2, 2)]), briefly([(0, 1), (0, 1)])
    ((1,), (1, 2), (0, 1, 0, 1))
    """
    begins = tuple([begin for begin, _ in sides])
    if any(begin != end for begin, end in sides):
        return tuple(chain(*sides))
    return begins[:1] if len(set(begins)) == 1 else begins


#: what is said where an image was meant and its axes are missing
IMAGE = "an image has a height, a width and channels: `input: 28x28x1`"


def _numbers_for(given: Shape, axes: int) -> tuple[str, ...]:
    """What to give in place of numbers that are not as many as the axes."""
    if axes > 1:
        meant = (f"did you mean `{given[0]}`?",) if len(set(given)) == 1 else ()
        return (*meant, f"give one number for all axes, or {axes}")
    alike = f", {given[0]}" if len(set(given)) == 1 else ""
    return (f"give one number{alike}, for the length", IMAGE)
