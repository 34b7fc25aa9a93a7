"""Specs whose faults leave a command nothing to do: they were read and judged, so exit code 1."""

import sys
from collections.abc import Iterable

from convcalc.cli.output import FaultyError, palette
from convcalc.findings import Finding, Severity, grave
from convcalc.network.record import INPUT, Network


def faulty(network: Network, color: str, findings: Iterable[Finding] = ()) -> FaultyError:
    """What to raise where a spec is too broken for a command: its findings as `check` tells them.

    `findings` are those of an analysis, which finds more than reading does.
    """
    from convcalc.report.findings.text import findings_text  # a sound net has no use for it

    told = grave(findings or network.findings)
    source, colours = network.source, palette(color, None, sys.stderr)
    return FaultyError(findings_text(told, {source.path: source}, colours))


def without_layers(network: Network) -> bool:
    """Whether faults left no layer of a spec: there is nothing to ask about."""
    wrong = any(finding.severity is Severity.ERROR for finding in network.findings)
    return wrong and all(step.kind == INPUT for step in network.steps)
