"""`check`: what is wrong with many nets, and advice."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from convcalc.findings import Finding, worst_first
from convcalc.source import Source
from convcalc.study.many import each, processes
from convcalc.study.outcome import Case, Outcome


class Checked(NamedTuple):
    """What was found in one net; small enough to travel from a process."""

    path: str
    findings: tuple[Finding, ...]
    source: Source | None
    """Its text, where there are findings to show in it."""
    remark: str = ""


class Check(NamedTuple):
    """What was found in all nets of a run, errors first."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    """Every net that was checked, those without findings too, in order."""
    sources: dict[str, Source]
    """The texts of those with findings."""
    remarks: tuple[str, ...]
    failures: tuple[str, ...]
    """Why others could not be read, in order."""


def checked(outcome: Outcome) -> Checked:
    """The findings of one net, with the advice that its case asks for."""
    findings, source = outcome.findings, outcome.network.source
    return Checked(source.path, findings, source if findings else None, outcome.remark)


def check(cases: Sequence[Case], progress: Callable[[int], None] = lambda done: None) -> Check:
    """Check all cases, in several processes where there is much to read."""
    found: list[Checked] = []
    failures: list[str] = []
    with processes(cases) as executor:
        for number, answer in enumerate(each(cases, checked, executor), 1):
            if answer.value is None:
                failures.append(answer.failure)
            else:
                found.append(answer.value)
            progress(number)
    return _together(found, failures)


def _together(found: Iterable[Checked], failures: list[str]) -> Check:
    findings: list[Finding] = []
    sources: dict[str, Source] = {}
    paths, remarks = [], []
    for one in found:
        paths.append(one.path)
        findings.extend(one.findings)
        if one.source:
            sources[one.path] = one.source
        if one.remark:
            remarks.append(one.remark)
    return Check(worst_first(findings), tuple(paths), sources, tuple(remarks), tuple(failures))
