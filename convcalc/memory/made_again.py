"""The tensors of the layers of a long net, made again and again.

Of layers that all differ the records of a table would take more memory than the net.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import overload

from convcalc.memory.layer_tensors import LayerTensors, Tabulation


class MadeAgain(Sequence[LayerTensors | None]):
    """The tensors of all layers, each made when it is asked for."""

    def __init__(self, table: Tabulation) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table.rows)

    @overload
    def __getitem__(self, index: int) -> LayerTensors | None: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[LayerTensors | None]: ...

    def __getitem__(
        self, index: int | slice
    ) -> LayerTensors | Sequence[LayerTensors | None] | None:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        return self._table.made(index, self._table.rows[index])

    def __iter__(self) -> Iterator[LayerTensors | None]:
        return map(self._table.made, count(), self._table.rows)
