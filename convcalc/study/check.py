"""`check`: what is wrong with many nets, and advice."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convcalc.findings import Finding, worst_first
from convcalc.progress import Progress, silent
from convcalc.source import Source
from convcalc.study.many import each, processes
from convcalc.study.outcome import Case, Outcome

_NAMED = 3  #: variants that a finding names


#: What sets one case apart from the others of its net, axis by axis.
Variant = tuple[str, ...]
#: The name of a net as it is shown, and the file's own: two names may be shown as one.
_Net = tuple[str, str]


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
    variants: int
    """How often a net was checked, in all."""


def checked(outcome: Outcome) -> Checked:
    """The findings of one net, with the advice that its case asks for."""
    findings, source = outcome.findings, outcome.network.source
    return Checked(source.path, findings, source if findings else None, outcome.remark)


def check(cases: Sequence[Case], progress: Progress = silent) -> Check:
    """Check all cases, in several processes where there is much to read.

    Args:
        cases: a net and a variant of it each.
        progress: called after each with how many are done, of how many.
    """
    found: list[tuple[Checked, Case]] = []
    failures: list[str] = []
    with processes(cases) as executor:
        for number, answer in enumerate(each(cases, checked, executor), 1):
            if answer.value is None:
                failures.append(answer.failure)
            else:
                found.append((answer.value, cases[number - 1]))
            progress(number, len(cases), "")
    return _together(found, failures)


def _together(found: Sequence[tuple[Checked, Case]], failures: list[str]) -> Check:
    sources: dict[str, Source] = {}
    remarks = []
    variants: dict[_Net, list[Variant]] = {}
    met: dict[tuple[_Net, Finding, int], list[Variant]] = {}
    first: dict[tuple[_Net, Finding, int], Finding] = {}
    for number, (one, case) in enumerate(found):
        variant, subject = case.variant, case.subject
        net = one.path, subject if isinstance(subject, str) else ""
        variants.setdefault(net, []).append(variant)
        for finding in one.findings:
            # of variants, equal messages at one place are one finding
            bare = finding._replace(label="", help=(), related=())
            key = (net, bare, -1) if variant else (net, finding, number)
            first.setdefault(key, finding)
            met.setdefault(key, []).append(variant)
        if one.source:
            sources[one.path] = one.source
        if one.remark:
            remarks.append(one.remark)
    findings = [_named(first[key], own, variants[key[0]]) for key, own in met.items()]
    said = tuple(dict.fromkeys(remarks))
    paths = _distinct(path for path, _ in variants)
    return Check(worst_first(findings), paths, sources, said, _distinct(failures), len(found))


def _named(finding: Finding, met: list[Variant], variants: list[Variant]) -> Finding:
    """A finding with the variants that have it, where others of its net have it not.

    What makes no difference to it is left out: ``--set depth=3``, whatever the batch.
    """
    have = set(met)
    kept = tuple(range(len(met[0])))
    for axis in kept:
        rest = tuple(k for k in kept if k != axis)
        own = {tuple([one[k] for k in rest]) for one in have}
        if all(one in have for one in variants if tuple([one[k] for k in rest]) in own):
            kept = rest
    if not kept:
        return finding
    words = _distinct(" ".join([one[k] for k in kept]) for one in met)
    more = f" and {len(words) - _NAMED:,} more" if len(words) > _NAMED else ""
    named = f"{' or '.join(words[:_NAMED])}{more}"
    return finding._replace(message=f"{finding.message} (with {named})")


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
