"""The list of bundled nets."""

import re
from collections import Counter
from collections.abc import Iterable

from convcalc.analysis.record import Analysis
from convcalc.network.record import Network
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count
from convcalc.shapes import written

_COLUMNS = (
    Column("name"),
    Column("input"),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("source", rank=1, least=24),
)


_AUTHORS = 20  #: letters of a source that name them


def catalogue(analyses: Iterable[tuple[str, Analysis]], palette: Palette) -> str:
    """One line a net, with its totals and its source."""
    rows = []
    nets = [*analyses]
    kin = Counter(_kin(analysis) for _, analysis in nets)
    for name, analysis in nets:
        network, totals = analysis.network, analysis.totals
        shape = network.steps[0].output
        rows.append(
            (
                name,
                written(shape) if shape else "?",
                count(totals.params or 0),
                count(totals.macs or 0),
                _told_apart(network) if kin[_kin(analysis)] > 1 else network.origin,
            )
        )
    lines = lay_out(_COLUMNS, rows, palette)
    return "\n".join(lines) + "\n"


def _kin(analysis: Analysis) -> tuple[str, int | None]:
    """What nets share that neither their source nor their size tells apart."""
    return analysis.network.origin[:_AUTHORS], analysis.totals.params


def _told_apart(network: Network) -> str:
    """What sets a net apart, the first sentence of its notes, before its source."""
    first = re.split(r"(?<=[a-z)])\. (?=[A-Z])", " ".join(network.notes.split()), maxsplit=1)[0]
    return "; ".join(filter(None, (first.rstrip("."), network.origin)))
