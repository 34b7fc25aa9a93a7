"""`diff`: two networks side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from convcalc.difference.compare import difference
from convcalc.difference.record import Allowance, Difference, Total
from convcalc.difference.totals import passed
from convcalc.study.errors import RequestError
from convcalc.study.idle import refuse_without_effect
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.counting.record import Convention

#: The totals that `--fail-on-increase` knows.
TOTALS = (
    "layers",
    "params",
    "weights",
    "macs",
    "activations",
    "inference_memory",
    "training_memory",
)


class Compared(NamedTuple):
    """What differs, and by how much a total grew that may not."""

    before: Outcome
    after: Outcome
    difference: Difference
    exceeded: tuple[tuple[Allowance, Total], ...]
    past: bool = False
    """The net before is a revision of the other: its errors are history."""
    strict: bool = False
    """Any difference is one too many."""

    @property
    def ok(self) -> bool:
        """Whether no total grew by more than it may, and no net has errors that is there now."""
        return (self.before.ok or self.past) and self.after.ok and not self.refused

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said of model files, and of which nets training is an estimate."""
        nets = (self.before, self.after)
        said = (*(net.import_note for net in nets), *(net.training_estimate for net in nets))
        return tuple(filter(None, dict.fromkeys(said)))

    @property
    def refused(self) -> bool:
        """Whether the nets differ by more than they may."""
        return bool(self.exceeded) or (self.strict and not self.difference.none)


def diff(
    old: Case,
    new: Case,
    allowances: Sequence[Allowance] = (),
    past: bool = False,
    conventions: "Sequence[Convention]" = (),
    strict: bool = False,
) -> Compared:
    """Compare two cases. What can be compared of nets with errors is; `past`: old is no more.

    `conventions` are further totals; an allowance may be for the operations of any. `strict`: the
    nets may not differ at all.

    Raises:
        NetError: an input that was asked for cannot be a net's.
        LoadError: there is nothing to read.
        RequestError: a setting that does nothing here; a convention without a count to limit.
    """
    conventions = with_limited(conventions, allowances)
    refuse_without_effect(new.settings, "diff")
    before, after = study(old).as_asked(), study(new).as_asked()
    found = difference(before.analysis, after.analysis, tuple(conventions))
    return Compared(before, after, found, tuple(passed(found, allowances)), past, strict)


def with_limited(
    conventions: "Sequence[Convention]", allowances: Sequence[Allowance]
) -> "tuple[Convention, ...]":
    """The conventions, and those whose operations an allowance limits.

    Raises:
        RequestError: one has no count of operations.
    """
    labels = {convention.label for convention in conventions}
    missing = [a.name for a in allowances if a.name not in TOTALS and a.name not in labels]
    if not missing:
        return tuple(conventions)
    from convcalc.counting.known import find

    more = [find(name) for name in dict.fromkeys(missing)]
    if any(convention.operations is None for convention in more):
        raise RequestError(f"{missing[0]} has no count of operations to limit")
    return (*conventions, *more)
