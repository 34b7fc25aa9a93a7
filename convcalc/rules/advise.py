"""Running the rules over an analysis, under what the spec and the configuration say of them."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Related, Severity, Span, order, worst_first
from convcalc.limits import over_limits
from convcalc.network.place import Mark
from convcalc.network.record import Network, RuleSetting, Step
from convcalc.rules import RULES
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule
from convcalc.rules.tuning import Tuning, WrongTuningError, stated_once, tuning_of

_NAMED = 3  #: layers that a finding about many names
_MOST = 1000  #: findings of one spec that are reported
_WRONG = 20  #: mistakes in one `rules:` that are reported
_UNTUNED: Mapping[str, Tuning] = {}
_NO_LIMITS: Mapping[str, int] = {}
_OPTIONS: Mapping[str, str] = {}


class Selection(NamedTuple):
    """Which findings below errors are wanted. Errors always are, but raised ones in `ignore`."""

    select: frozenset[str] | None = None
    """Codes that may speak; None: all that are on by default."""
    ignore: frozenset[str] = frozenset()
    advice: bool = True
    tuning: Mapping[str, Tuning] = _UNTUNED
    """What the configuration says of single codes."""
    limits: Mapping[str, int] = _NO_LIMITS
    """Upper limits of the totals."""
    givers: Mapping[str, str] = _OPTIONS
    """Where limits were given that are not options of the command line."""
    notes_in_full: bool = True
    """Whether what a note offers is shown: it sizes the net again, and is left out where not."""


def wanted_findings(analysis: Analysis, selection: Selection) -> tuple[Finding, ...]:
    """All findings about a net that are wanted: its faults, and advice where it is sound."""
    network = analysis.network
    own, faults = tuned(network)
    tuning = {**selection.tuning, **own}
    found = [
        *analysis.findings,
        *faults,
        *over_limits(analysis, selection.limits, selection.givers),
    ]
    rules = [r for r in RULES if selection.advice or _is_raised(tuning, r.code)]
    if rules and not analysis.broken and not _unreadable(analysis):
        net = NetFacts(analysis)
        for rule in rules:
            if _speaks(rule, selection, tuning.get(rule.code, Tuning())):
                own_tuning = tuning.get(rule.code, Tuning())
                found += _advice(rule, net, own_tuning, selection.notes_in_full)
    kept = (_graded(f, tuning) for f in found if _wanted(f, selection, tuning))
    return _bounded(order(kept), network)


def not_turned_off(
    findings: Iterable[Finding], network: Network, selection: Selection
) -> tuple[Finding, ...]:
    """The findings without those that the file, the configuration or an option turns off.

    What nobody is told of is nothing to repair, and nothing that a repair leaves wrong.
    """
    tuning = {**selection.tuning, **(tuned(network)[0] if network.rules else {})}
    return tuple(f for f in findings if _wanted(f, selection, tuning))


def _bounded(findings: tuple[Finding, ...], network: Network) -> tuple[Finding, ...]:
    """The worst of them where there are very many: a hostile file can have 40,000."""
    if len(findings) <= _MOST:
        return findings
    text = f"{len(findings):,} findings, the first {_MOST:,} are shown"
    cut = Finding("CC002", Severity.ERROR, text, network.source.path)
    return (cut, *worst_first(findings)[:_MOST])


def _unreadable(analysis: Analysis) -> bool:
    """Whether the file itself is at fault: what it means is then a guess, and no advice is due."""
    return any(f.severity is Severity.ERROR and f.code < "CC1" for f in analysis.findings)


def _is_raised(tuning: Mapping[str, Tuning], code: str) -> bool:
    """Whether a code is set to be an error: it is then wanted as errors are, unless ignored."""
    return tuning.get(code, Tuning()).severity is Severity.ERROR


def _speaks(rule: Rule, selection: Selection, tuning: Tuning) -> bool:
    if tuning.on is not None:
        return tuning.on
    return (
        rule.on
        or tuning.severity is not None
        or (selection.select is not None and rule.code in selection.select)
    )


def _wanted(finding: Finding, selection: Selection, tuning: Mapping[str, Tuning]) -> bool:
    if finding.code in selection.ignore and (
        finding.severity is not Severity.ERROR or finding.code >= "CC2"
    ):
        return False
    if finding.severity is Severity.ERROR:
        return True
    if tuning.get(finding.code, Tuning()).on is False:
        return False
    if _is_raised(tuning, finding.code):
        return True
    return selection.select is None or finding.code in selection.select


def _graded(finding: Finding, tuning: Mapping[str, Tuning]) -> Finding:
    """A finding in the severity that is set for its code; a fault stays one, and says so."""
    on, severity, _ = tuning.get(finding.code, Tuning())
    if finding.severity is Severity.ERROR:
        asked = on is False or (severity or Severity.ERROR) is not Severity.ERROR
        told = f"errors cannot be ignored: `rules:` leaves {finding.code} as it is"
        return finding._replace(help=(*finding.help, told)) if asked else finding
    if severity is None:
        return finding
    return finding._replace(severity=severity)


def _advice(rule: Rule, net: NetFacts, tuning: Tuning, notes_in_full: bool) -> list[Finding]:
    """What a rule says, as one finding: about the first layer it concerns, naming the others."""
    severity = tuning.severity or rule.severity
    offers = notes_in_full or severity is not Severity.NOTE
    values = {threshold.name: threshold.default for threshold in rule.thresholds}
    values.update(tuning.values)
    first: Remark | None = None
    names: dict[str, None] = {}
    places: dict[tuple[int, str], Step] = {}  # all turns of a repeat are one place
    for remark in rule.check(net, values):
        step = remark.step
        if rule.code not in step.ignore:
            first = first or remark
            names[step.name] = None
            places.setdefault((id(step.place), remark.option), step)
    if first is None:
        return []
    network = net.analysis.network
    return [
        network.finding(
            first.step,
            rule.code,
            severity,
            f"{first.message}{_others(names)}",
            first.label,
            (*first.help, *(first.offer() if offers else ())),
            _also(network, places),
            first.option,
        )
    ]


def _others(names: Mapping[str, None]) -> str:
    """The other layers that a rule concerns: ``; also conv3, conv5 and 7 more``."""
    left = len(names) - 1
    if not left:
        return ""
    some = islice(names, 1, 1 + (left if left <= _NAMED else _NAMED - 1))
    more = f" and {left - _NAMED + 1} more" if left > _NAMED else ""
    return f"; also {', '.join(some)}{more}"


def _also(network: Network, places: Mapping[tuple[int, str], Step]) -> tuple[Related, ...]:
    """Second places: the other layers, where they are elsewhere in the file."""
    names: dict[Span, str] = {}
    spans = [(step.place.option(option), step) for (_, option), step in places.items()]
    for span, step in spans:
        if span is not None:
            names.setdefault(span, step.name)
    others = sorted((span, name) for span, name in names.items() if span != spans[0][0])
    path = network.source.path
    return tuple(Related(f"{name} too", path, span) for span, name in others[:_NAMED])


def with_faults(analysis: Analysis) -> Analysis:
    """The analysis with what is wrong with the file's `rules:` among its findings."""
    faults = tuned(analysis.network)[1]
    return analysis._replace(findings=order((*analysis.findings, *faults)))


def tuned(network: Network) -> tuple[dict[str, Tuning], list[Finding]]:
    """What the spec's `rules:` say, and what is wrong with them."""
    found: dict[str, Tuning] = {}
    findings: list[Finding] = []
    words: dict[str, str] = {}
    for setting in network.rules:
        if len(findings) == _WRONG:
            break
        try:
            code, tuning = tuning_of(setting.word, setting.value)
            stated_once(code, setting.word, words)
            found[code] = tuning
        except WrongTuningError as error:
            mark = _at(error, setting)
            span = None if mark is None else mark.span
            path, text = network.source.path, str(error)
            findings.append(Finding(error.code, Severity.ERROR, text, path, span, help=error.help))
    return found, findings


def _at(error: WrongTuningError, setting: RuleSetting) -> Mark | None:
    """The place of an error: an unknown word itself, or a known word's value."""
    key, mark = setting.key, setting.mark
    if len(error.keys) > 1 and error.keys[1] in setting.parts:
        key, mark = setting.parts[error.keys[1]]
    return mark if error.code == "CC014" else key
