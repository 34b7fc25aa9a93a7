"""A file while words of it are replaced."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Severity
from convcalc.fix.bystanders import altered
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor

_NUMBER = re.compile(r"-?[0-9]+(?![\w.])")


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
        """What is wrong in the YAML, and in what the file says, before any arithmetic.

        Errors in the YAML come first: they hide the others, so that breaking it would look better.
        A number that an option cannot have counts half: the option that was meant takes numbers,
        so the word in its place was a slip beside that number.
        """
        found = self.analysis.findings
        errors = [f for f in found if f.severity is Severity.ERROR and f.code < "CC1"]
        numbers = sum(_are_of_numbers(self.analysis.network, errors))
        return sum(f.code < "CC010" for f in errors), 2 * len(errors) - numbers

    def keeps(self, edits: Iterable[Edit]) -> bool:
        """Whether edits would replace what is to stay."""
        return bool(self.kept) and any(back(self.edits, e.start) in self.kept for e in edits)


def _are_of_numbers(network: Network, errors: Iterable[Finding]) -> Iterator[bool]:
    """Whether findings are of a number out of its range, or of one that a layer's size forbids."""
    found = [f for f in errors if f.code == "CC014" and f.span is not None]
    if not found:
        return
    sized = {step.name for step in network.steps if step.layer is not None}
    editor = Editor(network.source)
    for finding in found:
        start = editor.offset(finding.span.line, finding.span.column) if finding.span else 0
        of_option = ": expected " in finding.message and _NUMBER.match(editor.text, start)
        yield finding.layer in sized or bool(of_option)


def applied(state: State, changes: Collection[Change], work: Work) -> State:
    """The file with changes made."""
    source = state.analysis.network.source
    edits = tuple(edit for change in changes for edit in change.edits)
    text = Editor(source).apply(edits)
    found = work.read(source.path, text)
    work.took(found)
    spoils = state.spoils or altered(edits, state.analysis.network, found.network)
    return State(found, state.first, (*state.edits, Moved(edits)), spoils, state.kept)


def wrong(analysis: Analysis) -> tuple[tuple[str, ...], int, int]:
    """The codes of the errors there are, how many places lose input, and of how many layers."""
    errors = tuple(f.code for f in analysis.findings if f.severity is Severity.ERROR)
    losing = [f.layer for f in analysis.findings if f.code == "CC103"]
    return errors, len(losing), len({*losing})
