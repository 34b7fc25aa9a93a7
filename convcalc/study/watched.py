"""`watch`: a spec that is studied again with every save; the last sound reading is kept."""

from typing import NamedTuple

from convcalc.difference.compare import difference
from convcalc.difference.record import Difference
from convcalc.findings import Finding, Severity, worst_first
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, Outcome, study


class Watched(NamedTuple):
    """A spec as it is since its last save."""

    case: Case
    saves: int = 0
    """How often it was saved since the watch began."""
    good: Outcome | None = None
    """The last version in which every layer has a size."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the version of the last save, errors first."""
    refusal: str = ""
    """Why that version could not even be read: the file is gone, say."""
    changes: Difference | None = None
    """What the last save changed in the net; None where it left it as it was."""
    current: bool = False
    """Whether `good` is the version of the last save."""

    @property
    def ok(self) -> bool:
        """Whether the version of the last save has no error."""
        return self.current and all(f.severity is not Severity.ERROR for f in self.findings)


def begin(case: Case) -> Watched:
    """The first reading of a spec.

    Raises:
        RequestError: there is nothing to read.
    """
    return _read(Watched(case), study(case))


def saved(before: Watched) -> Watched:
    """The reading after another save; whatever is wrong is in it."""
    now = before._replace(saves=before.saves + 1)
    try:
        return _read(now, study(before.case))
    except RequestError as error:
        return now._replace(refusal=str(error), findings=(), changes=None, current=False)


def _read(before: Watched, outcome: Outcome) -> Watched:
    findings = worst_first(outcome.findings)
    now = before._replace(findings=findings, refusal="", changes=None, current=False)
    if outcome.without_layers or outcome.analysis.broken:
        return now
    changes = None
    if before.good is not None:
        found = difference(before.good.analysis, outcome.analysis)
        changes = found if found.added or found.removed or found.changed else None
    return now._replace(good=outcome, changes=changes, current=True)
