"""The tensors of the layers of a long net, made again and again.

Of layers that all differ the records of a table would take more memory than the net.
"""

from collections.abc import Iterator
from itertools import count

from convcalc.memory.layer_tensors import LayerTensors, Tabulation
from convcalc.network.on_demand import OnDemand


class MadeAgain(OnDemand[LayerTensors | None]):
    """The tensors of all layers, each made when it is asked for."""

    def __init__(self, table: Tabulation) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table.rows)

    def _at(self, index: int) -> LayerTensors | None:
        return self._table.made(index, self._table.rows[index])

    def __iter__(self) -> Iterator[LayerTensors | None]:
        return map(self._table.made, count(), self._table.rows)
