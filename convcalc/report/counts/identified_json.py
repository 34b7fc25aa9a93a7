"""Which bundled nets have the figures that somebody quotes, as JSON."""

from convcalc import __version__
from convcalc.report.counts.figure_json import candidate_object, match_object
from convcalc.report.counts.view import IdentifiedView
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette


def render(view: IdentifiedView, palette: Palette = PLAIN) -> str:
    """The nets with all figures and, where there are none, the closest."""
    figures, fits, close = view
    found = {
        "schema": "convcalc/identify/1",
        "convcalc": __version__,
        "figures": list(figures),
        "nets": [
            {"net": fit.net, "matches": [[match_object(m) for m in own] for own in fit.matches]}
            for fit in fits
        ],
        "nearest": [
            {"net": fit.net, "nearest": [[candidate_object(c) for c in own] for own in fit.nearest]}
            for fit in close
        ],
    }
    return encoded_page(found) + "\n"
