"""The nets that a pattern with N, M, K or ``POOL?`` stands for: a line a net, smallest first."""

from convcalc.escape import plain_line
from convcalc.report.analysis.comparison import comparison
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.palette import PLAIN, Palette


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """The table of a family's members, smallest first, and how to look at one."""
    title = palette.paint(plain_line(view.pattern), "title")
    table = comparison(view.nets, palette)
    broken = sum(net.analysis.broken for net in view.nets)
    lines = [f"{title}  {len(view.nets)} nets, smallest first", "", table.rstrip("\n"), ""]
    if broken:
        lines.append(f"{broken} of them cannot be sized: `convcalc check` of one says why")
    lines.append("one of them: write its numbers into the pattern, or --set N=2 and so on")
    return "\n".join(lines) + "\n"
