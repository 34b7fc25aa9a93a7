"""What a spec states of other tools' counts: ``expect: {fvcore: 4111512576}``."""

from convcalc.analysis.expectations import over_budget, wrong
from convcalc.analysis.record import Analysis
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.findings import Finding, Severity, order
from convcalc.network.expectations import is_convention
from convcalc.network.record import Expectation


def with_counts(analysis: Analysis) -> Analysis:
    """The analysis with the findings of its expectations about conventions."""
    network = analysis.network
    expect = [entry for entry in network.expect if is_convention(entry.key)]
    budget = [entry for entry in network.budget if is_convention(entry.key)]
    if analysis.broken or not (expect or budget):
        return analysis
    counter = Counter(analysis)
    findings = []
    for entry, exact in (*((c, True) for c in expect), *((c, False) for c in budget)):
        count = counter.count(find(entry.key))
        if count.operations is None:
            findings.append(_unknown(analysis, entry, count.unknown))
        elif exact and count.operations != entry.value:
            findings.append(wrong(network, entry, count.operations))
        elif not exact and isinstance(entry.value, int) and count.operations > entry.value:
            findings.append(over_budget(network, entry, count.operations, " operations"))
    return analysis._replace(findings=order((*analysis.findings, *findings)))


def _unknown(analysis: Analysis, entry: Expectation, kinds: tuple[str, ...]) -> Finding:
    """One that cannot be checked: the tool counts no operations or does not know a kind."""
    why = f"is not known to count {', '.join(kinds)}" if kinds else "has no count of operations"
    help = "`convcalc analyze SPEC --as all` shows which conventions count this net"
    message = f"{entry.key} {why}: nothing can be checked"
    path = analysis.network.source.path
    return Finding("CC014", Severity.ERROR, message, path, entry.span, "", help=(help,))
