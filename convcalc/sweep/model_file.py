"""A model file of another tool at the sizes of an axis over its input.

A reader settles what it finds by the size that arrives: how a pool rounds, how large a resize by a
factor is, whether a slice takes anything away, what the program holds. So the file is read anew at
each size. It is read where the sweep was started: workers of another machine have no such file.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.spec.document import Overrides
from convcalc.study.errors import LoadError
from convcalc.study.load import Subject, load

if TYPE_CHECKING:
    from convcalc.study.outcome import Case, Outcome
    from convcalc.sweep.axes import Axis, AxisValue

SIZES = 16  #: networks that are kept, or go to a worker at once
_TRIED = 16  #: sizes that are tried for one at which the file can be read

UNREADABLE = "not readable at its input"
"""The fault of a row at a size that the reader refuses."""


class ModelFile:
    """A model file, and what it is at the sizes that were asked for last."""

    def __init__(self, subject: Subject, trusted: bool) -> None:
        self.subject = subject
        self.trusted = trusted
        self.known: dict[Shape | None, Network | str] = {}
        """By size: what was read, or why nothing could be."""

    def network(self, overrides: Overrides) -> Network:
        """The network at a size.

        Raises:
            LoadError: the file cannot be read at it.
        """
        size = overrides.input
        if size not in self.known:
            while len(self.known) >= SIZES:
                del self.known[next(iter(self.known))]
            try:
                self.known[size] = load(self.subject, overrides, self.trusted).network
            except LoadError as error:
                self.known[size] = str(error)
        found = self.known[size]
        if isinstance(found, str):
            raise LoadError(found)
        return found

    def sent(self, wanted: Iterable[Overrides]) -> tuple["ModelFile", int]:
        """What a worker gets for the first of some variants, and for how many of them it does."""
        copy, count = ModelFile("", self.trusted), 0
        for overrides in wanted:
            size = overrides.input
            if size not in copy.known:
                if len(copy.known) == SIZES:
                    break
                try:
                    copy.known[size] = self.network(overrides)
                except LoadError as error:
                    copy.known[size] = str(error)
            count += 1
        return copy, count


def first_read(study: "Callable[[Case], Outcome]", case: "Case", sizes: "Axis | None") -> "Outcome":
    """The case at the first size of an axis at which it can be read, as its rows can.

    Raises:
        LoadError: there is none among the first; why not at the very first.
    """
    count = 1 if sizes is None else min(sizes.length, _TRIED)
    errors: list[LoadError] = []
    for number in range(count):
        try:
            return study(_at(case, sizes, number))
        except LoadError as error:
            errors.append(error)
    raise errors[0]


def _at(case: "Case", sizes: "Axis | None", number: int) -> "Case":
    if sizes is None:
        return case
    size: AxisValue = sizes.value(number)
    return case._replace(overrides=case.overrides._replace(input=size))  # type: ignore[arg-type]


def size_axis(axes: "Sequence[Axis]") -> "Axis | None":
    """The axis over the input, if there is one."""
    return next((axis for axis in axes if axis.role == "input"), None)
