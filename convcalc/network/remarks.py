"""The findings of one network while it is made."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from convcalc.findings import Finding, Related, Severity, Span, brief
from convcalc.network.place import Mark, called

if TYPE_CHECKING:
    from convcalc.suggest import Suggestions


#: faults of one file for which help is looked for; a file with more of them has another cause
_HELPED = 5_000


class TooMuchWorkError(Exception):
    """A file asks for more to be worked out than it may."""


class Remarks:
    """Collects findings about places of one file, each once."""

    def __init__(self, path: str, findings: Iterable[Finding] = ()) -> None:
        self.path = path
        self.findings: list[Finding] = list(findings)
        self.reported: set[tuple[str, Span | str | None, str]] = set()
        #: how often something was wrong, repetitions too
        self.attempts = 0
        #: how much more may be worked out (see `spend`); None for any amount
        self.allowance: int | None = None
        #: whether the variables could not be read: that one is unknown is no second fault
        self.unread_variables = False
        #: where the file sets each of its variables
        self.variables: dict[str, Mark] = {}
        #: whether the network is the file's own: what it expects is of that one
        self.as_written = True
        #: whether what a layer is expected to have was not compared
        self.left_aside = False
        #: places of which nothing more is to be said
        self.refused: set[Span] = set()

    def spend(self, amount: int) -> None:
        """Count work that a file asks for, about a letter of a formula each.

        Raises:
            TooMuchWorkError: it is more than is allowed.
        """
        if self.allowance is not None:
            self.allowance -= amount
            if self.allowance < 0:
                raise TooMuchWorkError

    @property
    def helps(self) -> bool:
        """Whether what was meant is still looked for."""
        return self.attempts < _HELPED

    @cached_property
    def suggest(self) -> "Suggestions":
        """What was probably meant: asked where a word is unknown."""
        from convcalc.suggest import Suggestions

        return Suggestions()

    def _set_at(self, mark: Mark | None) -> Iterator[tuple[str, Mark]]:
        """Where the variables of a formula are set."""
        text = getattr(mark, "text", "")
        for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text)) if text[:1] == "=" else ():
            if name in self.variables:
                yield f"{name} is set here", self.variables[name]

    def error(
        self,
        code: str,
        message: str,
        mark: Mark | None,
        label: str = "",
        help: tuple[str, ...] = (),
        related: tuple[tuple[str, Mark | None], ...] = (),
        calls: tuple[Mark, ...] = (),
        layer: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record a finding at a place, with the calls that led there."""
        self.attempts += 1
        written = getattr(mark, "written", None)
        if written is not None:  # an argument's or variable's: other uses are not to blame
            related = ((mark.used, mark), *related)  # type: ignore[union-attr]
            mark, calls = written, mark.calls  # type: ignore[union-attr]
        span = None if mark is None else mark.span
        already = (code, span or layer, message)
        if already in self.reported or span in self.refused:
            return
        self.reported.add(already)
        if self.variables and not calls:  # in a block the name may be an argument's
            related = (*related, *self._set_at(mark))
        others = tuple(
            Related(text, self.path, other.span) for text, other in related if other is not None
        )
        self.findings.append(
            Finding(
                code,
                severity,
                brief(message),
                self.path,
                span,
                brief(label),
                layer,
                tuple(map(brief, help)),
                (*others, *called(self.path, calls)),
            )
        )
