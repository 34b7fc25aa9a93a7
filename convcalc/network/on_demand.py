"""Long lists whose items are made when they are asked for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar, overload

_ItemT = TypeVar("_ItemT")


class OnDemand(Sequence[_ItemT], Generic[_ItemT]):
    """A list that makes an item anew whenever it is asked for: of a long net all are megabytes."""

    @abstractmethod
    def _at(self, index: int) -> _ItemT:
        """The item at an index from 0 up."""

    @overload
    def __getitem__(self, index: int) -> _ItemT: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[_ItemT]: ...

    def __getitem__(self, index: int | slice) -> _ItemT | Sequence[_ItemT]:
        many = len(self)
        if isinstance(index, slice):
            return [self._at(number) for number in range(many)[index]]
        return self._at(index if 0 <= index < many else range(many)[index])
