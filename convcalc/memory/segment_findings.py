"""Findings about checkpointed segments."""

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Severity, order
from convcalc.memory.segments import segments_of
from convcalc.memory.segments_named import spans


def with_segments(analysis: Analysis) -> Analysis:
    """The analysis with the findings of the segments that its settings or its spec name."""
    found = [f for f in overwriting(analysis) if f not in analysis.findings]
    return analysis._replace(findings=order((*analysis.findings, *found))) if found else analysis


def overwriting(analysis: Analysis) -> list[Finding]:
    """A warning for every layer that its `in_place` cannot be obeyed in.

    A segment is run again from its inputs: none of its layers may overwrite one.
    """
    network = analysis.network
    found = []
    for segment in segments_of(analysis.rows, spans(network, analysis.settings.checkpoint)):
        for number in segment.out_of_place:
            step = network.steps[number]
            if step.layer is None or not step.layer.works_in_place() or "CC122" in step.ignore:
                continue
            owner = network.steps[step.inputs[0]].name
            text = f"{step.name} would overwrite {owner}, an input of its checkpointed segment"
            help = (
                "PyTorch may refuse the backward pass: begin the segment a layer earlier or later",
                "bytes are given as if it worked out of place",
            )
            found.append(
                network.finding(
                    step, "CC122", Severity.WARNING, text, "in place", help, option="in_place"
                )
            )
    return found
