"""A node whose inputs are all known, as the rule that works it out sees it."""

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from convcalc.interop.read.axes import placed
from convcalc.interop.read.given import Given

Array = np.ndarray[Any, Any]


class Work:
    """One node: inputs and attributes, which remember what was read of them."""

    def __init__(
        self,
        arrays: Sequence[Array | None],
        attrs: Given,
        opset: int,
        outputs: int,
        is_rounded: bool = False,
    ) -> None:
        self.arrays = arrays
        self.attrs = attrs
        self.opset = opset
        #: how many outputs the node has
        self.outputs = outputs
        #: whether numbers of an input were rounded
        self.is_rounded = is_rounded
        self._read: set[int] = set()

    def given(self, index: int) -> Array | None:
        """An input; None where it is absent."""
        self._read.add(index)
        return self.arrays[index] if index < len(self.arrays) else None

    def array(self, index: int, kinds: str = "") -> Array:
        """An input that must be there, of a type of these kinds (``iuf``, as numpy has them).

        Raises:
            ValueError: it is not.
        """
        found = self.given(index)
        if found is None or (kinds and found.dtype.kind not in kinds):
            unknown("an input is absent, or of another type")
        return found

    def operands(self, kinds: str) -> list[Array]:
        """All inputs, of one type.

        Raises:
            ValueError: they are of several, or of another kind.
        """
        found = [self.array(i, kinds) for i in range(len(self.arrays))]
        if len({array.dtype for array in found}) != 1:
            unknown("several types")
        return found

    def integers(self, index: int) -> list[int]:
        """The numbers of an input that lists axes, sizes or places.

        Raises:
            ValueError: they are no integers, or not in a row.
        """
        found = self.array(index, "i")
        if found.ndim != 1:
            unknown("not in a row")
        return [int(number) for number in found]

    def integer(self, name: str, default: int | None = None) -> int:
        """An integer attribute.

        Raises:
            ValueError: it is none, or absent and has no default.
        """
        found = self.attrs.get(name, default)
        if type(found) is not int:
            unknown("no integer")
        return found

    def flag(self, name: str, default: int) -> bool:
        """An attribute that is 0 or 1.

        Raises:
            ValueError: it is another number.
        """
        found = self.integer(name, default)
        if found not in {0, 1}:
            unknown("neither 0 nor 1")
        return bool(found)

    def listed(self, name: str, index: int, since: int) -> list[int] | None:
        """Integers that are an attribute below opset `since`, and an input from then on.

        Raises:
            ValueError: they are none.
        """
        if self.opset >= since:
            return None if self.given(index) is None else self.integers(index)
        return self.ints(name)

    def ints(self, name: str) -> list[int] | None:
        """An attribute of integers; None where it is absent.

        Raises:
            ValueError: it is another one.
        """
        found = self.attrs.get(name)
        if found is None:
            return None
        if not isinstance(found, tuple) or any(type(one) is not int for one in found):
            unknown("no integers")
        return list(found)

    def axis(self, rank: int, default: int | None = None, beyond: int = 0) -> int:
        """The attribute `axis`, counted from 0.

        Args:
            rank: how many axes there are.
            default: what it is where it is absent; None where it must be there.
            beyond: how far behind the last axis it may lie.

        Raises:
            ValueError: there is no such axis.
        """
        return placed(self.integer("axis", default), rank, beyond)

    @property
    def unread(self) -> bool:
        """Whether there is an input that the rule did not look at."""
        return any(array is not None and i not in self._read for i, array in enumerate(self.arrays))


def unknown(why: str) -> NoReturn:
    """What a node makes is not known.

    Raises:
        ValueError: always.
    """
    raise ValueError(why)
