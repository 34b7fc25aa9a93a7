"""Where the places of a text are after edits of it, and where they were before."""

from bisect import bisect_right
from collections.abc import Iterable

from convcalc.spec.edit import Edit


class Moved:
    """The places of one text before and after edits that are made together."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._edits = sorted(set(edits))
        self._starts: list[int] = []  #: of the edits, in the text that they make
        self._shifts = [0]  #: how much longer the text is by the first ones
        for edit in self._edits:
            self._starts.append(edit.start + self._shifts[-1])
            self._shifts.append(self._shifts[-1] + len(edit.text) - (edit.end - edit.start))
        self._ends = [edit.end for edit in self._edits]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits, in the order of the text."""
        return tuple(self._edits)

    def on(self, at: int) -> int:
        """Where a place is after the edits: where an edit begins, if that has replaced it."""
        past = bisect_right(self._ends, at)
        over = past < len(self._edits) and self._edits[past].start <= at
        return (self._edits[past].start if over else at) + self._shifts[past]

    def back(self, at: int) -> int:
        """Where a place after the edits was before them."""
        past = bisect_right(self._starts, at)
        if not past:
            return at
        edit = self._edits[past - 1]
        inside = at < self._starts[past - 1] + len(edit.text)
        return edit.start if inside else at - self._shifts[past]


def back(made: Iterable[Moved], at: int) -> int:
    """Where a place was before edits, each of the text that those before it made."""
    for moved in reversed([*made]):
        at = moved.back(at)
    return at
