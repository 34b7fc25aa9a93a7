"""The rows of a very long net: each is made when it is asked for, from columns.

Of the nine fields of a row some are those of nearly every layer that is alike, some follow from the
steps, and what is left are numbers that may differ from layer to layer. A row as a record takes 300
bytes and more, its part of the columns 30.
"""

from array import array
from collections.abc import Iterator, Sequence

from convcalc.analysis.field_columns import FieldColumns
from convcalc.analysis.receptive import ReceptiveFields
from convcalc.analysis.record import Row
from convcalc.layers.base import Parameters
from convcalc.network.on_demand import OnDemand
from convcalc.network.record import Step, shapes_read
from convcalc.shapes import Shape, elements

#: Makes a record without its constructor: of a long net every row is made again and again.
_new = tuple.__new__

#: What an array of 8 bytes a number holds.
_LARGEST = 2**63 - 1
#: Records that are looked among for an equal one: those of a very long net may all differ.
_MOST_KNOWN = 4096

#: What a layer computes: numbers in its output, multiply-accumulates forward and backward.
_Costs = tuple[int | None, int | None, int | None]
_UNKNOWN: _Costs = None, None, None
#: What few rows differ in: whether they are in place and make a new volume, their parameters, how
#: many times the multiply-accumulates of the forward pass those of the backward pass are.
_Alike = tuple[bool, bool, Parameters | None, int]


class Rows(OnDemand[Row]):
    """Rows of steps in order; `append` adds that of the next one, which is in the steps by then."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self.fields = FieldColumns()
        """The receptive fields, each appended with its row, or before it by whoever needs it."""
        self._alike: list[_Alike] = []
        self._numbers: dict[_Alike, int] = {}
        """Of those in `_alike` their positions."""
        self._of = array("i")
        self._macs = array("q")
        self._costs: dict[int, _Costs] = {}
        """Those that are known in part, too large for a column, or of another number of outputs."""
        self._inputs: dict[int, tuple[Shape, ...]] = {}
        """Shapes that a row is said to read and its step does not."""
        self._shared_costs: dict[_Costs, _Costs] = {}
        self._shared_inputs: dict[tuple[Shape, ...], tuple[Shape, ...]] = {}
        """One object for the equal ones of rows that somebody keeps."""
        self._sharing = True

    def append(self, row: Row) -> None:
        """The row of the next step."""
        index = len(self._of)
        if len(self.fields) == index:
            self.fields.append(row.receptive_field)
        macs, backward = row.macs or 0, row.macs_backward or 0
        key = row.in_place, row.new_volume, row.parameters, backward // macs if macs else 0
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= _MOST_KNOWN:
                self._numbers.clear()
            number = self._numbers[key] = len(self._alike)
            self._alike.append(key)
        if row.inputs != shapes_read(self._steps, row.step):
            self._inputs[index] = row.inputs
        self._append_costs(index, row, key[-1])
        self._of.append(number)

    def _append_costs(self, index: int, row: Row, times: int) -> None:
        macs, output = row.macs, row.step.size.output
        if (
            macs is None
            or macs > _LARGEST
            or row.macs_backward != times * macs
            or output is None
            or row.activations != elements(output)
        ):
            costs = row.activations, macs, row.macs_backward
            if costs != _UNKNOWN:
                self._costs[index] = costs
            macs = -1
        self._macs.append(macs)

    def __len__(self) -> int:
        return len(self._of)

    def _at(self, index: int) -> Row:
        return self._made(index, self._steps[index], self.fields[index])

    def __iter__(self) -> Iterator[Row]:
        """All rows in order; layers in a row that see as much share one record of it."""
        for index, (step, field) in enumerate(zip(self._steps, self.fields, strict=False)):
            yield self._made(index, step, field)

    def _made(self, index: int, step: Step, field: ReceptiveFields) -> Row:
        inputs = self._inputs.get(index) if self._inputs else None
        if inputs is None:
            inputs = shapes_read(self._steps, step)
        in_place, new_volume, parameters, times = self._alike[self._of[index]]
        forward = self._macs[index]
        if forward < 0:
            costs = self._costs.get(index, _UNKNOWN)
        else:
            costs = elements(step.size.output or ()), forward, times * forward
        if self._sharing:
            inputs = self._shared_inputs.setdefault(inputs, inputs)
            costs = self._shared_costs.setdefault(costs, costs)
            if max(len(self._shared_inputs), len(self._shared_costs)) >= _MOST_KNOWN:
                self._stop_sharing()
        activations, macs, backward = costs
        return _new(
            Row,
            (step, inputs, activations, in_place, new_volume, parameters, macs, field, backward),
        )

    def _stop_sharing(self) -> None:
        """Of a net whose layers all differ nothing is found: looking would be for nothing."""
        self._sharing = False
        self._shared_inputs.clear()
        self._shared_costs.clear()
