"""Running the rules over an analysis, under what the spec and the configuration say of them."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Related, Severity, order, plain, worst_first
from convcalc.limits import exceeded
from convcalc.rules import RULES
from convcalc.rules.net import Net
from convcalc.rules.rule import Remark, Rule
from convcalc.rules.tuning import Tuning, WrongTuningError, tuning_of
from convcalc.spec.network import Network, Step
from convcalc.spec.scalars import AmbiguousError, resolve
from convcalc.spec.tree import Mapping as MappingNode
from convcalc.spec.tree import Node, Scalar

_NAMED = 3  #: layers that a finding about many names
_MOST = 1000  #: findings of one spec that are told
_WRONG = 20  #: mistakes in one `rules:` that are told
_UNTUNED: Mapping[str, Tuning] = {}
_NO_LIMITS: Mapping[str, int] = {}


class Selection(NamedTuple):
    """Which findings below errors are wanted. Errors always are."""

    select: frozenset[str] | None = None
    """Codes that may speak; None: all that are on by default."""
    ignore: frozenset[str] = frozenset()
    advice: bool = True
    tuning: Mapping[str, Tuning] = _UNTUNED
    """What the configuration says of single codes."""
    limits: Mapping[str, int] = _NO_LIMITS
    """Upper limits of the totals."""


def judged(analysis: Analysis, selection: Selection) -> tuple[Finding, ...]:
    """All findings about a net that are wanted: its faults, and advice where it is sound."""
    network = analysis.network
    own, faults = tuned(network)
    tuning = {**selection.tuning, **own}
    found = [*analysis.findings, *faults, *exceeded(analysis, selection.limits)]
    if selection.advice and not analysis.broken and not _unreadable(analysis):
        net = Net(analysis)
        for rule in RULES:
            if _speaks(rule, selection, tuning.get(rule.code, Tuning())):
                found += _advice(rule, net, tuning.get(rule.code, Tuning()))
    return _bounded(order(f for f in found if _wanted(f, selection, tuning)), network)


def _bounded(findings: tuple[Finding, ...], network: Network) -> tuple[Finding, ...]:
    """The worst of them where there are very many: a hostile file can have 40,000."""
    if len(findings) <= _MOST:
        return findings
    text = f"{len(findings):,} findings, the first {_MOST:,} are told"
    cut = Finding("CC002", Severity.ERROR, text, network.source.path)
    return (cut, *worst_first(findings)[:_MOST])


def _unreadable(analysis: Analysis) -> bool:
    """Whether the file itself is at fault: what it means is then a guess, and no advice is due."""
    return any(f.severity is Severity.ERROR and f.code < "CC1" for f in analysis.findings)


def _speaks(rule: Rule, selection: Selection, tuning: Tuning) -> bool:
    if tuning.on is not None:
        return tuning.on
    return rule.on or (selection.select is not None and rule.code in selection.select)


def _wanted(finding: Finding, selection: Selection, tuning: Mapping[str, Tuning]) -> bool:
    if finding.code in selection.ignore and (
        finding.severity is not Severity.ERROR or finding.code >= "CC2"
    ):
        return False
    if finding.severity is Severity.ERROR:
        return True
    if tuning.get(finding.code, Tuning()).on is False:
        return False
    return selection.select is None or finding.code in selection.select


def _advice(rule: Rule, net: Net, tuning: Tuning) -> list[Finding]:
    """What a rule says, as one finding: about the first layer it concerns, naming the others."""
    values = {threshold.name: threshold.default for threshold in rule.thresholds}
    values.update(tuning.values)
    remarks = [remark for remark in rule.check(net, values) if rule.code not in remark.step.ignore]
    if not remarks:
        return []
    network = net.analysis.network
    first = remarks[0]
    step = first.step
    return [
        Finding(
            rule.code,
            tuning.severity or rule.severity,
            f"{first.message}{_others(remarks)}",
            network.source.path,
            _place(first).span,
            first.label,
            step.name,
            first.help,
            (*_also(network, step, remarks), *network.calls(step)),
        )
    ]


def _place(remark: Remark) -> Node:
    options = remark.step.where.options
    node = options.get(remark.option) if options and remark.option else None
    return node or remark.step.where.kind


def _others(remarks: list[Remark]) -> str:
    """The other layers that a rule concerns: ``; also conv3, conv5 and 7 more``."""
    names = list(dict.fromkeys(remark.step.name for remark in remarks))[1:]
    if not names:
        return ""
    if len(names) <= _NAMED:
        return f"; also {', '.join(names)}"
    return f"; also {', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1} more"


def _also(network: Network, first: Step, remarks: list[Remark]) -> tuple[Related, ...]:
    """Second places: the other layers, where they stand elsewhere in the file."""
    places = {_place(r).span: r.step.name for r in reversed(remarks)}
    places.pop(_place(remarks[0]).span, None)
    path = network.source.path
    return tuple(
        Related(f"{name} too", path, span) for span, name in sorted(places.items())[:_NAMED]
    )


def with_faults(analysis: Analysis) -> Analysis:
    """The analysis with what is wrong with the file's `rules:` among its findings."""
    faults = tuned(analysis.network)[1]
    return analysis._replace(findings=order((*analysis.findings, *faults)))


def tuned(network: Network) -> tuple[dict[str, Tuning], list[Finding]]:
    """What the spec's `rules:` say, and what is wrong with them."""
    found: dict[str, Tuning] = {}
    findings: list[Finding] = []
    for word, (key, node) in network.rules.entries.items() if network.rules else ():
        if len(findings) == _WRONG:
            break
        try:
            code, tuning = tuning_of(word, _value(node))
            found[code] = tuning
        except _DoubtfulError as error:
            findings.append(_fault(network, "CC004", plain(str(error)), error.node, ()))
        except WrongTuningError as error:
            at = _at(error, key, node)
            findings.append(_fault(network, error.code, str(error), at, error.help))
    return found, findings


class _DoubtfulError(Exception):
    """A scalar that parsers read differently, and the place of it."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


def _value(node: Node) -> object:
    """The value of a node, mappings as dicts; raises _DoubtfulError."""
    if isinstance(node, MappingNode):
        return {word: _value(value) for word, (_, value) in node.entries.items()}
    if not isinstance(node, Scalar):
        return "a list"
    try:
        return resolve(node.text) if node.plain else node.text
    except AmbiguousError as error:
        raise _DoubtfulError(str(error), node) from error


def _at(error: WrongTuningError, key: Node, node: Node) -> Node:
    """The place of an error: an unknown word itself, or a known word's value."""
    if len(error.keys) > 1 and isinstance(node, MappingNode):
        key, node = node.entries[error.keys[1]]
    return node if error.code == "CC014" else key


def _fault(network: Network, code: str, message: str, node: Node, help: tuple[str, ...]) -> Finding:
    return Finding(code, Severity.ERROR, message, network.source.path, node.span, "", None, help)
