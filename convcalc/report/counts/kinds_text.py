"""`explain counting SPEC` as text: a line a kind, with what tools count an element of it."""

from convcalc.analysis.record import Analysis
from convcalc.counting.letters import MEANING
from convcalc.report.counts.kinds import TOOLS, kinds
from convcalc.report.counts.view import head_lines
from convcalc.report.drawing.columns import Column, hung, lay_out
from convcalc.report.drawing.palette import PLAIN, Palette

#: What goes first where space is short, after the sizes and the numbers of layers.
_RANKS = {"tfc": 7, "calf": 6, "tinfo": 5, "onnx": 4, "tf": 3, "ptfl": 2}


def render(analysis: Analysis, palette: Palette = PLAIN) -> str:
    """The table, its letters below."""
    network, macs = analysis.network, analysis.totals.macs or 0
    name = network.name or network.source.path
    columns = (
        Column("", least=10, rank=1),
        Column("", right=True, rank=8),
        Column("M or i", right=True, rank=9),
        *(Column(head, right=True, rank=_RANKS.get(head, 0)) for _, head in TOOLS),
    )
    rows = [
        (kind.name, f"{kind.layers:,}" if kind.layers else "", f"{kind.size:,}", *kind.cells)
        for kind in kinds(analysis)
    ]
    params = f"params {analysis.totals.params:,}"
    heads = ", ".join(f"{head}: {name}" for name, head in TOOLS if head != name)
    lines = head_lines(name, analysis, palette)
    lines += hung("", f"M = {macs:,} multiply-accumulates; {params}", palette.width)
    lines += ["", *lay_out(columns, rows, palette), ""]
    lines += hung("", f"1 or 2 per multiply-accumulate; {MEANING}", palette.width)
    lines += hung("", heads, palette.width)
    return "\n".join(lines) + "\n"
