"""Nets and layers explained: what the tests of explanations ask for."""

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.explain.layer import explain_layer, find
from convcalc.explain.record import Explanation, Section
from convcalc.spec.load import load


def bundled(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


def explained(name: str, layer: str) -> Explanation:
    analysis = bundled(name)
    return explain_layer(analysis, find(analysis.network, layer))


def section(explanation: Explanation, title: str) -> Section:
    return next(s for s in explanation.sections if s.title == title)


def text(section: Section) -> str:
    return "\n".join(line.text for line in section.lines)
