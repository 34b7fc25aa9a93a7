"""The receptive fields of a very long net in columns: each is made when it is asked for."""

from array import array
from collections.abc import Iterator

from convcalc.analysis.receptive import ReceptiveFields
from convcalc.analysis.record import ReceptiveField
from convcalc.network.on_demand import OnDemand

#: Makes a record without its constructor: of a long net every field is made again and again.
_new = tuple.__new__

_NONE: ReceptiveFields = ()
_NOTHING = ReceptiveField(0, 0, 0)
_PLAIN = _NOTHING[3:]  #: what a field has beside its size, stride and padding

#: What an array of 8 bytes a number holds.
_LARGEST = 2**63 - 1
#: The same of 4 bytes.
_LARGE = 2**31 - 1


class FieldColumns(OnDemand[ReceptiveFields]):
    """Receptive fields of steps in order; `append` adds that of the next one."""

    def __init__(self) -> None:
        self._axes = bytearray()
        self._size, self._stride, self._padding = array("q"), array("i"), array("i")
        self._others: dict[int, ReceptiveFields] = {}
        """Those that are not one size, stride and padding for all axes."""

    def append(self, field: ReceptiveFields) -> None:
        """The receptive field of the next step, on each axis."""
        one = field[0] if field else _NOTHING
        if _fits(field):
            self._axes.append(len(field))
        else:
            self._others[len(self._axes)], one = field, _NOTHING
            self._axes.append(0)
        self._size.append(one.size)
        self._stride.append(int(one.stride))
        self._padding.append(int(one.padding))

    def __len__(self) -> int:
        return len(self._axes)

    def _at(self, index: int) -> ReceptiveFields:
        axes = self._axes[index]
        if not axes:
            return self._others.get(index, _NONE)
        return _alike(axes, self._size[index], self._stride[index], self._padding[index])

    def __iter__(self) -> Iterator[ReceptiveFields]:
        """All in order; neighbours that see as much share one record of it."""
        last, field = (0, 0, 0, 0), _NONE
        seen = zip(self._axes, self._size, self._stride, self._padding, strict=True)
        for index, sees in enumerate(seen):
            if sees != last:
                last, field = sees, _alike(*sees)
            yield field if sees[0] else self._others.get(index, _NONE)


def _alike(axes: int, size: int, stride: int, padding: int) -> ReceptiveFields:
    """The receptive field that is the same on every axis."""
    return (_new(ReceptiveField, (size, stride, padding, *_PLAIN)),) * axes


def _fits(field: ReceptiveFields) -> bool:
    """Whether one size, one stride and one padding in whole numbers say it all."""
    if any(axis is not field[0] and axis != field[0] for axis in field) or len(field) > 255:
        return False
    return not field or (
        field[0][3:] == _PLAIN
        and type(field[0].stride) is type(field[0].padding) is int
        and field[0].size <= _LARGEST
        and max(field[0].stride, abs(field[0].padding)) <= _LARGE
    )
