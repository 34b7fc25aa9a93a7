"""The graph as SVG, for papers, slides and notebooks: no script, no style sheet, no font."""

from collections.abc import Sequence
from html import escape

from convcalc.analysis.record import Analysis
from convcalc.escape import plain
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.page.graph import Box, scale, tree
from convcalc.report.page.layout import GEOMETRY, Arc, Layout, Shown, layout
from convcalc.report.page.view import PageView
from convcalc.shapes import written

#: Front of a box by what it is drawn as: tells families apart for people who see few colours too.
COLOURS = {
    "input": "#5b6675", "conv": "#3f6fd8", "pool": "#d9573f", "fc": "#8a55cf", "norm": "#2f9e94",
    "act": "#e0a02c", "drop": "#a9b1bd", "merge": "#3c9a4c", "move": "#8b95a5", "block": "#2c50b0",
    "fault": "#c4002b",
}  # fmt: skip
_FONT = "Helvetica, Arial, sans-serif"
_TITLE = 34  #: of each net


def render(view: PageView, palette: Palette = PLAIN) -> str:
    """The graphs of a page's nets."""
    return graph_svg(view.analyses, view.expand)


def graph_svg(analyses: Sequence[Analysis], expand: bool = False) -> str:
    """The graphs of nets, one below the other, on one scale.

    Args:
        analyses: of the nets.
        expand: whether blocks are opened.
    """
    common = scale(analyses)
    parts, width, y = [], 0, 0
    for analysis in analyses:
        found = layout(analysis, tree(analysis, expand), common)
        parts.append(f'<g transform="translate(0,{y})">{_drawn(analysis, found)}</g>')
        width, y = max(width, found.width), y + found.height + _TITLE
    names = ", ".join(_name(analysis) for analysis in analyses)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" '
        f'viewBox="0 0 {width} {y}" role="img" font-family="{_FONT}" fill="currentColor">'
        f"<title>{_text(names)}</title>{''.join(parts)}</svg>\n"
    )


def _name(analysis: Analysis) -> str:
    return analysis.network.name or analysis.network.source.path


def _drawn(analysis: Analysis, found: Layout) -> str:
    edge, head = GEOMETRY["edge"], GEOMETRY["head"]
    parts = [f'<text x="{edge}" y="22" font-size="16" font-weight="600">{_text(_name(analysis))}']
    parts.append(f'</text><g transform="translate(0,{_TITLE})">')
    for band in found.bands:
        top = edge + band.depth * head
        parts.append(
            f'<rect x="{band.start + 2}" y="{top}" width="{band.end - band.start - 4}" rx="6" '
            f'height="{found.height - top - 4}" fill="#7f8ea8" fill-opacity="0.1"/>'
            f'<text x="{band.start + 8}" y="{top + 14}" font-size="11">{_text(band.label)}</text>'
        )
    for arc in found.arcs:
        parts.append(
            f'<path d="{path(found, arc)}" fill="none" stroke="#6b7688" stroke-width="1.5"/>'
        )
    below = found.height - GEOMETRY["foot"] + 16
    for one in found.shown:
        output = analysis.rows[one.layer].step.output
        parts.append(
            f'<g transform="translate({one.x},{found.middle})">{_volume(one)}{_skip(one)}</g>'
            f'<g transform="translate({one.x - 4},{below}) rotate(38)" font-size="11">'
            f'<text>{_text(one.label)}</text><text y="12" font-size="10" fill-opacity="0.65">'
            f"{written(output) if output else '?'}</text></g>"
        )
    return "".join([*parts, "</g>"])


def _volume(one: Shown) -> str:
    """The front of a volume, its top and its side."""
    (w, h), colour = one.box, COLOURS[one.look]
    left, top, right = -(w // 2), -(h // 2), w - w // 2
    deep = depth(one.box)
    upper = f"{left},{top} {left + deep},{top - deep} {right + deep},{top - deep} {right},{top}"
    side = f"{right},{top} {right + deep},{top - deep} {right + deep},{top + h - deep}"
    return (
        f'<polygon points="{upper}" fill="{colour}" fill-opacity="0.55"/>'
        f'<polygon points="{side} {right},{top + h}" fill="{colour}" fill-opacity="0.75"/>'
        f'<rect x="{left}" y="{top}" width="{w}" height="{h}" fill="{colour}"/>'
    )


def skip_path(one: Shown) -> str:
    """The arc above a closed call, from the middle of its box."""
    (w, h), deep = one.box, depth(one.box)
    left, right, low = -(w // 4), w // 4 + deep, -(h // 2) - deep // 2
    return f"M{left} {low}v-6q0 -5 5 -5H{right - 5}q5 0 5 5v6"


def _skip(one: Shown) -> str:
    if not one.skips:
        return ""
    return f'<path d="{skip_path(one)}" fill="none" stroke="#6b7688" stroke-width="1.5"/>'


def depth(box: Box) -> int:
    """How far a box goes back."""
    return min(GEOMETRY["back"], max(box.height // 4, 2))


def path(found: Layout, arc: Arc) -> str:
    """The line from one box to another: straight to the next, else up, across and down."""
    source, target = found.shown[arc.source], found.shown[arc.target]
    if not arc.level:
        start = source.x - source.box.width // 2 + source.box.width
        return f"M{start} {found.middle}H{target.x - target.box.width // 2}"
    top = found.middle - found.tallest // 2 - 2 * GEOMETRY["back"] - arc.level * GEOMETRY["arc"] + 4
    start, end = source.x, target.x
    up, down = (found.middle - box.height // 2 for box in (source.box, target.box))
    return (
        f"M{start} {up}V{top + 6}Q{start} {top} {start + 6} {top}"
        f"H{end - 6}Q{end} {top} {end} {top + 6}V{down}"
    )


def _text(text: str) -> str:
    """A text of a spec, which is text to XML too: two code points that it refuses are replaced."""
    return escape(plain(text)).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
