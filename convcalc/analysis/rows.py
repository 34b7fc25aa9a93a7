"""The rows of a very long net: each is made when it is asked for, from columns.

Of the nine numbers of a row seven are those of every layer that is alike; what grows from layer to
layer is the receptive field. A row as a record takes 300 bytes, its part of the columns 30.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, overload

from convcalc.analysis.record import ReceptiveField, Row
from convcalc.network.record import Step

#: Makes a record without its constructor: of a long net every row is made again and again.
_new = tuple.__new__

_NO_FIELD: tuple[ReceptiveField, ...] = ()

#: What an array of 8 bytes a number holds.
_LARGEST = 2**63 - 1


class Rows(Sequence[Row]):
    """Rows of steps in order; `append` adds that of the next one."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._alike: list[tuple[tuple[Any, ...], int | None]] = []
        """What rows hold between their steps and fields, and after them: few differ in it."""
        self._numbers: dict[tuple[object, ...], int] = {}
        """Of those in `_alike` their positions."""
        self._of = array("i")
        self._axes = bytearray()
        self._size, self._stride, self._padding = array("q"), array("q"), array("q")
        self._others: dict[int, tuple[ReceptiveField, ...]] = {}
        """Receptive fields that are not one size, stride and padding for all axes."""

    def append(self, row: Row) -> None:
        """The row of the next step."""
        field = row.receptive_field
        key = row[1:7], row.macs_backward
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._alike)
            self._alike.append(key)
        one = field[0] if field else ReceptiveField(0, 0, 0)
        if _fits(field):
            self._axes.append(len(field))
        else:
            self._others[len(self._of)], one = field, ReceptiveField(0, 0, 0)
            self._axes.append(0)
        self._size.append(one.size)
        self._stride.append(int(one.stride))
        self._padding.append(int(one.padding))
        self._of.append(number)

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
        alike, others, last, field = self._alike, self._others, (0, 0, 0, 0), _NO_FIELD
        seen = zip(self._axes, self._size, self._stride, self._padding, strict=True)
        for index, (step, number, sees) in enumerate(
            zip(self._steps, self._of, seen, strict=False)
        ):
            front, backward = alike[number]
            if sees != last:
                last, field = sees, _field(*sees)
            own = field if sees[0] else others.get(index, _NO_FIELD)
            yield _new(Row, (step, *front, own, backward))

    def _row(self, index: int) -> Row:
        axes = self._axes[index]
        if axes:
            field = _field(axes, self._size[index], self._stride[index], self._padding[index])
        else:
            field = self._others.get(index, _NO_FIELD)
        front, backward = self._alike[self._of[index]]
        return _new(Row, (self._steps[index], *front, field, backward))


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
        and max(field[0].size, field[0].stride, abs(field[0].padding)) <= _LARGEST
    )
