"""Long texts in parts, and long lists whose items are made when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar, overload

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


class Lazy(Sequence[_ItemT], Generic[_ItemT]):
    """So many items, each made anew whenever it is asked for: of a long net they are megabytes."""

    def __init__(self, many: int, make: Callable[[int], _ItemT]) -> None:
        self._many = many
        self._make = make

    def __len__(self) -> int:
        return self._many

    @overload
    def __getitem__(self, index: int) -> _ItemT: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[_ItemT]: ...

    def __getitem__(self, index: int | slice) -> _ItemT | Sequence[_ItemT]:
        if isinstance(index, slice):
            return [self._make(number) for number in range(self._many)[index]]
        return self._make(range(self._many)[index])

    def __iter__(self) -> Iterator[_ItemT]:
        return map(self._make, range(self._many))
