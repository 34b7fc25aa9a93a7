"""The reconciliation table of `analyze --as all` in Markdown."""

from convcalc.analysis.record import Analysis
from convcalc.counting.record import Convention
from convcalc.report.analysis.tables import escaped
from convcalc.report.counts.view import STYLE, counted, view

_HEADS = ("as", "it prints", "in full", "which is")


def counts_markdown(analysis: Analysis, conventions: tuple[Convention, ...]) -> str:
    """A table of figures, then parameters, memory and notes."""
    found = view(analysis, counted(analysis, conventions))
    name = analysis.network.name or analysis.network.source.path
    lines = [f"### {escaped(name)}", "", found.title, ""]
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
