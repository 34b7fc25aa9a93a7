"""The nets that a pattern with N, M, K or ``POOL?`` stands for: a line a net, smallest first."""

from convcalc.analysis.record import Analysis
from convcalc.escape import plain_line
from convcalc.memory.summary import memory_of
from convcalc.report.analysis.comparison import comparison
from convcalc.report.drawing.palette import Palette


def family_text(pattern: str, analyses: list[Analysis], palette: Palette) -> str:
    """The table of a family's members, smallest first, and how to look at one."""
    title = palette.paint(plain_line(pattern), "title")
    table = comparison(analyses, [memory_of(analysis) for analysis in analyses], palette)
    broken = sum(analysis.broken for analysis in analyses)
    lines = [f"{title}  {len(analyses)} nets, smallest first", "", table.rstrip("\n"), ""]
    if broken:
        lines.append(f"{broken} of them cannot be sized: `convcalc check` of one says why")
    lines.append("one of them: write its numbers into the pattern, or --set N=2 and so on")
    return "\n".join(lines) + "\n"
