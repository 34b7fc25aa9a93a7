"""`check`: what is wrong with many nets, and advice."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.findings import Finding, worst_first
from convcalc.limits import limit_name
from convcalc.memory.budget_settings import replaced_settings
from convcalc.network.record import INPUT
from convcalc.progress import Progress, silent
from convcalc.source import Source
from convcalc.spec.inputs import UNWRITTEN
from convcalc.study.apart import Apart, Variant, named
from convcalc.study.errors import RequestError
from convcalc.study.failure import Failure, failure_of
from convcalc.study.idle import refuse_without_effect
from convcalc.study.left_aside import left_aside, replaced, unused
from convcalc.study.many import each, processes
from convcalc.study.outcome import WRITTEN, Case, Outcome
from convcalc.study.spending import Spending, identity

#: The name of a net as it is shown, and what it is: two names of files may be shown as one.
_Net = tuple[str, int | str]


class Checked(NamedTuple):
    """What was found in one net; small enough to travel from a process."""

    path: str
    findings: tuple[Finding, ...]
    source: Source | None
    """Its text, where there are findings to show in it."""
    remark: str = ""
    layers: int = 0
    characters: int = 0
    """Of its text."""
    has_input: bool = True
    expect_left_aside: bool = False
    replaced: str = ""
    """Settings of the case that the file's budget states otherwise."""
    limits_memory: bool = False


class Check(NamedTuple):
    """What was found in all nets of a run, errors first."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    """Every net that was checked, those without findings too, in order."""
    sources: dict[str, Source]
    """The texts of those with findings."""
    remarks: tuple[str, ...]
    failures: tuple[Failure, ...]
    """Why others could not be read, in order."""
    variants: int
    """How often a net was checked, in all."""
    given_input: int = 0
    """How many nets have no input as they are written: their stated variants alone are checked."""


class _Held:
    """What is held of all nets until the last one is checked: of what is equal, one."""

    def __init__(self) -> None:
        self.findings: dict[Finding, Finding] = {}
        self._sources: dict[Source, Source] = {}

    def once(self, one: Checked) -> Checked:
        """What was found in a variant, in the findings and the text of those before it."""
        findings = tuple([self.findings.setdefault(found, found) for found in one.findings])
        source = one.source and self._sources.setdefault(one.source, one.source)
        return one._replace(findings=findings, source=source)


def checked(outcome: Outcome) -> Checked:
    """The findings of one net, with the advice that its case asks for."""
    findings, network = outcome.findings, outcome.network
    source = network.source
    return Checked(
        source.path,
        findings,
        source if findings else None,
        outcome.remark or (outcome.training_remark if outcome.limits_training else ""),
        len(network.steps),
        len(source.text),
        _has_input(outcome),
        network.expect_left_aside,
        replaced_settings(outcome.analysis, outcome.case.asked),
        outcome.limits_memory,
    )


def _has_input(outcome: Outcome) -> bool:
    """False where none is written; one that cannot be read is an input."""
    missing = any(finding.code == "CC013" for finding in outcome.analysis.findings)
    inputs = [step for step in outcome.network.steps if step.kind == INPUT]
    return not missing or any(step.output or step.place is not UNWRITTEN for step in inputs)


def refuse_idle(cases: Sequence[Case]) -> None:
    """Refuse a setting that no limit knows, and a limit of what there is none of.

    Such a limit would hold of every net.

    Raises:
        RequestError: copies of the batch are set, or a training step is limited, of integers.
    """
    for case in cases:
        refuse_without_effect(case.settings, "check")
        wanted = case.selection
        if wanted is None or "training_memory" not in wanted.limits:
            continue
        if case.settings.dtype in INFERENCE_ONLY:
            name = limit_name("training_memory", wanted.givers)
            raise RequestError(f"{case.settings.dtype} is for inference: no {name}")


def check(cases: Sequence[Case], progress: Progress = silent) -> Check:
    """Check all cases, in several processes where there is much to read.

    Args:
        cases: a net and a variant of it each.
        progress: called after each with how many are done, of how many.
    """
    found: list[tuple[Checked, Case]] = []
    failures: list[tuple[Failure, Case]] = []
    unsized: list[Case] = []
    spending, held = Spending(cases), _Held()
    with processes(cases) as executor:
        answers = each(cases, checked, executor, spending.allows)
        for number, (case, answer) in enumerate(zip(cases, answers, strict=True), 1):
            one = answer.value
            progress(number, len(cases), "")
            if answer.failure:
                failures.append((failure_of(case.subject, answer.failure), case))
                unsized += [case] if answer.wants_input else []
                spending.add_refused(case)
            if one is None or not spending.allows(case):  # it may have been begun before
                continue
            before = len(held.findings)
            one = held.once(one)
            different, many = len(held.findings) - before, len(one.findings)
            spending.add(case, one.path, one.layers, one.characters, many, different)
            found.append((one, case))
    given = _given_input(found, unsized)
    said = [one for one, case in failures if not _is_left_to(given, case)] + spending.failures
    kept = [(one, case) for one, case in found if not _is_left_to(given, case)]
    return _together(kept, said)._replace(given_input=len(given))


def _given_input(found: Sequence[tuple[Checked, Case]], unsized: Sequence[Case]) -> set[int | str]:
    """The nets that have no input as they are written, but in variants that are stated for them.

    `unsized` cannot even be read without one: models of other tools.
    """
    sized = {identity(case) for one, case in found if one.has_input}
    without = [case for one, case in found if not one.has_input]
    return {identity(case) for case in (*without, *unsized) if WRITTEN in case.variant} & sized


def _is_left_to(given: set[int | str], case: Case) -> bool:
    """Whether a case is the written form of a net that is left to its other variants."""
    return WRITTEN in case.variant and identity(case) in given


def _together(found: Sequence[tuple[Checked, Case]], failures: list[Failure]) -> Check:
    found = _told_apart(found)
    sources: dict[str, Source] = {}
    remarks = []
    variants: dict[_Net, list[Variant]] = {}
    met: dict[tuple[_Net, Finding, int], list[Variant]] = {}
    first: dict[tuple[_Net, Finding, int], Finding] = {}
    for number, (one, case) in enumerate(found):
        variant, net = case.variant, (one.path, identity(case))
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
    apart = {net: Apart(own) for net, own in variants.items()}
    findings = [named(first[key], own, apart[key[0]]) for key, own in met.items()]
    ones = [one for one, _ in found]
    aside = left_aside((one.path, one.expect_left_aside) for one in ones)
    idle = [] if any(one.limits_memory for one in ones) else unused(case for _, case in found)
    others = replaced((one.path, one.replaced) for one in ones)
    said = (*_distinct(remarks), *aside, *others, *idle)
    paths = _distinct(path for path, _ in variants)
    return Check(
        worst_first(findings), paths, sources, said, (*dict.fromkeys(failures),), len(found)
    )


def _told_apart(found: Sequence[tuple[Checked, Case]]) -> list[tuple[Checked, Case]]:
    """What was found, files of different names called differently, though they are shown as one.

    ``a<U+200B>.yaml`` may be the name of a file, and what is shown of another one.
    """
    files = {identity(case): one.path for one, case in found}
    own = {net: path for net, path in files.items() if isinstance(net, str)}
    taken = set(files.values())
    called: dict[int | str, str] = {}
    first: dict[str, str] = {}
    last: dict[str, int] = {}  # never asked for again: thousands may be shown as one
    for net, path in sorted(own.items(), key=lambda item: item[0] != item[1]):
        if first.setdefault(path, net) != net:
            number = last.get(path, 1) + 1
            while f"{path} ({number})" in taken:
                number += 1
            last[path], called[net] = number, f"{path} ({number})"
            taken.add(called[net])
    return [(_called(one, called.get(identity(case), one.path)), case) for one, case in found]


def _called(one: Checked, path: str) -> Checked:
    """What was found in a file that is called so."""
    if path == one.path:
        return one
    findings = tuple(
        finding._replace(
            path=path,
            related=tuple(
                other._replace(path=path) if other.path == one.path else other
                for other in finding.related
            ),
        )
        for finding in one.findings
    )
    source = one.source and Source(path, one.source.text)
    return one._replace(path=path, findings=findings, source=source)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
