"""The reconciliation table of `analyze --as all` in Markdown."""

from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.counts.view import STYLE, view
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette

_HEADS = ("as", "it prints", "in full", "which is")


def render(shown: AnalysisView, palette: Palette = PLAIN) -> str:
    """For each net a table of figures, then parameters, memory and notes."""
    return "\n".join(map(_tables, shown.nets))


def _tables(net: NetView) -> str:
    found = view(net.analysis, net.counts)
    lines = [f"### {escaped(net.name)}", "", found.title, ""]
    if found.macs is None:
        return "\n".join([*lines, "not all layers could be sized: nothing is counted"]) + "\n"
    lines += [f"M = {found.macs:,} multiply-accumulates of {escaped(found.of)}", ""]
    lines += [f"| {' | '.join(_HEADS)} |", "|---|---:|---:|---|"]
    for line in found.lines:
        full = "?" if line.operations is None else f"{line.operations:,}"
        names = ", ".join(map(escaped, line.names))
        lines.append(f"| {names} | {escaped(line.printed)} | {full} | {escaped(line.made_of)} |")
    for what, figures in (("params", found.params), ("memory", found.memory)):
        lines += ["", f"| {what} | as | |", "|---:|---|---|"] if figures else []
        for figure in figures:
            names = ", ".join(map(escaped, figure.names))
            lines.append(f"| {escaped(figure.text)} | {names} | {escaped(figure.remark)} |")
    for note in found.notes:
        layers = ", ".join(map(escaped, note.layers))
        names = ", ".join(map(escaped, note.names))
        lines += ["", f"{names}: {escaped(note.text)} ({layers})"]
    return "\n".join([*lines, "", STYLE]) + "\n"
