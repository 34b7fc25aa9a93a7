"""The rows of a very long net: each is made when it is asked for, from columns.

Of the nine fields of a row some are those of nearly every layer that is alike, some follow from the
steps, and what is left are numbers that may differ from layer to layer. A row as a record takes 300
bytes and more, its part of the columns 30.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

from convcalc.analysis.record import ReceptiveField, Row
from convcalc.layers.base import Parameters
from convcalc.network.record import Step, shapes_read
from convcalc.shapes import Shape, elements

#: Makes a record without its constructor: of a long net every row is made again and again.
_new = tuple.__new__

_NO_FIELD: tuple[ReceptiveField, ...] = ()

#: What an array of 8 bytes a number holds.
_LARGEST = 2**63 - 1
#: The same of 4 bytes.
_LARGE = 2**31 - 1
#: Records that are looked among for an equal one: those of a very long net may all differ.
_MOST_KNOWN = 4096

_ItemT = TypeVar("_ItemT")

#: What a layer computes: numbers in its output, multiply-accumulates forward and backward.
_Costs = tuple[int | None, int | None, int | None]
#: What few rows differ in: whether they are in place and make a new volume, their parameters, how
#: many times the multiply-accumulates of the forward pass those of the backward pass are.
_Alike = tuple[bool, bool, Parameters | None, int]


class Rows(Sequence[Row]):
    """Rows of steps in order; `append` adds that of the next one, which is in the steps by then."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._alike: list[_Alike] = []
        self._numbers: dict[_Alike, int] = {}
        """Of those in `_alike` their positions."""
        self._of = array("i")
        self._macs = array("q")
        self._costs: dict[int, _Costs] = {}
        """Those that are unknown, too large for a column, or of another number of outputs."""
        self._inputs: dict[int, tuple[Shape, ...]] = {}
        """Shapes that a row is said to read and its step does not."""
        self._shared_costs: dict[_Costs, _Costs] = {}
        self._shared_inputs: dict[tuple[Shape, ...], tuple[Shape, ...]] = {}
        """One object for the equal ones of rows that somebody keeps."""
        self._axes = bytearray()
        self._size, self._stride, self._padding = array("q"), array("i"), array("i")
        self._others: dict[int, tuple[ReceptiveField, ...]] = {}
        """Receptive fields that are not one size, stride and padding for all axes."""

    def append(self, row: Row) -> None:
        """The row of the next step."""
        index = len(self._of)
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
        self._append_field(index, row.receptive_field)
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
            self._costs[index] = row.activations, macs, row.macs_backward
            macs = -1
        self._macs.append(macs)

    def _append_field(self, index: int, field: tuple[ReceptiveField, ...]) -> None:
        one = field[0] if field else ReceptiveField(0, 0, 0)
        if _fits(field):
            self._axes.append(len(field))
        else:
            self._others[index], one = field, ReceptiveField(0, 0, 0)
            self._axes.append(0)
        self._size.append(one.size)
        self._stride.append(int(one.stride))
        self._padding.append(int(one.padding))

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> "Sequence[Row]": ...

    def __getitem__(self, index: int | slice) -> "Row | Sequence[Row]":
        if isinstance(index, slice):
            return [self._row(number) for number in range(len(self))[index]]
        return self._row(index if 0 <= index < len(self._of) else range(len(self))[index])

    def __iter__(self) -> Iterator[Row]:
        """All rows in order; layers in a row that see as much share one record of it."""
        last, field = (0, 0, 0, 0), _NO_FIELD
        seen = zip(self._axes, self._size, self._stride, self._padding, strict=True)
        for index, (step, sees) in enumerate(zip(self._steps, seen, strict=False)):
            if sees != last:
                last, field = sees, _field(*sees)
            yield self._made(index, step, field if sees[0] else self._others.get(index, _NO_FIELD))

    def _row(self, index: int) -> Row:
        axes = self._axes[index]
        if axes:
            field = _field(axes, self._size[index], self._stride[index], self._padding[index])
        else:
            field = self._others.get(index, _NO_FIELD)
        return self._made(index, self._steps[index], field)

    def _made(self, index: int, step: Step, field: tuple[ReceptiveField, ...]) -> Row:
        inputs = self._inputs.get(index)
        if inputs is None:
            inputs = _one(self._shared_inputs, shapes_read(self._steps, step))
        in_place, new_volume, parameters, times = self._alike[self._of[index]]
        forward = self._macs[index]
        if forward < 0:
            costs = self._costs[index]
        else:
            made = elements(step.size.output or ())
            costs = _one(self._shared_costs, (made, forward, times * forward))
        activations, macs, backward = costs
        return _new(
            Row,
            (step, inputs, activations, in_place, new_volume, parameters, macs, field, backward),
        )


def _one(known: dict[_ItemT, _ItemT], item: _ItemT) -> _ItemT:
    """The item that was known first among those that are equal, as far as they are kept."""
    found = known.get(item)
    if found is None:
        if len(known) < _MOST_KNOWN:
            known[item] = item
        return item
    return found


class Some(Sequence[Row]):
    """Rows at some positions."""

    def __init__(self, rows: Sequence[Row], indices: Sequence[int]) -> None:
        self._rows = rows
        self._indices = array("i", indices)

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> "Sequence[Row]": ...

    def __getitem__(self, index: int | slice) -> "Row | Sequence[Row]":
        if isinstance(index, slice):
            return Some(self._rows, self._indices[index])
        return self._rows[self._indices[index]]


def _field(axes: int, size: int, stride: int, padding: int) -> tuple[ReceptiveField, ...]:
    """The receptive field that is the same on every axis."""
    return (_new(ReceptiveField, (size, stride, padding, ())),) * axes


def _fits(field: tuple[ReceptiveField, ...]) -> bool:
    """Whether one size, one stride and one padding in whole numbers say it all."""
    if any(axis is not field[0] and axis != field[0] for axis in field) or len(field) > 255:
        return False
    return not field or (
        not field[0].fields
        and type(field[0].stride) is type(field[0].padding) is int
        and field[0].size <= _LARGEST
        and max(field[0].stride, abs(field[0].padding)) <= _LARGE
    )
