"""Markdown of `diff --base` for several specs, for a step summary or a comment."""

from convcalc.report.changes import view
from convcalc.report.diff.markdown import comparison
from convcalc.report.diff.view import TITLES, DiffView
from convcalc.report.drawing.fitting import TABLES, fitting
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.markdown import failure_lines

_MOST = 100  #: specs of which rows are written out
_FOLDED = 20  #: specs of which the layers are written out


def render(shown: view.ChangesView, palette: Palette = PLAIN) -> str:
    """The table, then the layers of each spec."""
    changes = shown.changes
    lines = [f"### {escaped(view.heading(changes))}", ""]
    lines += [f"note: {escaped(note)}\n" for note in changes.notes]
    lines += failure_lines(changes.failures)
    faults = [fault for change in changes.specs for fault in view.faults(change)]
    told = [f"**{escaped(fault)}**\n" for fault in faults[:_MOST]]
    lines += told[: fitting(told)]
    if left := len(faults) - min(len(told), fitting(told)):
        lines.append(f"... and {left} more\n")
    if not changes.specs:
        return "\n".join(lines).rstrip("\n") + "\n"
    names = view.shown(changes)
    titles = ["", "spec", "layers", *(TITLES.get(name, name) for name in names)]
    lines += [f"| {' | '.join(titles)} |", f"|---|---|---|{'---:|' * len(names)}"]
    rows = [_row(view.row(change, names)) for change in changes.specs[:_MOST]]
    del rows[fitting(rows) :]
    lines += rows
    left = len(changes.specs) - len(rows)
    lines += ["", f"... and {left} more"] if left else []
    both = [change.compared for change in changes.specs if change.compared is not None]
    tables = [
        "\n".join(["", *comparison(DiffView(found.difference, [*found.exceeded]))])
        for found in both[:_FOLDED]
    ]
    whole = fitting(tables, TABLES)
    lines += tables[:whole]
    if left := len(tables) - whole:
        lines += [
            "",
            f"without the layers of {left} more: these tables are longer than GitHub takes",
        ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(row: view.ChangeRow) -> str:
    cells = (view.SIGNS[row.status], row.name, row.layers, *row.totals)
    return f"| {' | '.join(map(escaped, cells))} |"
