"""How many numbers are worked out of a file's constants: of one node, and of all of them.

What is asked for is counted before anything is made: a file of a hundred bytes can ask for
billions of numbers, also where a count of zero leaves none of them in the end.
"""

from collections.abc import Iterable, Sequence

from convcalc.interop.read.onnx.arrays import MOST_KEPT
from convcalc.interop.trace.tensors import Tensor
from convcalc.shapes import Shape

#: Numbers that all nodes of a file read and make together; those of real nets take thousands.
MOST_WORKED = 2**22

#: Numbers that a node may read: three operands of the most numbers, and some axes beside.
_MOST_READ = 4 * MOST_KEPT

#: What an array takes, however few numbers it holds, as numbers.
_AN_ARRAY = 16


def few(shape: Iterable[int]) -> Shape:
    """A shape of so few numbers that they are worked out; an axis of 0 positions counts as one.

    Raises:
        ValueError: they are too many, or an axis has a negative size.
    """
    found, whole = [], 1
    for dim in map(int, shape):
        if dim < 0:
            raise ValueError("a negative size")
        whole *= max(dim, 1)
        if whole > MOST_KEPT:
            raise ValueError("too many numbers")
        found.append(dim)
    return tuple(found)


class Allowance:
    """What is left of the numbers that a file's constants may take to work out."""

    def __init__(self) -> None:
        self.left = MOST_WORKED

    def reads(self, inputs: Sequence[Tensor | None]) -> bool:
        """Whether a node may read these tensors; if it may, they are taken off."""
        numbers = sum(len(one.value) for one in inputs if one is not None and one.value)
        return numbers <= _MOST_READ and self._takes(numbers + _AN_ARRAY * len(inputs))

    def makes(self, sizes: Sequence[int]) -> bool:
        """Whether arrays of so many numbers may be made; if they may, they are taken off."""
        return self._takes(sum(sizes) + _AN_ARRAY * len(sizes))

    def _takes(self, numbers: int) -> bool:
        if numbers > self.left:
            return False
        self.left -= numbers
        return True
