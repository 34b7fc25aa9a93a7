"""Which bundled nets have the figures that somebody quotes, as text."""

from convcalc.counting.reverse import OPERATIONS, PARAMETERS, Candidate
from convcalc.findings import plain
from convcalc.report.counts.figure_text import named
from convcalc.report.counts.view import IdentifiedView, joined
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette


def render(view: IdentifiedView, palette: Palette = PLAIN) -> str:
    """The nets with all figures, a line a figure; else the closest."""
    figures, fits, close = view
    lines: list[str] = []
    if not fits:
        text = f"no bundled net has {joined([*map(plain, figures)])} by any convention"
        lines += [*hung("", text, palette.width), ""]
        lines += [palette.paint("nearest", "bold")] if close else []
    for fit in fits or close:
        lines.append(palette.paint(fit.net, "title"))
        for text, found, near in zip(figures, fit.matches, fit.nearest, strict=True):
            head = f"  {plain(text)}  "
            parts = [_brief(match.candidate) for match in found]
            parts += [f"{_brief(near[0])}: {near[0].number:,}"] if not found and near else []
            lines += hung(head, "; ".join(parts), palette.width)
    return "\n".join(lines) + "\n"


def _brief(candidate: Candidate) -> str:
    """``fvcore, timm``, or ``params (keras, onnx-tool)``."""
    if candidate.what == OPERATIONS:
        return named(candidate.names)
    what = candidate.what if candidate.what != PARAMETERS else f"{candidate.number:,} params"
    return f"{what} ({named(candidate.names)})"
