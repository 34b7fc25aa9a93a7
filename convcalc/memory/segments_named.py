"""Segments by the name of a rule, or by their first and last layers."""

from convcalc.analysis.record import Analysis
from convcalc.memory.segments import Span


def spans(analysis: Analysis) -> tuple[Span, ...]:
    """The segments that the settings name."""
    return ()


def malformed(text: str) -> str:
    """What is wrong with a `checkpoint` setting, whatever the network; '' for nothing."""
    return ""
