"""Long texts in parts, and long lists whose items are made when they are asked for."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from convcalc.network.on_demand import OnDemand

_ItemT = TypeVar("_ItemT")

#: Lines of a part.
_LINES = 1000


def in_parts(lines: Iterable[str]) -> Iterator[str]:
    """Texts of many lines each, every line ended.

    >>> list(in_parts(["a", "b"]))
    ['a\\nb\\n']
    """
    waiting = iter(lines)
    while part := [*islice(waiting, _LINES)]:
        yield "\n".join(part) + "\n"


class Lazy(OnDemand[_ItemT], Generic[_ItemT]):
    """So many items, each made anew whenever it is asked for: of a long net they are megabytes."""

    def __init__(self, many: int, make: Callable[[int], _ItemT]) -> None:
        self._many = many
        self._make = make

    def __len__(self) -> int:
        return self._many

    def _at(self, index: int) -> _ItemT:
        return self._make(index)

    def __iter__(self) -> Iterator[_ItemT]:
        return map(self._make, range(self._many))
