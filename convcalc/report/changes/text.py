"""Text of `diff --base` for several specs: a row each, then what does not pass."""

from convcalc.report.changes import view
from convcalc.report.diff.text import comparison
from convcalc.report.diff.view import TITLES, DiffView
from convcalc.report.drawing.columns import Column, lay_out, said_of, titled
from convcalc.report.drawing.palette import PLAIN, Palette


def render(shown: view.ChangesView, palette: Palette = PLAIN) -> str:
    """The table, and every comparison behind it where that is wanted."""
    changes = shown.changes
    lines = titled(view.heading(changes), "", palette)
    lines += [f"{palette.paint('note', 'note')}: {note}" for note in changes.notes]
    if changes.specs:
        names = view.shown(changes)
        rows = [view.row(change, names) for change in changes.specs]
        cells = [(view.SIGNS[r.status], r.name, r.layers, *r.totals) for r in rows]
        titles = ["layers", *(TITLES.get(name, name) for name in names)]
        ranks = view.ranks([row[2:] for row in cells])
        ranked = [Column(title, rank=rank) for title, rank in zip(titles, ranks, strict=True)]
        columns = (Column(""), Column("spec", rank=1, least=30, is_name=True), *ranked)
        left: list[str] = []
        head, *table = lay_out(columns, cells, palette, left)
        apart = any(row.was and row.name not in line for line, row in zip(table, rows, strict=True))
        if apart:  # one of the two names was cut: what it was before has a line of its own
            left = []
            cells = [
                (sign, row.path, *rest) for (sign, _, *rest), row in zip(cells, rows, strict=True)
            ]
            head, *table = lay_out(columns, cells, palette, left)
        lines += ["", head]
        for line, row in zip(table, rows, strict=True):
            lines.append(palette.paint(line, row.status))
            lines += [f"   {row.was}"] if apart and row.was else []
        lines += said_of(left, palette)
    faults = [fault for change in changes.specs for fault in view.faults(change)]
    lines += ["", *(f"{palette.paint('error', 'error')}: {fault}" for fault in faults)]
    for change in changes.specs if shown.expand else ():
        if (found := change.compared) is not None:
            lines += ["", *comparison(DiffView(found.difference, [*found.exceeded], True), palette)]
    return "\n".join(lines).rstrip("\n") + "\n"
