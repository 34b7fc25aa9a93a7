"""What a check found, as every format gets it."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.findings import Finding, Severity
from convcalc.quantity import counted
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.source import Source
from convcalc.study.failure import Failure

#: formats with the line that counts everything
SUMMED = frozenset({"text", "markdown", "github"})

#: formats for programs, which hold every finding
WHOLE = frozenset({"json", "sarif"})

#: formats for terminals, where stderr alone names what could not be checked; the others, which a
#: job may keep alone, name it and are written even where nothing was checked
UNNAMED = frozenset({"text", "concise"})


def notes_in_full(format: str, notes: bool | None, fail_on: str) -> bool:
    """Whether a format writes notes out, not just how many there are."""
    return bool(notes) or fail_on == Severity.NOTE or format in WHOLE


class Checked(NamedTuple):
    """The findings of a run over some specs, errors first."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    """Every spec that was checked, clean ones too, in order."""
    sources: Mapping[str, Source]
    """The text of specs with findings."""
    notes: bool | None = None
    """Whether notes are written out; None leaves it to the format."""
    fail_on: str = "error"
    variants: int = 0
    """How often a spec was checked, where some were in several variants."""
    left_out: int = 0
    """How many files of the folders the configuration leaves out."""
    given_input: int = 0
    """How many specs have an input only in the variants of the configuration's matrix."""
    unmatched: tuple[str, ...] = ()
    """What is to be said of matrices that apply to no file."""
    failures: tuple[Failure, ...] = ()
    """What could not be checked, and why."""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that a format for people writes out: notes only where asked for."""
        if self.notes or self.fail_on == Severity.NOTE:
            return self.findings
        return tuple(f for f in self.findings if f.severity is not Severity.NOTE)


def summary(checked: Checked, palette: Palette = PLAIN) -> str:
    """One line that counts everything: ``checked 3 specs: 1 error, 2 notes``."""
    number = len(checked.paths)
    specs = "1 spec" if number == 1 else f"{number:,} specs"
    if checked.variants > number:
        specs += f" in {checked.variants:,} variants"
    clean = "no findings" if checked.failures else "all clean"
    found = f"checked {specs}: {tally(checked, palette) or clean}"
    failed = f"not all could be checked: {counted(len(checked.failures), 'error')}"
    return "; ".join((found, *[failed] * bool(checked.failures), *not_checked(checked)))


def not_checked(checked: Checked) -> tuple[str, ...]:
    """What the configuration keeps from being checked, which a branch may have changed."""
    said = []
    if checked.left_out:
        said.append(f"`include` in pyproject.toml leaves out {counted(checked.left_out, 'file')}")
    if checked.given_input:
        specs = counted(checked.given_input, "spec")
        said.append(f"{specs} without an input but for `matrix` in pyproject.toml")
    return (*said, *checked.unmatched)


def tally(checked: Checked, palette: Palette = PLAIN) -> str:
    """The number of findings of each severity, in words; '' where there are none."""
    counts = {
        severity: sum(finding.severity is severity for finding in checked.findings)
        for severity in Severity
    }
    return ", ".join(
        palette.paint(f"{number:,} {word}" + ("" if number == 1 else "s"), word)
        for word, number in counts.items()
        if number
    )
