"""What a spec states of other tools' counts: ``expect: {fvcore: 4111512576}``."""

from convcalc.analysis.claims import over_budget, wrong
from convcalc.analysis.record import Analysis
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.findings import Finding, Severity, order
from convcalc.network.claims import is_convention
from convcalc.network.record import Claim


def with_counts(analysis: Analysis) -> Analysis:
    """The analysis with the findings of its claims about conventions."""
    network = analysis.network
    expect = [claim for claim in network.expect if is_convention(claim.key)]
    budget = [claim for claim in network.budget if is_convention(claim.key)]
    if analysis.broken or not (expect or budget):
        return analysis
    counter = Counter(analysis)
    findings = []
    for claim, exact in (*((c, True) for c in expect), *((c, False) for c in budget)):
        count = counter.count(find(claim.key))
        if count.operations is None:
            findings.append(_unknown(analysis, claim, count.unknown))
        elif exact and count.operations != claim.value:
            findings.append(wrong(network, claim, count.operations))
        elif not exact and isinstance(claim.value, int) and count.operations > claim.value:
            findings.append(over_budget(network, claim, count.operations, " operations"))
    return analysis._replace(findings=order((*analysis.findings, *findings)))


def _unknown(analysis: Analysis, claim: Claim, kinds: tuple[str, ...]) -> Finding:
    """A claim that cannot be held: the tool counts no operations, or does not know a kind."""
    why = f"is not known to count {', '.join(kinds)}" if kinds else "has no count of operations"
    help = "`convcalc analyze SPEC --as all` shows which conventions count this net"
    message = f"{claim.key} {why}: nothing can be checked"
    path = analysis.network.source.path
    return Finding("CC014", Severity.ERROR, message, path, claim.span, "", help=(help,))
