"""`explain counting SPEC` as JSON, schema ``convcalc/counting/1``."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.report.counts.kinds import TOOLS, kinds
from convcalc.report.drawing.encode import encoded_page, head
from convcalc.report.drawing.palette import PLAIN, Palette


def render(analysis: Analysis, palette: Palette = PLAIN) -> str:
    """Every kind with its counts."""
    found: dict[str, Any] = {
        **head("convcalc/counting/1", analysis.network),
        "macs": analysis.totals.macs,
        "params": analysis.totals.params,
        "kinds": [
            {
                "kind": kind.name,
                "layers": kind.layers or None,
                "size": kind.size,
                "counts": dict(zip((name for name, _ in TOOLS), kind.cells, strict=True)),
            }
            for kind in kinds(analysis)
        ],
    }
    return encoded_page(found) + "\n"
