"""A file while words of it are replaced."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.bystanders import altered
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change
from convcalc.fix.work import Work
from convcalc.spec.edit import Edit, Editor


class State(NamedTuple):
    """The file with some words replaced."""

    analysis: Analysis
    first: Editor
    """Of the file as it was."""
    edits: tuple[Moved, ...] = ()
    """What was replaced, each of the text that those before it made."""
    spoils: bool = False
    """Whether a layer that was right is another one now."""
    kept: frozenset[int] = frozenset()
    """Where words stay as they are, in the file as it was."""

    @property
    def unread(self) -> tuple[int, int]:
        """How many errors there are in the YAML, and in what the file says, before any arithmetic.

        Those in the YAML come first: they hide the others, so that breaking it would look better.
        """
        errors = [f.code for f in self.analysis.findings if f.severity is Severity.ERROR]
        return sum(code < "CC010" for code in errors), sum(code < "CC1" for code in errors)

    def keeps(self, edits: Iterable[Edit]) -> bool:
        """Whether edits would replace what is to stay."""
        return bool(self.kept) and any(back(self.edits, e.start) in self.kept for e in edits)


def applied(state: State, changes: Collection[Change], work: Work) -> State:
    """The file with changes made."""
    source = state.analysis.network.source
    edits = tuple(edit for change in changes for edit in change.edits)
    text = Editor(source).apply(edits)
    found = work.read(source.path, text)
    work.took(found)
    spoils = state.spoils or altered(edits, state.analysis.network, found.network)
    return State(found, state.first, (*state.edits, Moved(edits)), spoils, state.kept)


def wrong(analysis: Analysis) -> tuple[tuple[str, ...], int]:
    """The codes of the errors there are, and how many places lose input."""
    errors = tuple(f.code for f in analysis.findings if f.severity is Severity.ERROR)
    return errors, sum(f.code == "CC103" for f in analysis.findings)
