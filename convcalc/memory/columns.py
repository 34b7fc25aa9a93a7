"""Columns of whole numbers: lists, or arrays for very long nets."""

from collections.abc import MutableSequence

#: Whole numbers below 2**31, one after the other.
Column = MutableSequence[int]

#: From so many layers on columns are arrays: 4 bytes a number.
LONG = 20_000


def column(layers: int, zeros: int = 0) -> Column:
    """An empty column, or one of zeros, of a run over so many layers."""
    if layers < LONG:
        return [0] * zeros
    from array import array  # which short nets need not load

    return array("i", bytes(4 * zeros))


class Wide:
    """Whole numbers of any size, one after the other: 8 bytes each while all are below 2**63."""

    def __init__(self) -> None:
        from array import array

        self.numbers: MutableSequence[int] = array("q")

    def append(self, number: int) -> None:
        """One more."""
        try:
            self.numbers.append(number)
        except OverflowError:
            self.numbers = [*self.numbers, number]
