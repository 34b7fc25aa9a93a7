"""The bundled nets, each sized once however often they are asked for."""

from functools import cache

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.study.load import Text
from convcalc.study.outcome import Case, study


@cache
def bundled(name: str) -> Analysis:
    """The analysis of a bundled net as it is written, whatever files are named so here."""
    return study(Case(Text(zoo.label(name), zoo.read(name)))).sound()
