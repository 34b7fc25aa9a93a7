"""Markdown of `diff --base` for several specs, for a step summary or a comment."""

from convcalc.report.changes import view
from convcalc.report.diff.markdown import comparison
from convcalc.report.diff.view import TITLES, DiffView
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette

_MOST = 100  #: specs of which rows are written out
_FOLDED = 20  #: specs of which the layers are written out


def render(shown: view.ChangesView, palette: Palette = PLAIN) -> str:
    """The table, then the layers of each spec."""
    changes = shown.changes
    lines = [f"### {escaped(view.heading(changes))}", ""]
    lines += [f"note: {escaped(note)}\n" for note in changes.notes]
    faults = [fault for change in changes.specs for fault in view.faults(change)]
    lines += [f"**{escaped(fault)}**\n" for fault in faults[:_MOST]]
    if not changes.specs:
        return "\n".join(lines).rstrip("\n") + "\n"
    names = view.shown(changes)
    titles = ["", "spec", "layers", *(TITLES.get(name, name) for name in names)]
    lines += [f"| {' | '.join(titles)} |", f"|---|---|---|{'---:|' * len(names)}"]
    for change in changes.specs[:_MOST]:
        row = view.row(change, names)
        cells = (view.SIGNS[row.status], row.name, row.layers, *row.totals)
        lines.append(f"| {' | '.join(map(escaped, cells))} |")
    left = len(changes.specs) - _MOST
    lines += ["", f"... and {left} more"] if left > 0 else []
    both = [change.compared for change in changes.specs if change.compared is not None]
    for found in both[:_FOLDED]:
        lines += ["", *comparison(DiffView(found.difference, [*found.exceeded]))]
    return "\n".join(lines).rstrip("\n") + "\n"
