"""A table of nets of one family, a line each: all that a pattern stands for, or variants."""

from convcalc.escape import plain_line
from convcalc.report.analysis.comparison import comparison
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.columns import titled, wrapped
from convcalc.report.drawing.palette import PLAIN, Palette


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """The table of a family's members, and how to look at one of those of a pattern."""
    table = comparison(view.nets, palette)
    broken = sum(net.analysis.broken for net in view.nets)
    number = f"{len(view.nets):,}"
    what = f"{number} variants" if view.variants else f"{number} nets, smallest first"
    lines = [*titled(plain_line(view.family), what, palette), "", table.rstrip("\n"), ""]
    if broken:
        lines.append(f"{broken:,} of them cannot be sized: `convcalc check` of one says why")
    if not view.variants:
        text = "one of them: write its numbers into the pattern, or --set N=2 and so on"
        lines += wrapped([text], palette)
    return "\n".join(lines).rstrip("\n") + "\n"
