"""Axes as the files of all tools name them, from the last one too."""

from convcalc.findings import plain


class NoAxisError(ValueError):
    """A file names an axis that a tensor does not have; the message says which there are."""


def placed(axis: int, rank: int, beyond: int = 0) -> int:
    """An axis, counted from 0.

    Args:
        axis: as a file names it; -1 is the last one.
        rank: how many axes there are.
        beyond: how far behind the last axis it may lie.

    Raises:
        NoAxisError: there is no such axis.

    >>> placed(-1, 3), placed(3, 3, beyond=1)
    (2, 3)
    """
    if not -rank <= axis < rank + beyond:
        can_be = f"{-rank} to {rank + beyond - 1} can be" if rank + beyond else "it is one number"
        raise NoAxisError(f"there is no axis {plain(str(axis)[:30])}: {can_be}")
    return axis + rank if axis < 0 else axis
