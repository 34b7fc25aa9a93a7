"""`check`: what is wrong with many nets, and advice."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from convcalc.findings import Finding, worst_first
from convcalc.shapes import Shape, written
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
    sizes = [case.overrides.input for case in cases]
    several = len(set(sizes)) > 1
    with processes(cases) as executor:
        for number, answer in enumerate(each(cases, checked, executor), 1):
            if answer.value is None:
                failures.append(answer.failure)
            else:
                size = sizes[number - 1] if several else None
                found.append(_at(answer.value, size) if size else answer.value)
            progress(number)
    return _together(found, failures)


def _at(one: Checked, size: Shape) -> Checked:
    """What was found, with the input size at which it is so."""
    help = f"with --input {written(size)}"
    return one._replace(findings=tuple(f._replace(help=(*f.help, help)) for f in one.findings))


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
    seen, said = tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(remarks))
    return Check(worst_first(findings), seen, sources, said, tuple(dict.fromkeys(failures)))
