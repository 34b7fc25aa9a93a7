"""A pattern that stands for several nets: those of N, M, K and ``POOL?`` in the CS231n notes."""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.study.errors import RequestError
from convcalc.study.load import Pattern, stated
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.spec.notes_words import Member


def family(case: Case) -> tuple[Case, ...]:
    """The nets that a case's pattern stands for, a case each; empty where it is one net.

    Raises:
        RequestError: it leaves more open than is listed.
        LoadError: a variable is set that it does not have.
    """
    subject = case.subject
    if not isinstance(subject, Pattern):
        return ()
    from convcalc.spec.notes_words import TooManyChoicesError, members  # for patterns alone

    stated(subject.text, case.overrides)
    try:
        found = members(subject.text, dict(case.overrides.variables))
    except TooManyChoicesError as error:
        raise RequestError(str(error)) from error
    return tuple(_named(case, member) for member in found)


def _named(case: Case, member: "Member") -> Case:
    from convcalc.spec.notes_words import open_letters

    known = open_letters(member.pattern)
    kept = tuple(one for one in case.overrides.variables if one[0] in known)
    overrides = case.overrides._replace(variables=kept)
    return case._replace(subject=Pattern(member.pattern, member.words), overrides=overrides)


def smallest_first(outcomes: list[Outcome]) -> list[Outcome]:
    """By parameters, then activations; nets that cannot be sized come last."""

    def rank(outcome: Outcome) -> tuple[bool, int, int]:
        totals = outcome.analysis.totals
        return totals.params is None, totals.params or 0, totals.activations or 0

    return sorted(outcomes, key=rank)


def studied(cases: tuple[Case, ...]) -> list[Outcome]:
    """Every net of a family, smallest first."""
    return smallest_first([study(case) for case in cases])


def named(outcome: Outcome, short: bool = False) -> Analysis:
    """The analysis of a net that is called by its variant too, where there are several.

    `short`: by its variant alone.
    """
    analysis, variant = outcome.analysis, " ".join(outcome.case.variant)
    if not variant:
        return analysis
    name = analysis.network.name or analysis.network.source.path
    member = isinstance(outcome.case.subject, Pattern) and outcome.case.subject.name
    if not short:
        variant = f"{name} {variant}"
    elif member:
        variant = f"{member} {variant}"
    return analysis._replace(network=analysis.network._replace(name=variant))
