"""Reading a spec in a test: under both YAML parsers, which must agree on everything."""

from collections.abc import Callable

import pytest
import yaml

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.report.findings.concise import line
from convcalc.spec.document import Overrides
from convcalc.spec.load import load

PARSERS = [parser for parser in (getattr(yaml, "CSafeLoader", None), yaml.SafeLoader) if parser]


class Spec:
    """A spec that was read: its layers and its findings, as a test wants to see them."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.network = analysis.network

    @property
    def layers(self) -> list[tuple[str, tuple[int, ...] | None]]:
        """Name and output of every layer, inputs left out."""
        return [(s.name, s.output) for s in self.network.steps if s.kind != "input"]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.layers]

    @property
    def output(self) -> tuple[int, ...] | None:
        return self.network.steps[-1].output

    @property
    def told(self) -> list[str]:
        """The findings, one line each, without the path."""
        return [line(finding).partition(":")[2] for finding in self.analysis.findings]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.analysis.findings]

    @property
    def help(self) -> str:
        return "\n".join(text for f in self.analysis.findings for text in f.help)


Reading = Callable[..., Spec]


@pytest.fixture
def read() -> Reading:
    """Reads a spec under both parsers, holds the two results against each other, gives one."""

    def reading(data: str | bytes, overrides: Overrides | None = None) -> Spec:
        raw = data.encode() if isinstance(data, str) else data
        given = overrides or Overrides()
        first, *others = [
            Spec(analyze(load("net.yaml", raw, given, parser=parser))) for parser in PARSERS
        ]
        for other in others:
            assert first.analysis.findings == other.analysis.findings
            assert first.layers == other.layers
        return first

    return reading


@pytest.fixture
def layers(read: Reading) -> Reading:
    """Reads a list of layers behind an input of 8x8x3."""

    def reading(entries: str, shape: str = "8x8x3", head: str = "") -> Spec:
        return read(f"input: {shape}\n{head}layers:\n{entries}")

    return reading
