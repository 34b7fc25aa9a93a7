"""`diff`: two networks side by side."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.difference import Allowance, Difference, Total, difference, passed
from convcalc.study.outcome import Case, Outcome, study


class Compared(NamedTuple):
    """What differs, and by how much a total grew that may not."""

    before: Outcome
    after: Outcome
    difference: Difference
    exceeded: tuple[tuple[Allowance, Total], ...]

    @property
    def ok(self) -> bool:
        """Whether both nets are without errors and no total grew by more than it may."""
        return self.before.ok and self.after.ok and not self.exceeded


def diff(old: Case, new: Case, allowances: Sequence[Allowance] = ()) -> Compared:
    """Compare two cases. What can be compared of nets with errors is.

    Raises:
        LoadError: there is nothing to read.
    """
    before, after = study(old), study(new)
    found = difference(before.analysis, after.analysis)
    return Compared(before, after, found, tuple(passed(found, allowances)))
