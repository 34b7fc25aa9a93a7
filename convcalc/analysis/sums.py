"""The totals of a net, added up row by row as the rows are made."""

from convcalc.analysis.record import Row, Totals
from convcalc.layers.base import Parameters
from convcalc.network.record import INPUT

#: The parameters of what has none.
NOTHING = Parameters()


class Sums:
    """What the rows so far add up to."""

    def __init__(self) -> None:
        self._layers = self._activations = self._macs = self._backward = 0
        self._weights = self._biases = self._norm = self._buffers = 0
        self._complete = True

    def add(self, row: Row) -> None:
        """One more row."""
        own = row.parameters
        if row.step.kind != INPUT:
            self._layers += 1
        if own is None or row.activations is None:
            self._complete = False
            return
        if row.new_volume:
            self._activations += row.activations
        if own is not NOTHING:
            self._weights += own.weights
            self._biases += own.biases
            self._norm += own.norm
            self._buffers += own.buffers
        self._macs += row.macs or 0
        self._backward += row.macs_backward or 0

    def totals(self) -> Totals:
        """The sums; all but the number of layers are unknown where one row's are."""
        if not self._complete:
            return Totals(self._layers, *(None,) * 9)
        params = self._weights + self._biases + self._norm
        return Totals(
            self._layers,
            self._activations,
            self._weights,
            self._biases,
            self._norm,
            params,
            self._buffers,
            params,
            self._macs,
            self._backward,
        )
