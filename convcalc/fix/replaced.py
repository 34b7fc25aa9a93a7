"""A file while words of it are replaced."""

from collections.abc import Iterable
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.moved import Moved, back
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
