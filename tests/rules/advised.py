"""What the rules of thumb say of a spec, by their names."""

from convcalc.analysis.walk import analyze
from convcalc.findings import Finding
from convcalc.rules import RULES
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.spec.load import load

CODE = {rule.name: rule.code for rule in RULES}
EVERYTHING = Selection(select=frozenset(rule.code for rule in RULES))


def advice(text: str, selection: Selection = EVERYTHING) -> dict[str, Finding]:
    """Advice by the rule's name."""
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), selection)
    assert not [f.message for f in findings if f.severity == "error"]
    return {finding.name: finding for finding in findings if finding.code >= "CC2"}
