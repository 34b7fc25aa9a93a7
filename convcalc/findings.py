"""Findings: what convcalc has to say about a spec, one frozen record each.

Every reader and rule collects findings instead of raising. A code is stable for ever; CODES is the
one table of them.
"""

from collections.abc import Iterable
from enum import StrEnum

from convcalc import escape
from convcalc.records import NamedTuple


class Severity(StrEnum):
    """How bad, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


#: From which severity on findings fail a check.
LEVELS = (*(severity.value for severity in Severity), "never")


class Span(NamedTuple):
    """A stretch of a file; lines and columns count from 1, the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Related(NamedTuple):
    """A second place that explains a finding: the layer that made the input, the caller."""

    message: str
    path: str
    span: Span

    @property
    def line(self) -> int:
        """The line where it starts, counted from 1."""
        return self.span.line

    @property
    def column(self) -> int:
        """The column where it starts, counted from 1."""
        return self.span.column

    @property
    def end_line(self) -> int:
        """The line where it ends."""
        return self.span.end_line

    @property
    def end_column(self) -> int:
        """The column after its last character."""
        return self.span.end_column


class Finding(NamedTuple):
    """One remark about one place. `label` is the short form shown beside the caret."""

    code: str
    severity: Severity
    message: str
    path: str
    span: Span | None = None
    label: str = ""
    layer: str | None = None
    help: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()

    @property
    def name(self) -> str:
        """The code's readable name, e.g. ``window-does-not-fit``."""
        return CODES[self.code]

    @property
    def line(self) -> int | None:
        """The line where it starts, counted from 1; None where it has no place."""
        return self.span.line if self.span else None

    @property
    def column(self) -> int | None:
        """The column where it starts, counted from 1; None where it has no place."""
        return self.span.column if self.span else None

    @property
    def end_line(self) -> int | None:
        """The line where it ends; None where it has no place."""
        return self.span.end_line if self.span else None

    @property
    def end_column(self) -> int | None:
        """The column after its last character; None where it has no place."""
        return self.span.end_column if self.span else None

    def __repr__(self) -> str:
        return f"<convcalc.Finding {escape.one_line(str(self))}>"

    def __str__(self) -> str:
        """One line, for grep, vim and matchers: ``path:line:col: error[CC102] message``.

        A path that starts with a colon gets its ``./``: `::` is a command to GitHub.
        """
        place = f"{self.span.line}:{self.span.column}" if self.span else "1:1"
        if self.layer and not self.span:  # of a network that is no text
            place = self.layer
        path = plain(self.path)
        path = f"./{path}" if path.startswith(":") else path
        return f"{path}:{place}: {self.severity.value}[{self.code}] {plain(self.message)}"


#: Every code with its name. CC0xx: the file and its words; CC1xx: the net's arithmetic; CC2xx:
#: advice, a rule of thumb each (convcalc.rules). `convcalc.pages.page(code)` explains each.
CODES = {
    "CC001": "not-yaml",
    "CC002": "too-large",
    "CC003": "duplicate-key",
    "CC004": "ambiguous-value",
    "CC005": "unsupported-yaml",
    "CC006": "not-text",
    "CC007": "hidden-character",
    "CC010": "unknown-key",
    "CC011": "unknown-kind",
    "CC012": "unknown-option",
    "CC013": "missing-option",
    "CC014": "bad-value",
    "CC015": "bad-formula",
    "CC016": "unknown-variable",
    "CC017": "unknown-reference",
    "CC018": "bad-name",
    "CC019": "bad-entry",
    "CC020": "bad-block",
    "CC021": "bad-pattern",
    "CC101": "size-not-exact",
    "CC102": "window-does-not-fit",
    "CC103": "input-lost",
    "CC104": "padding-unused",
    "CC105": "sub-sampling",
    "CC106": "overhang",
    "CC107": "shape-mismatch",
    "CC108": "wrong-input",
    "CC109": "groups-do-not-divide",
    "CC110": "empty-output",
    "CC111": "pool-not-portable",
    "CC112": "gridding",
    "CC113": "norm-of-one-number",
    "CC114": "upsample-shrinks",
    "CC120": "unread-layer",
    "CC121": "misaligned-branches",
    "CC122": "in-place-overwrites",
    "CC123": "weights-do-not-match",
    "CC124": "unused-definition",
    "CC125": "merge-of-one",
    "CC126": "channels-last",
    "CC127": "empty-call",
    "CC128": "split-condition",
    "CC129": "flat-branches",
    "CC130": "expectation-failed",
    "CC131": "budget-exceeded",
    "CC132": "net-input-in-block",
    "CC133": "relu6-as-name",
    "CC201": "input-hardly-halves",
    "CC202": "large-kernel",
    "CC203": "strided-conv",
    "CC204": "unpadded-conv",
    "CC205": "large-pool",
    "CC206": "padded-pool",
    "CC207": "stack-of-small-kernels",
    "CC208": "first-fc-dominates",
    "CC209": "early-layers-dominate",
    "CC210": "local-response-norm",
    "CC211": "bias-before-batch-norm",
    "CC212": "field-exceeds-input",
    "CC213": "little-left-after-pools",
    "CC214": "odd-size-at-pool",
    "CC215": "notes-pattern",
    "CC216": "even-kernel",
    "CC217": "average-pool",
    "CC218": "pool-for-conv",
}

#: Errors that leave every number known, a total other than expected or over its budget; and the
#: keys of the file that state it.
ON_TOTALS = {"CC130": "expect", "CC131": "budget"}

plain = escape.plain  #: what makers of findings need beside them

_ORDER = {severity: rank for rank, severity in enumerate(Severity)}
_LONGEST = 400  #: of a message; a spec can hold a word of a million letters


def brief(text: str, most: int = _LONGEST) -> str:
    """Text from outside that is safe to print, and cut where it is too long to read."""
    return plain(text if len(text) <= most else f"{text[:most]}...")


def order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by place and without repetitions: a block's fault, called ten times, is reported once.

    The survivor names how often it was met, in its related places' stead.
    """
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        at = finding.span or finding.layer  # without a text only the layer says where
        kept.setdefault((finding.path, at, finding.code, finding.message), finding)
    return tuple(sorted(kept.values(), key=lambda f: (*_place(f), f.message)))


def _place(finding: Finding) -> tuple[object, ...]:
    span = finding.span or Span(0, 0, 0, 0)
    return (finding.path, span, _ORDER[finding.severity], finding.code)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, warnings, notes, each by place: what a reader who stops early must have seen.

    Those of one place stay in their order, which is that of a net's variants.
    """
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.severity], _place(f))))


def errors_and_warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The errors and warnings: what is written out in full beside a report."""
    return tuple(f for f in findings if f.severity is not Severity.NOTE)


def reaches(finding: Finding, level: str) -> bool:
    """Whether a finding is at least as bad as a severity; nothing reaches ``never``."""
    return level in _ORDER and _ORDER[finding.severity] <= _ORDER[Severity(level)]


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity among the findings; None where there are none."""
    return min((f.severity for f in findings), key=_ORDER.__getitem__, default=None)
