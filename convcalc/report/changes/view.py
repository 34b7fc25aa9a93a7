"""What all formats say about changed specs, in words and columns."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.difference.record import Total
from convcalc.findings import plain
from convcalc.quantity import counted
from convcalc.report.diff.view import DiffView, verdicts
from convcalc.report.drawing.units import size
from convcalc.study.changes import Changes, SpecChange


class ChangesView(NamedTuple):
    """What `diff --base` shows of several specs."""

    changes: Changes
    expand: bool = False
    """Every comparison in text, behind the table."""


#: The totals that the table shows, but for those of conventions; the least important last.
SHOWN = ("params", "macs", "training_memory")
_FIRST = 7  #: totals before those of conventions
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


class ChangeRow(NamedTuple):
    """A spec as a row of the table."""

    status: str
    path: str
    was: str
    """What it is renamed from, in brackets; '' where it is not."""
    layers: str
    """How many were added, removed and changed."""
    totals: tuple[str, ...]
    """The change of each, with its share; of a spec that is new or gone all of it."""

    @property
    def name(self) -> str:
        """Its path, and what it was before."""
        return f"{self.path} {self.was}".rstrip()


def shown(changes: Changes) -> tuple[str, ...]:
    """The totals that the table has columns for."""
    named = changes.specs[0].totals[_FIRST:] if changes.specs else ()
    return (*SHOWN, *(total.name for total in named))


def heading(changes: Changes) -> str:
    """How many specs changed, and how many did not."""
    found = [change.status for change in changes.specs]
    renamed = sum(bool(change.renamed_from) for change in changes.specs)
    words = {"changed": f"changed ({renamed:,} renamed)" if renamed else "changed"}
    counts = ((found.count(word), word) for word in ("changed", "added", "removed"))
    parts = ", ".join(f"{number:,} {words.get(word, word)}" for number, word in counts if number)
    said = f"since {changes.base}: {parts or 'nothing changed'}, {changes.same:,} the same"
    failed = f"; not all could be compared: {counted(len(changes.failures), 'error')}"
    return said + failed * bool(changes.failures)


def row(change: SpecChange, names: tuple[str, ...]) -> ChangeRow:
    """One spec, with the totals of these names."""
    named = {total.name: total for total in change.totals}
    if change.compared is not None:
        found = change.compared.difference
        parts = (("+", found.added), ("-", found.removed), ("~", found.changed))
        layers = " ".join(f"{sign}{len(rows):,}" for sign, rows in parts if rows) or "same"
    else:
        layers = f"{SIGNS[change.status]}{abs(named['layers'].increase):,}"
    was = f"(renamed from {change.renamed_from})" if change.renamed_from else ""
    return ChangeRow(change.status, change.path, was, layers, tuple(_cell(named[n]) for n in names))


def ranks(rows: Sequence[Sequence[str]]) -> list[int]:
    """In which order columns give way, the least last; those that no spec differs in go first."""
    columns = list(zip(*rows, strict=True))
    same = [set(cells) <= {"same"} for cells in columns]
    return [2 + place + len(columns) * unchanged for place, unchanged in enumerate(same)]


def _cell(total: Total) -> str:
    if total.before is None or total.after is None:
        return "?"
    change = total.increase
    if not change:
        return "same"
    amount = size(abs(change)) if total.bytes else f"{abs(change):,}"
    share = f" ({total.percent})" if total.percent and total.after else ""
    return f"{'+' if change > 0 else '-'}{amount}{share}"


def faults(change: SpecChange) -> list[str]:
    """One sentence for each reason why a spec does not pass."""
    both = change.compared
    passed = [] if both is None else verdicts(DiffView(both.difference, [*both.exceeded]))
    found = [f"{change.path}: {text}" for text in passed]
    if change.errors:
        first, *others = sorted(change.errors, key=lambda error: error.line or 0)
        place = f"{change.path}:{first.line}:{first.column}" if first.line else change.path
        more = f", and {counted(len(others), 'more error')}" if others else ""
        shows = f"`convcalc check {change.path}` shows {'them' if others else 'it'}"
        found.append(f"{place}: {first.message}{more}: {shows}")
    return [plain(text) for text in found]
